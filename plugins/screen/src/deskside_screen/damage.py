"""The X server's own word on changes: extensions DAMAGE, XFIXES and RANDR, through python-xlib."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

from Xlib import X
from Xlib import display as xlib
from Xlib.error import ConnectionClosedError, DisplayError
from Xlib.ext import damage

from deskside_screen.bell import Bell
from deskside_screen.regions import Region
from deskside_screen.tiles import Box
from deskside_screen.watch import ANYWHERE, QUICK_S, NoWatch

CHECK_S, CHECK_MOST_S = 1.0, 4.0
SLOWER = 1.25
MISSED_MOST = 3
"""Changes the X server did not mention before it is no longer believed."""


class Damage:
    """Asks the X server (extensions DAMAGE, XFIXES and RANDR) and sleeps until it speaks.

    Once in one to four seconds everything is compared all the same, rather while nothing is reported: some
    drivers paint without a word.
    """

    interval_s = CHECK_S

    def __init__(self, display: str | None) -> None:
        try:
            self._display: Any = xlib.Display(display)
        except (DisplayError, OSError) as error:
            raise NoWatch(str(error)) from error
        if not (self._display.has_extension("DAMAGE") and self._display.has_extension("XFIXES")):
            self._display.close()
            raise NoWatch("this X server does not tell of damage")
        self._root: Any = self._display.screen().root
        self._display.damage_query_version()
        self._damage = self._root.damage_create(damage.DamageReportNonEmpty)
        self._region = Region(self._display)
        self._kind = self._display.extension_event.DamageNotify
        self._display.sync()
        self._is_damaged = True
        self._checked = 0.0
        self._was_told = True
        self._missed = 0

    def sleep(self, seconds: float, bell: Bell, *, for_damage: bool) -> bool:
        """Sleep until the X server reports damage."""
        if not for_damage:
            bell.sleep(seconds)
            return False
        if self._read():
            return True
        bell.sleep(seconds, self._display)
        return self._read() or monotonic() >= self._checked + self.interval_s

    def damage(self) -> tuple[Box, ...]:
        """Return where something was painted, and let the X server report anew."""
        self._read()
        boxes: tuple[Box, ...] = ()
        if self._is_damaged:
            self._is_damaged = False
            self._display.damage_subtract(self._damage, X.NONE, self._region.id)
            # The grab goes another way: what it misses is reported after this answer.
            boxes = self._region.boxes()
        self._was_told = bool(boxes)
        now, due = monotonic(), self._checked + self.interval_s
        if now >= due and not (boxes and now < due + self.interval_s):
            self._checked = now
            return (ANYWHERE,)
        return boxes

    def found(self, *, anything: bool) -> None:
        """Look more often by itself if the X server keeps quiet about changes, less often if it does not."""
        if self._was_told or self._missed >= MISSED_MOST:
            return
        self._missed += int(anything)
        if self._missed >= MISSED_MOST:
            self.interval_s = QUICK_S
        else:
            self.interval_s = CHECK_S if anything else min(CHECK_MOST_S, self.interval_s * SLOWER)

    def signature(self) -> object:
        """Return size and monitors as the X server tells them."""
        size = self._root.get_geometry()
        places = tuple(
            (one.name, one.x, one.y, one.width_in_pixels, one.height_in_pixels) for one in self._monitors()
        )
        return (size.width, size.height, places)

    def names(self) -> Mapping[Box, str]:
        """Return what RANDR calls the monitors."""
        found = {}
        for one in self._monitors():
            box = Box(one.x, one.y, one.width_in_pixels, one.height_in_pixels)
            found[box] = self._display.get_atom_name(one.name)
        return found

    def close(self) -> None:
        """Leave the X server."""
        with suppress(OSError, ConnectionClosedError):
            self._display.close()

    def _monitors(self) -> Iterable[Any]:
        if not self._display.has_extension("RANDR"):
            return ()
        found: Iterable[Any] = self._root.xrandr_get_monitors().monitors
        return found

    def _read(self) -> bool:
        while self._display.pending_events():
            if self._display.next_event().type == self._kind:
                self._is_damaged = True
        return self._is_damaged
