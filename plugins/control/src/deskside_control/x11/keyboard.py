"""Presses keys and types text on an X11 display through XTEST."""

import logging
import unicodedata
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from attrs import define, evolve, field
from Xlib import XK, X
from Xlib.ext import xtest

from deskside_control.held import Held, out_of_step
from deskside_control.injector import GoOn
from deskside_control.messages import KeyPressed, Modifier
from deskside_control.x11 import keysyms
from deskside_control.x11.borrowed import Borrowed
from deskside_control.x11.keymap import Keymap, Place

Guard = Callable[[], AbstractContextManager[bool]]
log = logging.getLogger(__name__)

NOT_TEXT = frozenset({Modifier.CONTROL, Modifier.ALT, Modifier.META})
"""Modifiers with which a key is a command, not a character."""


@define(eq=False)
class Keyboard:
    """What is on the keys, and what is held."""

    _connection: Any
    _guard: Guard
    """Entered for each press: tells whether it would reach somebody else's window."""
    _keymap: Keymap
    _borrowed: Borrowed
    _held: Held[str] = field(factory=Held)
    _modifiers: Held[Modifier] = field(factory=Held)

    @classmethod
    def on(cls, connection: Any, guard: Guard) -> "Keyboard":
        """Read a display's keyboard."""
        keymap = read_keymap(connection)
        return cls(connection, guard, keymap, Borrowed.of(connection, keymap))

    def hold(self, modifiers: Collection[Modifier]) -> None:
        """Hold exactly these modifiers."""
        held = [one for one in Modifier if self._modifiers.code_of(one) is not None]
        loose, missing = out_of_step(held, modifiers)
        for one in loose:
            self._let_go_modifier(one)
        for one in missing:
            self._press_modifier(one, "")

    def key(self, pressed: KeyPressed) -> bool:
        """Press or let go a key, and tell whether it was allowed."""
        name = pressed.code or pressed.key
        if pressed.key in list(Modifier):
            self._turn_modifier(Modifier(pressed.key), pressed)
        elif not pressed.is_down:
            self._up(self._held.release(name))
        elif self._held.code_of(name) is None:
            return self._press(name, pressed)
        return True

    def type(self, text: str, go_on: GoOn) -> bool:
        """Type text in any script, and tell whether all of it was allowed."""
        self._notice_changes()
        self.hold(())
        written = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        with self._without_caps():
            return self._write(written, go_on)

    def chord(self, *names: int) -> None:
        """Press keys by keysym, one after the other, and let them go in reverse."""
        codes = [code for name in names if (code := self._keymap.named(name)) is not None]
        for code in codes:
            self._down(code)
        for code in reversed(codes):
            self._up(code)
        self._connection.flush()

    def let_go(self) -> None:
        """Release every key that is held."""
        for code in (*self._held.drain(), *self._modifiers.drain()):
            self._up(code)
        self._connection.flush()

    def restore(self) -> None:
        """Put back what was on the spare keys."""
        self._borrowed.restore()

    def _write(self, text: str, go_on: GoOn) -> bool:
        _, group = self._locks()
        places = [self._place(character, group) for character in text]
        needs = [
            None if place else keysyms.of_character(character)
            for character, place in zip(text, places, strict=True)
        ]
        start = 0
        for end in self._borrowed.rounds(needs):
            self._borrowed.prepare([one for one in needs[start:end] if one is not None], go_on)
            for place, keysym in zip(places[start:end], needs[start:end], strict=True):
                if not go_on():
                    return True
                if not self._tap(place or (self._borrowed.place_of(keysym) if keysym else None)):
                    return False
            start = end
        return True

    def _press(self, name: str, pressed: KeyPressed) -> bool:
        self._notice_changes()
        self.hold(pressed.modifiers)
        place = self._place_of(pressed)
        if place is None:
            return True
        with self._guard() as is_free:
            if not is_free:
                return False
            with self._without_caps() if place.is_spare else nullcontext(), self._levels(place):
                self._down(place.code)
        self._held.press(name, place.code)
        return True

    def _place_of(self, pressed: KeyPressed) -> Place | None:
        """Find a key for what was pressed; where the keyboard has none, a spare one."""
        named = keysyms.of_named_key(pressed.key, pressed.code)
        if named is not None:
            code = self._keymap.named(named)
            return Place(code, self._is_shifted()) if code else self._spare(named)
        if len(pressed.key) != 1:
            return None
        is_command = not NOT_TEXT.isdisjoint(pressed.modifiers)
        character = keysyms.of_shortcut(pressed.key, pressed.code) if is_command else pressed.key
        keysym = keysyms.of_character(character)
        caps, group = self._locks()
        return self._place(character, group, caps=caps) or (self._spare(keysym) if keysym else None)

    def _place(self, character: str, group: int, *, caps: bool = False) -> Place | None:
        if character in keysyms.TYPED:
            code = self._keymap.named(keysyms.TYPED[character])
            return None if code is None else Place(code)
        place = self._keymap.character(character, group, caps=caps)
        lacks_level3 = place is not None and place.level3 and self._level3() is None
        return None if lacks_level3 else place

    def _spare(self, keysym: int) -> Place | None:
        place = self._borrowed.key_for(keysym, self._held.codes())
        return None if place is None else evolve(place, shift=self._is_shifted())

    def _tap(self, place: Place | None) -> bool:
        if place is None:
            return True
        with self._guard() as is_free:
            if not is_free:
                return False
            with self._levels(place):
                self._down(place.code)
                self._up(place.code)
        return True

    @contextmanager
    def _without_caps(self) -> Iterator[None]:
        """Switch Caps Lock off for a while: programs would turn the letters of spare keys into capitals."""
        code = self._keymap.modifier(keysyms.CAPS) if self._locks()[0] else None
        self._turn(code, is_down=True)
        self._turn(code, is_down=False)
        try:
            yield
        finally:
            self._turn(code, is_down=True)
            self._turn(code, is_down=False)
            self._connection.flush()

    @contextmanager
    def _levels(self, place: Place) -> Iterator[None]:
        """Hold what the key needs, and only that, while it goes down."""
        shift, level3 = self._shift(), self._level3() if place.level3 else None
        turns = shift is not None and place.shift != self._is_shifted()
        if turns:
            self._turn(shift, is_down=place.shift)
        self._turn(level3, is_down=True)
        try:
            yield
        finally:
            self._turn(level3, is_down=False)
            if turns:
                self._turn(shift, is_down=not place.shift)

    def _shift(self) -> int | None:
        held = self._modifiers.code_of(Modifier.SHIFT)
        return self._keymap.modifier(keysyms.SHIFT) if held is None else held

    def _level3(self) -> int | None:
        return self._keymap.modifier(keysyms.LEVEL3)

    def _is_shifted(self) -> bool:
        return self._modifiers.code_of(Modifier.SHIFT) is not None

    def _turn_modifier(self, modifier: Modifier, pressed: KeyPressed) -> None:
        if not pressed.is_down:
            self._let_go_modifier(modifier)
        elif self._modifiers.code_of(modifier) is None:
            self._press_modifier(modifier, pressed.code)
        self._connection.flush()

    def _press_modifier(self, modifier: Modifier, side: str) -> None:
        keysym = keysyms.of_named_key(modifier, side)
        code = None if keysym is None else self._keymap.modifier(keysym)
        if code is None and side:
            return self._press_modifier(modifier, "")
        if code is not None:
            self._modifiers.press(modifier, code)
            self._down(code)
        return None

    def _let_go_modifier(self, modifier: Modifier) -> None:
        self._up(self._modifiers.release(modifier))

    def _locks(self) -> tuple[bool, int]:
        """Return whether Caps Lock is on, and which group of the layout is."""
        mask = self._connection.screen().root.query_pointer().mask
        return bool(mask & X.LockMask), mask >> 13 & 3

    def _notice_changes(self) -> None:
        """Read the keyboard anew if somebody else has changed it."""
        is_stale = False
        while self._connection.pending_events():
            one = self._connection.next_event()
            if one.type == X.MappingNotify and one.request != X.MappingPointer:
                is_stale = is_stale or one.count > 1 or one.first_keycode not in self._borrowed.changed
        if is_stale:
            log.info("the customer's keyboard layout has changed")
            self._keymap = read_keymap(self._connection)
            self._borrowed = Borrowed.of(self._connection, self._keymap)

    def _turn(self, code: int | None, *, is_down: bool) -> None:
        if code is not None:
            xtest.fake_input(self._connection, X.KeyPress if is_down else X.KeyRelease, code)

    def _down(self, code: int) -> None:
        self._turn(code, is_down=True)

    def _up(self, code: int | None) -> None:
        self._turn(code, is_down=False)
        self._connection.flush()


def read_keymap(connection: Any) -> Keymap:
    """Ask the server what is on its keys."""
    lowest, highest = connection.display.info.min_keycode, connection.display.info.max_keycode
    rows = connection.get_keyboard_mapping(lowest, highest - lowest + 1)
    modifiers = [code for codes in connection.get_modifier_mapping() for code in codes if code]
    return Keymap.of(lowest, rows, modifiers)


SECURE_ATTENTION = (XK.XK_Control_L, XK.XK_Alt_L, XK.XK_Delete)
