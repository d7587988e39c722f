"""Puts characters on spare keys of the server's keyboard, and puts back what was there."""

from collections.abc import Collection
from time import sleep
from typing import Any

from attrs import define, field

from deskside_control.injector import GoOn
from deskside_control.x11.keymap import Keymap, Place
from deskside_control.x11.keysyms import SHIFT
from deskside_control.x11.patience import Patience
from deskside_control.x11.spares import Spares

SETTLE_S = 0.02
"""How long programs get to hear that keys have changed."""
MOST_SINGLE = 6


@define(eq=False)
class Borrowed:
    """The spare keys of one keyboard.

    Some hold one character, to be held down; the rest hold two, for text.
    """

    _connection: Any
    _patience: Patience
    _before: dict[int, tuple[int, ...]]
    """What was on the spare keys when they were found."""
    _single: Spares
    _text: Spares
    changed: set[int] = field(factory=set)
    """Keys that hold something of ours."""

    @classmethod
    def of(cls, connection: Any, keymap: Keymap) -> "Borrowed":
        """Take the spare keys of a keyboard."""
        before = keymap.spare()
        codes, singles = tuple(before), min(MOST_SINGLE, len(before) // 2)
        levels = 1 if keymap.modifier(SHIFT) is None else 2
        single, text = Spares(codes[:singles], 1), Spares(codes[singles:], levels)
        return cls(connection, Patience(connection), before, single, text)

    def key_for(self, keysym: int, busy: Collection[int]) -> Place | None:
        """Return a key that can be held for this keysym."""
        self._bind(self._single, [keysym], busy, lambda: True)
        return self._single.place_of(keysym)

    def rounds(self, needs: list[int | None]) -> list[int]:
        """Divide a text into rounds; return where each ends."""
        return self._text.rounds(needs)

    def prepare(self, keysyms: list[int], go_on: GoOn) -> None:
        """Give every character of a round its place."""
        self._bind(self._text, keysyms, (), go_on)

    def place_of(self, keysym: int) -> Place | None:
        """Return where a character of this round is."""
        return self._text.place_of(keysym)

    def restore(self) -> None:
        """Put everything back, once the program in front has read its keys."""
        if self.changed:
            self._patience.wait(lambda: True)
        for code in sorted(self.changed):
            self._connection.change_keyboard_mapping(code, [self._before[code] or (0, 0)])
        self.changed.clear()
        self._connection.sync()

    def _bind(self, spares: Spares, keysyms: list[int], busy: Collection[int], go_on: GoOn) -> None:
        rows, gave_way = spares.bind(keysyms, busy)
        if gave_way:
            self._patience.wait(go_on)
        for code, row in rows.items():
            self.changed.add(code)
            self._connection.change_keyboard_mapping(code, [row])
        if rows:
            self._connection.sync()
            sleep(SETTLE_S)
