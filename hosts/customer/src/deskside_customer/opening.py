"""Pages that open in the customer's own browser: web addresses only, by a fixed command, without a shell."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from deskside.options import Pattern

log = logging.getLogger(__name__)

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "linux": ("xdg-open",),
    "darwin": ("open",),
    "win32": ("rundll32", "url.dll,FileProtocolHandler"),
}
LONGEST = 4000


def addresses(told: object) -> tuple[str, ...]:
    """Return the web addresses among what a gateway wants to be shown after a support."""
    given: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    popup = given.get("popup")
    found = (given.get("notice"), popup.get("address") if isinstance(popup, Mapping) else None)
    return tuple(one for one in found if isinstance(one, str) and is_good(one))


def is_good(address: str) -> bool:
    """Tell whether this is an address of a web page, whoever says so."""
    return len(address) <= LONGEST and Pattern.LINK.fits(address)


def open_page(address: str) -> bool:
    """Open a page; return whether there was something to open it with."""
    command = COMMANDS.get(sys.platform)
    if command is None or not is_good(address) or not _has_screen():
        return False
    try:
        # The browser may outlive this program, and has nothing to say to it.
        process = subprocess.Popen(  # noqa: S603 - a command of the table above, and one checked argument
            [*command, address],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        log.warning("no browser can be opened: %s", error)
        return False
    threading.Thread(target=process.wait, name="browser", daemon=True).start()
    return True


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
