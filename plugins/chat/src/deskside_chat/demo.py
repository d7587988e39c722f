"""The demo customer's side of a chat: he says back what he reads."""

from collections.abc import AsyncIterator

import anyio
from attrs import define, field

from deskside.api import PluginSession, hookimpl
from deskside_chat.messages import WINDOW, Line
from deskside_chat.window import WindowEvent, Wrote

THINKS_S = 0.8
MOST_WAITING = 20


@hookimpl
def deskside_provide(service: str, scope: PluginSession) -> object | None:
    """Supply the echo."""
    return Echo(scope) if service == WINDOW else None


@define(eq=False)
class Echo:
    """A chat window in which nobody sits."""

    _scope: PluginSession
    _heard: list[str] = field(factory=list)
    _changed: anyio.Event = field(factory=anyio.Event)

    @property
    async def events(self) -> AsyncIterator[WindowEvent]:
        """Yield an answer to everything that was said."""
        while True:
            while not self._heard:
                self._changed = anyio.Event()
                await self._changed.wait()
            await anyio.sleep(THINKS_S)
            yield Wrote(self._scope.text("chat.demo.echo", text=self._heard.pop(0)))

    def alert(self, name: str, text: str, count: int) -> None:
        """Hear what was said."""
        del name, count
        if len(self._heard) < MOST_WAITING:
            self._heard.append(text)
            self._changed.set()

    def open(self) -> None:
        """Show nothing."""

    def show_conversation(self, lines: tuple[Line, ...]) -> None:
        """Show nothing."""

    def add(self, line: Line) -> None:
        """Show nothing."""

    def show_waiting(self, texts: tuple[str, ...]) -> None:
        """Show nothing."""

    def show_typing(self, names: tuple[str, ...]) -> None:
        """Show nothing."""

    def show_preview(self, *, is_on: bool) -> None:
        """Show nothing."""
