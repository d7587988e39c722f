"""What this plugin needs of an operating system."""

from collections.abc import Callable, Collection
from typing import Protocol

from deskside_control.messages import KeyPressed, Modifier

GoOn = Callable[[], bool]


class Injector(Protocol):
    """Moves the mouse and presses keys; used from one thread only.

    What would operate a window of this very program is left undone, and the answer is False.
    """

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""

    def button(self, button: int, *, is_down: bool) -> bool:
        """Press or let go a mouse button."""

    def wheel(self, right: int, down: int) -> bool:
        """Turn the wheel."""

    def hold(self, modifiers: Collection[Modifier]) -> None:
        """Hold exactly these modifiers."""

    def key(self, pressed: KeyPressed) -> bool:
        """Press or let go a key."""

    def type(self, text: str, go_on: GoOn) -> bool:
        """Type text in any script, for as long as `go_on` says so."""

    def secure_attention(self) -> None:
        """Press Ctrl+Alt+Del."""

    def let_go(self) -> None:
        """Release everything that is held."""

    def close(self) -> None:
        """Undo what was changed on the machine, and disconnect."""


class Watch(Protocol):
    """Watches for the customer's own input."""

    def run(self, touched: Callable[[], None]) -> None:
        """Call `touched` whenever the customer uses his mouse or keyboard, until closed.

        :raises InputUnavailable: if this machine does not tell his input from the agent's
        """

    def close(self) -> None:
        """Let `run` return; may be called from any thread."""


class InputUnavailable(Exception):
    """This machine takes no input from a program; holds the text key of the reason."""
