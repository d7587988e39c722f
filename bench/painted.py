"""Paints a desktop without end on an X display: a scrolling terminal, or an office's programs in turn.

    python bench/painted.py :7 terminal|apps

Says "ready" once the first picture is there. Drawn with the server's own fonts and copies, so that painting
costs next to nothing beside what is measured.
"""

import itertools
import random
import sys
import time
from typing import Any

from Xlib.display import Display

LINE, COLUMNS = 14, 110
LINES_PER_S = 20
PROGRAM_S = 4
TEXT = "the quick brown fox jumps over a lazy dog and runs along every river of this wide country"
WORDS = TEXT.split()
COLOURS = (0xFFFFFF, 0xF3E9D2, 0xDDE7F0, 0x20242A)


class Window:
    """A window with text."""

    def __init__(self, display: Any, box: tuple[int, int, int, int], colour: int, seed: int) -> None:
        root = display.screen().root
        left, top, self.width, self.height = box
        self._words = random.Random(seed)
        self.window = root.create_window(
            left, top, self.width, self.height, 1, display.screen().root_depth,
            background_pixel=colour, override_redirect=True,
        )  # fmt: skip
        ink = 0xE8E8E8 if colour < 0x808080 else 0x101418
        font = display.open_font("fixed")
        self._gc = self.window.create_gc(
            foreground=ink, background=colour, font=font, graphics_exposures=False
        )
        self.window.map()
        display.sync()

    def line(self, at: int) -> None:
        """Write a line of text."""
        text = " ".join(self._words.choices(WORDS, k=COLUMNS // 6))
        self.window.image_text(self._gc, 6, at, text[: self.width // 7].encode())

    def fill(self) -> None:
        """Write all lines."""
        for at in range(LINE, self.height, LINE):
            self.line(at)

    def scroll(self) -> None:
        """Move everything up by a line and write one below."""
        self.window.copy_area(self._gc, self.window, 0, LINE, self.width, self.height - LINE, 0, 0)
        self.window.clear_area(0, self.height - LINE, self.width, LINE)
        self.line(self.height - 4)

    def write(self, count: int) -> None:
        """Type: the last line grows."""
        text = TEXT[: count % (self.width // 7 - 2)]
        self.window.image_text(self._gc, 6, self.height - 4, text.encode())


def terminal(display: Any) -> None:
    """Scroll one terminal for ever."""
    window = Window(display, (40, 40, 800, 600), COLOURS[3], 1)
    window.fill()
    _ready(display)
    while True:
        window.scroll()
        display.sync()
        time.sleep(1 / LINES_PER_S)


def apps(display: Any) -> None:
    """Open programs over each other, type, scroll and close them, for ever."""
    shown: list[Window] = []
    for number in itertools.count():
        left, top = 30 + 90 * (number % 5), 20 + 60 * (number % 4)
        shown.append(Window(display, (left, top, 640, 480), COLOURS[number % len(COLOURS)], number))
        shown[-1].fill()
        if number == 0:
            _ready(display)
        for step in range(PROGRAM_S * LINES_PER_S):
            if number % 2:
                shown[-1].write(step)
            else:
                shown[-1].scroll()
            display.sync()
            time.sleep(1 / LINES_PER_S)
        if len(shown) > 3:
            shown.pop(0).window.destroy()


def _ready(display: Any) -> None:
    display.sync()
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"terminal": terminal, "apps": apps}[sys.argv[2]](Display(sys.argv[1]))
