"""The injector of an X11 desktop."""

from collections.abc import Collection
from time import sleep
from typing import Any, Self

from attrs import define, field
from Xlib import X
from Xlib.ext import xtest

from deskside_control.held import Held
from deskside_control.injector import GoOn
from deskside_control.messages import KeyPressed, Modifier
from deskside_control.x11.connection import connect
from deskside_control.x11.keyboard import SECURE_ATTENTION, Keyboard
from deskside_control.x11.windows import OwnWindows

BUTTONS = (1, 2, 3, 8, 9)
"""Left, middle, right, back, forward, as X counts them."""
UP, DOWN, LEFT, RIGHT = 4, 5, 6, 7
FARTHEST = 32_767
CLICK_S = 0.015
"""What window managers get to pass a click on; until then it would be moved with the pointer."""


@define(eq=False)
class X11Injector:
    """Injects through XTEST on one connection."""

    _connection: Any
    _windows: OwnWindows
    _keyboard: Keyboard
    _buttons: Held[int] = field(factory=Held)

    @classmethod
    def connect(cls, name: str | None = None) -> Self:
        """Connect to a display.

        :raises InputUnavailable: if it takes no input from programs
        """
        connection = connect(name)
        connection.set_error_handler(_ignore)
        windows = OwnWindows(connection)
        return cls(connection, windows, Keyboard.on(connection, windows.stroke))

    def move(self, x: int, y: int) -> None:
        """Move the pointer; the server keeps it on the screen."""
        xtest.fake_input(self._connection, X.MotionNotify, x=_near(x), y=_near(y))
        self._connection.flush()

    def button(self, button: int, *, is_down: bool) -> bool:
        """Press or let go a mouse button."""
        if is_down:
            return self._press(button, BUTTONS[button])
        code = self._buttons.release(button)
        if code is not None:
            self._turn(code, is_down=False)
            sleep(CLICK_S)
        return True

    def wheel(self, right: int, down: int) -> bool:
        """Turn the wheel, which X sees as buttons."""
        with self._windows.click() as is_free:
            if not is_free:
                return False
            for code, count in ((DOWN, down), (UP, -down), (RIGHT, right), (LEFT, -right)):
                for _ in range(count):
                    self._turn(code, is_down=True)
                    self._turn(code, is_down=False)
        return True

    def hold(self, modifiers: Collection[Modifier]) -> None:
        """Hold exactly these modifiers."""
        self._keyboard.hold(modifiers)

    def key(self, pressed: KeyPressed) -> bool:
        """Press or let go a key."""
        return self._keyboard.key(pressed)

    def type(self, text: str, go_on: GoOn) -> bool:
        """Type text in any script."""
        return self._keyboard.type(text, go_on)

    def secure_attention(self) -> None:
        """Press Ctrl+Alt+Del."""
        self._keyboard.let_go()
        self._keyboard.chord(*SECURE_ATTENTION)

    def let_go(self) -> None:
        """Release everything that is held."""
        for code in self._buttons.drain():
            self._turn(code, is_down=False)
        self._keyboard.let_go()

    def close(self) -> None:
        """Put spare keys back and disconnect."""
        try:
            self._keyboard.restore()
        finally:
            self._connection.close()

    def _press(self, button: int, code: int) -> bool:
        with self._windows.click() as is_free:
            if not is_free:
                return False
            self._turn(code, is_down=True)
        self._buttons.press(button, code)
        sleep(CLICK_S)
        return True

    def _turn(self, code: int, *, is_down: bool) -> None:
        xtest.fake_input(self._connection, X.ButtonPress if is_down else X.ButtonRelease, code)
        self._connection.flush()


def _near(pixel: int) -> int:
    return max(-FARTHEST, min(pixel, FARTHEST))


def _ignore(*_: object) -> None:
    """Pass over what the server says about windows that have just gone."""
