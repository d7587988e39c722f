"""Wrong guesses cost an address time: one second, then twice as much each time. Pure; bounded in memory."""

import ipaddress
import math
from collections import OrderedDict

from attrs import define, field

LONGEST_WAIT_S = 3600.0
QUIET_S = 24 * 3600.0
MOST_ADDRESSES = 50_000
IPV6_NETWORK = 64


@define
class Guesses:
    """An address's wrong guesses in a row."""

    count: int
    last: float


@define
class Delays:
    """Who must wait for how long."""

    most: int = MOST_ADDRESSES
    _by_address: OrderedDict[str, Guesses] = field(factory=OrderedDict, init=False)

    def seconds_to_wait(self, address: str, now: float) -> int:
        """Return for how long this address may not guess."""
        guesses = self._by_address.get(network_of(address))
        if guesses is None:
            return 0
        return max(0, math.ceil(guesses.last + pause_after(guesses.count) - now))

    def count(self, address: str, now: float) -> None:
        """Count a wrong guess."""
        key = network_of(address)
        known = self._by_address.pop(key, None)
        before = known.count if known and now - known.last < QUIET_S else 0
        self._by_address[key] = Guesses(before + 1, now)
        # The longest quiet goes first; an attacker with many addresses forgets his own oldest ones.
        while len(self._by_address) > self.most:
            self._by_address.popitem(last=False)

    def __len__(self) -> int:
        return len(self._by_address)


def pause_after(count: int) -> float:
    """Return the pause that so many wrong guesses cost."""
    return min(LONGEST_WAIT_S, 2.0 ** min(count - 1, 20)) if count > 0 else 0.0


def network_of(address: str) -> str:
    """Return what counts as one guesser: an IPv4 address, or the network an IPv6 customer owns."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
