"""What the agent's own machine knows of itself: addresses and network cards, reported at sign-in."""

import re
import socket
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from anyio import to_thread

CARDS = Path("/sys/class/net")
MAC = re.compile(r"[0-9a-f]{12}")
NOBODYS = frozenset({"0" * 12, "f" * 12})
MADE_UP = 1 << 40
"""Set in a number that Python has made up because it found no network card."""
MOST = 32


async def report(gateway: str) -> Mapping[str, object]:
    """Return what goes with a sign-in. It can be faked: a list of network cards is no strong barrier."""
    return await to_thread.run_sync(_look, gateway)


def _look(gateway: str) -> Mapping[str, object]:
    address = address_towards(gateway)
    return {"addresses": [address] if address else [], "macs": sorted(macs())[:MOST]}


def address_towards(gateway: str) -> str:
    """Return the address that this machine has on its way to the gateway, without sending anything."""
    parts = urlsplit(gateway)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_DGRAM)
        with socket.socket(found[0][0], socket.SOCK_DGRAM) as line:
            line.connect(found[0][4])
            return str(line.getsockname()[0])
    except OSError:
        return ""


def macs(cards: Path = CARDS) -> set[str]:
    """Return the network cards of this machine, each as twelve hex digits."""
    found = set()
    for card in cards.glob("*/address"):
        try:
            found.add(card.read_text().strip().replace(":", "").lower())
        except OSError:
            continue
    if not found:
        number = uuid.getnode()
        found = set() if number & MADE_UP else {f"{number:012x}"}
    return {one for one in found if MAC.fullmatch(one)} - NOBODYS
