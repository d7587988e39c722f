"""The customer at the notice window: sees it on an X screen, answers its questions, folds it to its bar.

Where things are is read from the picture of the window, not known from the program: the strip along its
upper edge has the colour of the mood, and in a question the line that runs down under the two answers has
the same colour; the yes is the left answer, above that line.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from kit import until
from mss import MSS
from own_hand import Hand
from Xlib import X
from Xlib.display import Display

ABOVE_LINE = 28
"""From the line that runs down to the middle of the answers, in pixels."""
FOLD_FROM_RIGHT, FOLD_FROM_TOP = 55, 28
READ_S = 0.9
"""A yes counts only once the question could have been read."""
TITLE = "helps you|Remote support"
Place = tuple[int, int, int, int]


class Notice:
    """The notice window on one display."""

    def __init__(self, display: str, title: str = TITLE) -> None:
        self.display = display
        self._title = title
        self._hand = Hand(display)

    def window(self) -> str:
        """Return the window's id, or nothing."""
        ids = self.do("search", "--onlyvisible", "--name", self._title, check=False).split()
        return ids[-1] if ids else ""

    def place(self) -> Place:
        """Return its left, top, width and height."""
        shell = self.do("getwindowgeometry", "--shell", self.window())
        values = dict(line.split("=", 1) for line in shell.split())
        return (int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"]))

    def say_yes(self, limit_s: float = 20) -> None:
        """Answer the question that is there, or soon will be, with the customer's own mouse.

        Another question may follow at once.
        """
        until(self._line, "a question in the notice window", limit_s)
        time.sleep(READ_S)
        line = self._line()
        if line is not None:
            self._hand.click(line[0], line[1] - ABOVE_LINE)
        end = time.monotonic() + READ_S
        while self._line() is not None and time.monotonic() < end:
            time.sleep(0.05)

    def agree_until(self, condition: Callable[[], Any], what: str, limit_s: float = 60) -> None:
        """Say yes to every question until something holds."""
        end = time.monotonic() + limit_s
        while not condition():
            if self._line() is not None:
                self.say_yes()
            if time.monotonic() > end:
                raise RuntimeError(f"not within {limit_s} s: {what}")
            time.sleep(0.1)

    def fold(self) -> Place:
        """Let it shrink to its bar and return where that stands."""
        left, top, width, height = self.place()
        self.do("mousemove", left + width - FOLD_FROM_RIGHT, top + FOLD_FROM_TOP, "click", "1")
        until(lambda: self.place()[3] < height, "a folded notice window", 5)
        return self.place()

    def give_keyboard_to(self, width: int, height: int) -> None:
        """Give the keyboard to the window of this size, as a window manager would once it is clicked."""
        display = Display(self.display)
        try:
            for window in display.screen().root.query_tree().children:
                place = window.get_geometry()
                if (place.width, place.height) == (width, height):
                    window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
                    display.sync()
        finally:
            display.close()

    def do(self, *arguments: object, check: bool = True) -> str:
        """Run xdotool here."""
        done = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        if check and done.returncode:
            raise RuntimeError(f"xdotool {arguments}: {done.stderr}")
        return done.stdout

    def close(self) -> None:
        """Let go of the display."""
        self._hand.close()

    def _line(self) -> tuple[int, int] | None:
        """Return a point of the line that runs down, if the window asks something."""
        if not self.window():
            return None
        with contextlib.suppress(RuntimeError):
            left, top, width, height = self.place()
            screen = _grab(self.display)
            if not (0 <= top < len(screen) - height and 0 <= left < screen.shape[1] - width):
                return None
            strip = screen[top + 1, left + width // 2]
            column = screen[top : top + height, left + width // 5]
            rows = np.flatnonzero((column == strip).all(axis=1))
            rows = rows[rows > height // 4]
            if len(rows) >= 3 and not _is_grey(strip):
                return left + width // 5, top + int(rows[0])
        return None


def _grab(display: str) -> np.ndarray:
    with MSS(display=display) as grabber:
        shot = grabber.grab(grabber.monitors[0])
        return np.frombuffer(shot.rgb, np.uint8).reshape(shot.height, shot.width, 3)


def _is_grey(colour: np.ndarray) -> bool:
    return int(colour.max()) - int(colour.min()) < 16
