"""What Qt does not tell: whether windows may be translucent, and which program is in front."""

import logging
import sys
from typing import Any

from PySide6.QtGui import QGuiApplication

log = logging.getLogger(__name__)
NOT_PART_OF_CLIENT = 0x1FFFFF
"""On X11 the upper bits of a window's number tell which connection made it."""


class Desktop:
    """Asks an X server; elsewhere windows are always composited and no program is known."""

    def __init__(self) -> None:
        self._display: Any = None
        self.is_x11 = sys.platform == "linux" and QGuiApplication.platformName() == "xcb"
        if self.is_x11:
            self._connect()

    def is_composited(self) -> bool:
        """Return whether translucent windows work now; asked at run time, since it can change."""
        if not self.is_x11:
            return True
        if self._display is None:
            return False
        name = f"_NET_WM_CM_S{self._display.get_default_screen()}"
        owner = self._display.get_selection_owner(self._display.intern_atom(name))
        return bool(owner and getattr(owner, "id", owner))

    def program_in_front(self) -> int:
        """Return a number for the program that has the active window, or 0."""
        if self._display is None:
            return 0
        atom = self._display.intern_atom("_NET_ACTIVE_WINDOW")
        found = self._display.screen().root.get_full_property(atom, 0)
        return int(found.value[0]) & ~NOT_PART_OF_CLIENT if found and len(found.value) else 0

    def close(self) -> None:
        """End the connection."""
        if self._display is not None:
            self._display.close()
            self._display = None

    def _connect(self) -> None:
        try:
            from Xlib import display  # noqa: PLC0415 - not installed elsewhere
            from Xlib.error import DisplayError  # noqa: PLC0415
        except ImportError:
            return
        try:
            self._display = display.Display()
        except (DisplayError, OSError) as error:
            log.warning("no second connection to the X server: %s", error)


def program_of(window: int) -> int:
    """Return the number of the program that a window belongs to."""
    return window & ~NOT_PART_OF_CLIENT
