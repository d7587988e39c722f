"""Follows the customer's mouse pointer, in a thread of its own: the port, and the X server behind it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
from attrs import define, field

from deskside_screen.bell import Bell
from deskside_screen.cursor import Seen, Shape

QUICK_S, LAZY_S = 1 / 60, 0.25
SLOWER = 1.5
LONG_S = 30.0
MOST_SIDE = 512
"""Larger pointers are not read."""
NOWHERE = Seen(0, 0, None)


class PointerLost(Exception):
    """The pointer cannot be read here, or no longer."""


class Pointer(Protocol):
    """A pointer to follow; belongs to the thread that opened it."""

    def look(self) -> Seen:
        """Return where it is and what it looks like.

        :raises PointerLost: if that cannot be read any more
        """

    def sleep(self, seconds: float, bell: Bell) -> None:
        """Sleep until the bell, the time, or a move that somebody reports."""

    def close(self) -> None:
        """End it."""


@define(eq=False)
class Follower:
    """Tells of every change as soon as it is seen: the newest only, and none while nobody wants it."""

    open_pointer: Callable[[], Pointer]
    take: Callable[[Seen], None]
    bell: Bell = field(factory=Bell)
    is_wanted: bool = False
    """May be set from another thread, followed by a ring of the bell."""
    _is_over: bool = False

    def stop(self) -> None:
        """Make run() return soon; from any thread."""
        self._is_over = True
        self.bell.ring()

    def run(self) -> None:
        """Work until stopped, or until there is no pointer any more."""
        with suppress(PointerLost):
            pointer = self.open_pointer()
            try:
                self._follow(pointer)
            finally:
                pointer.close()
        if not self._is_over:
            self.take(NOWHERE)

    def _follow(self, pointer: Pointer) -> None:
        last, rest_s = None, QUICK_S
        while not self._is_over:
            if not self.is_wanted:
                self.bell.sleep(LONG_S)
                last = None
                continue
            seen = pointer.look()
            rest_s = min(LAZY_S, rest_s * SLOWER) if seen == last else QUICK_S
            if seen != last:
                self.take(seen)
                last = seen
                # No more often than this, however often the X server speaks.
                self.bell.sleep(QUICK_S)
            else:
                pointer.sleep(rest_s, self.bell)


class X11Pointer:
    """Asks the X server where the pointer is; XFIXES tells of its shape, XInput of moves.

    Moves that a program makes are not reported, so it is asked four times a second in any case.
    """

    def __init__(self, display: str | None = None) -> None:
        from Xlib import display as xlib  # noqa: PLC0415 - there is python-xlib on Linux only
        from Xlib.error import ConnectionClosedError, DisplayError, XError  # noqa: PLC0415

        self._lost = (ConnectionClosedError, DisplayError, XError, OSError)
        try:
            self._display: Any = xlib.Display(display)
        except self._lost as error:
            raise PointerLost(str(error)) from error
        self._root: Any = self._display.screen().root
        if not self._display.has_extension("XFIXES"):
            self.close()
            raise PointerLost("this X server does not show its pointer")
        self._display.xfixes_query_version()
        self._display.xfixes_select_cursor_input(self._root, 1)
        self._shaped = self._display.extension_event.DisplayCursorNotify
        self._select_moves()
        self._shape: Shape | None = None
        self._is_known = False

    def look(self) -> Seen:
        """Return where it is and what it looks like."""
        try:
            self._read()
            if not self._is_known:
                # Noted before the question: what changes after the answer is reported anew.
                self._is_known = True
                self._shape = self._asked()
            place = self._root.query_pointer()
        except self._lost as error:
            raise PointerLost(str(error)) from error
        return Seen(place.root_x, place.root_y, self._shape)

    def sleep(self, seconds: float, bell: Bell) -> None:
        """Sleep until the bell, the time, or a word from the X server."""
        if not self._display.pending_events():
            bell.sleep(seconds, self._display)

    def close(self) -> None:
        """Leave the X server."""
        with suppress(*self._lost):
            self._display.close()

    def _select_moves(self) -> None:
        from Xlib.ext import xinput  # noqa: PLC0415

        if self._display.has_extension("XInputExtension"):
            self._display.xinput_query_version()
            self._root.xinput_select_events([(xinput.AllMasterDevices, xinput.RawMotionMask)])

    def _read(self) -> None:
        while self._display.pending_events():
            event = self._display.next_event()
            if (event.type, getattr(event, "sub_code", None)) == self._shaped:
                self._is_known = False

    def _asked(self) -> Shape | None:
        found = self._display.xfixes_get_cursor_image(self._root)
        if max(found.width, found.height) > MOST_SIDE:
            return None
        pixels = np.array(found.cursor_image, np.uint32).reshape(found.height, found.width)
        return Shape.of(pixels, found.xhot, found.yhot)


def open_pointer() -> Pointer:
    """Return this machine's pointer, where it can be read.

    :raises PointerLost: if it cannot
    """
    try:
        return X11Pointer()
    except ImportError as error:
        raise PointerLost("there is no X server on this system") from error
