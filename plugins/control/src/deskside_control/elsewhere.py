"""Mouse and keyboard of Windows and macOS, through pynput."""

from collections.abc import Callable, Collection
from threading import Event
from typing import Any, Self

from attrs import define, field
from pynput import keyboard, mouse

from deskside_control.held import Held, out_of_step
from deskside_control.injector import GoOn
from deskside_control.messages import KeyPressed, Modifier

MODIFIERS = {
    Modifier.SHIFT: keyboard.Key.shift,
    Modifier.CONTROL: keyboard.Key.ctrl,
    Modifier.ALT: keyboard.Key.alt,
    Modifier.META: keyboard.Key.cmd,
}
NAMED = {
    "ArrowDown": "down", "ArrowLeft": "left", "ArrowRight": "right", "ArrowUp": "up",
    "Backspace": "backspace",
    "CapsLock": "caps_lock", "ContextMenu": "menu", "Delete": "delete", "End": "end", "Enter": "enter",
    "Escape": "esc", "Home": "home", "Insert": "insert", "NumLock": "num_lock", "PageDown": "page_down",
    "PageUp": "page_up", "Pause": "pause", "PrintScreen": "print_screen", "ScrollLock": "scroll_lock",
    "Tab": "tab", **{f"F{number}": f"f{number}" for number in range(1, 21)},
}  # fmt: skip
BUTTONS = ("left", "middle", "right", "x1", "x2")


@define(eq=False)
class PynputInjector:
    """Injects through pynput; knows nothing of windows, so it spares none."""

    _mouse: Any = field(factory=mouse.Controller)
    _keyboard: Any = field(factory=keyboard.Controller)
    _down: dict[str, Any] = field(factory=dict)
    _modifiers: Held[Modifier] = field(factory=Held)
    _buttons: set[int] = field(factory=set)

    @classmethod
    def connect(cls) -> Self:
        """Return an injector of this machine."""
        return cls()

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self._mouse.position = (x, y)

    def button(self, button: int, *, is_down: bool) -> bool:
        """Press or let go a mouse button."""
        which = getattr(mouse.Button, BUTTONS[button], None)
        if which is None or is_down == (button in self._buttons):
            return True
        (self._mouse.press if is_down else self._mouse.release)(which)
        self._buttons ^= {button}
        return True

    def wheel(self, right: int, down: int) -> bool:
        """Turn the wheel."""
        self._mouse.scroll(right, -down)
        return True

    def hold(self, modifiers: Collection[Modifier]) -> None:
        """Hold exactly these modifiers."""
        held = [one for one in Modifier if self._modifiers.code_of(one) is not None]
        loose, missing = out_of_step(held, modifiers)
        for one in loose:
            self._modifiers.release(one)
            self._keyboard.release(MODIFIERS[one])
        for one in missing:
            self._modifiers.press(one, list(Modifier).index(one))
            self._keyboard.press(MODIFIERS[one])

    def key(self, pressed: KeyPressed) -> bool:
        """Press or let go a key."""
        name = pressed.code or pressed.key
        if pressed.key in list(Modifier):
            own = {Modifier(pressed.key)} if pressed.is_down else set()
            self.hold({*pressed.modifiers} - {Modifier(pressed.key)} | own)
        elif not pressed.is_down:
            if name in self._down:
                self._keyboard.release(self._down.pop(name))
        elif (key := _key(pressed.key)) is not None and name not in self._down:
            self.hold(pressed.modifiers)
            self._keyboard.press(key)
            self._down[name] = key
        return True

    def type(self, text: str, go_on: GoOn) -> bool:
        """Type text; these systems take characters as they are."""
        self.hold(())
        for character in text:
            if not go_on():
                break
            self._keyboard.type(character)
        return True

    def secure_attention(self) -> None:
        """Press the three keys; Windows itself listens to a real keyboard only."""
        self.let_go()
        with self._keyboard.pressed(keyboard.Key.ctrl, keyboard.Key.alt):
            self._keyboard.tap(keyboard.Key.delete)

    def let_go(self) -> None:
        """Release everything that is held."""
        for button in tuple(self._buttons):
            self.button(button, is_down=False)
        while self._down:
            self._keyboard.release(self._down.popitem()[1])
        self.hold(())

    def close(self) -> None:
        """Nothing was changed on the machine."""


@define(eq=False)
class PynputWatch:
    """Watches for input that no program injected."""

    _closed: Event = field(factory=Event)

    def run(self, touched: Callable[[], None]) -> None:
        """Call `touched` whenever the customer uses his mouse or keyboard, until closed."""

        def moved(*event: Any) -> None:
            is_injected = event[-1]
            if not is_injected:
                touched()

        with (
            mouse.Listener(on_move=moved, on_click=moved, on_scroll=moved),
            keyboard.Listener(on_press=moved, on_release=moved),
        ):
            self._closed.wait()

    def close(self) -> None:
        """Let `run` return."""
        self._closed.set()


def reason_against() -> str:
    """Return nothing: these systems take input, once the customer has let the program."""
    return ""


def _key(key: str) -> Any:
    if len(key) == 1:
        return key
    return getattr(keyboard.Key, NAMED.get(key, ""), None)
