"""What the host part wants of the customer's chat window, and what the window tells it."""

from collections.abc import AsyncIterator
from typing import Protocol

from attrs import frozen

from deskside_chat.messages import Line


@frozen
class Wrote:
    """The customer sent a line."""

    text: str


@frozen
class Typed:
    """The customer changed what he has not sent yet."""

    text: str


@frozen
class Opened:
    """The window was opened, so everything shown has been read."""


@frozen
class Missed:
    """So many lines came while the chat was not open."""

    count: int


WindowEvent = Wrote | Typed | Opened | Missed


class ChatWindow(Protocol):
    """A window on the Qt thread; nothing here waits."""

    @property
    def events(self) -> AsyncIterator[WindowEvent]:
        """Return what the customer does."""

    def open(self) -> None:
        """Show the window."""

    def show_conversation(self, lines: tuple[Line, ...]) -> None:
        """Show exactly these lines."""

    def add(self, line: Line) -> None:
        """Show one more line."""

    def alert(self, name: str, text: str, count: int) -> None:
        """Show the last of new lines in the small window at the bottom, unless the chat is open."""

    def show_waiting(self, texts: tuple[str, ...]) -> None:
        """Show lines that have not reached the others yet."""

    def show_typing(self, names: tuple[str, ...]) -> None:
        """Show who types."""

    def show_preview(self, *, is_on: bool) -> None:
        """Say whether agents see what is not sent yet."""
