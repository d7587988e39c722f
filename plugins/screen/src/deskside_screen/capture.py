"""Where pictures come from: the port, and the desktop of this machine behind it.

Everything of a desktop belongs to the thread that opened it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol, Self

import numpy as np
from attrs import frozen
from mss import MSS
from mss.exception import ScreenShotError

from deskside_screen.bell import Bell
from deskside_screen.messages import EVERYTHING, MOST_MONITORS
from deskside_screen.tiles import Box, Picture

NAME_LENGTH = 80


class ScreenLost(Exception):
    """The screen cannot be read now: its size changes, or it is gone."""


@frozen
class Monitor:
    """A monitor and its place on the desktop."""

    number: int
    name: str
    box: Box


@frozen
class Layout:
    """All monitors, and the box around them."""

    everything: Box
    monitors: tuple[Monitor, ...]

    def name_of(self, number: int) -> str:
        """Return by what a monitor is known again after a change; nothing if there is none of that number."""
        return next((one.name or f"#{number}" for one in self.monitors if one.number == number), "")

    def number_of(self, name: str) -> int:
        """Return the number that a monitor has now; everything if it is gone."""
        found = (one.number for one in self.monitors if name in (one.name, f"#{one.number}"))
        return next(found, EVERYTHING) if name else EVERYTHING

    def box_of(self, number: int) -> Box:
        """Return what a number stands for: a monitor, or everything if there is none of that number."""
        return next((one.box for one in self.monitors if one.number == number), self.everything)


class Watch(Protocol):
    """Tells when and where a desktop may have changed."""

    interval_s: float
    """How long the sleep may last without asking again."""

    def sleep(self, seconds: float, bell: Bell, *, for_damage: bool) -> bool:
        """Sleep until the bell, the time, or damage if that is asked for; tell if there is damage."""

    def damage(self) -> tuple[Box, ...]:
        """Return where something changed since the last time; to be asked before the grab."""

    def found(self, *, anything: bool) -> None:
        """Learn whether the last damage had changed a pixel."""

    def signature(self) -> object:
        """Return something that differs once monitors have changed, as far as that is cheap."""

    def names(self) -> Mapping[Box, str]:
        """Return what monitors are called, where that is known better than by mss."""

    def close(self) -> None:
        """End it."""


class Desktop(Protocol):
    """A desktop to grab from."""

    layout: Layout
    watch: Watch

    def grab(self, box: Box) -> Picture:
        """Return the pixels of a box in desktop coordinates.

        :raises ScreenLost: if they cannot be read
        """

    def look_again(self) -> bool:
        """Read the layout anew if it may have changed; tell if it has."""

    def close(self) -> None:
        """End it."""


class MssDesktop:
    """The desktop through mss: X11 (shared memory), Windows, macOS."""

    def __init__(self, make_watch: Callable[[str | None], Watch], display: str | None = None) -> None:
        self._display = display
        self._mss = self._open()
        self.watch = make_watch(display)
        self._signature = self.watch.signature()
        self.layout = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def grab(self, box: Box) -> Picture:
        """Return the pixels of a box in desktop coordinates."""
        place = {"left": box.left, "top": box.top, "width": box.width, "height": box.height}
        try:
            raw = self._mss.grab(place).raw
        except (ScreenShotError, OSError) as error:
            raise ScreenLost(str(error)) from error
        return np.frombuffer(raw, np.uint32).reshape(box.height, box.width)

    def look_again(self) -> bool:
        """Read the layout anew if it may have changed; tell if it has."""
        signature = self.watch.signature()
        if signature is not None and signature == self._signature:
            return False
        self._signature = signature
        fresh = self._open()
        self._mss.close()
        self._mss, before = fresh, self.layout
        self.layout = self._read()
        return self.layout != before

    def close(self) -> None:
        """Let go of the screen."""
        self.watch.close()
        with suppress(ScreenShotError, OSError):
            self._mss.close()

    def _open(self) -> MSS:
        try:
            return MSS(display=self._display) if self._display else MSS()
        except (ScreenShotError, OSError) as error:
            raise ScreenLost(str(error)) from error

    def _read(self) -> Layout:
        everything, *monitors = self._mss.monitors
        names = self.watch.names()
        found = []
        for number, one in enumerate(monitors[:MOST_MONITORS], start=1):
            name = names.get(_box(one)) or str(one.get("name") or one.get("output") or "")
            found.append(Monitor(number, name[:NAME_LENGTH], _box(one)))
        return Layout(_box(everything), tuple(found))


def _box(place: Any) -> Box:
    return Box(place["left"], place["top"], place["width"], place["height"])
