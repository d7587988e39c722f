"""The windows this plugin needs of the customer program, and the question it asks through them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import anyio
from attrs import define, field, frozen


@frozen
class Picked:
    """The customer has closed a file dialog."""

    dialog: int
    paths: tuple[str, ...]


class Windows(Protocol):
    """What host.py calls: a proxy of the object that qt.py provides."""

    @property
    def events(self) -> AsyncIterator[Picked]:
        """Iterate over what the dialogs say."""

    async def documents(self) -> str:
        """Return the customer's documents folder."""

    def choose(self, dialog: int, who: str) -> None:
        """Open a file dialog; `who` wants the files, or nobody."""

    def dismiss(self, dialog: int) -> None:
        """Close a file dialog."""

    def open_folder(self, path: str) -> None:
        """Show a folder in the system's file manager."""


@define(eq=False)
class Chooser:
    """Lets the customer choose files, one dialog at a time."""

    windows: Windows
    _turn: anyio.Lock = field(factory=anyio.Lock)
    _dialog: int = 0
    _picked: tuple[str, ...] = ()
    _closed: anyio.Event = field(factory=anyio.Event)

    async def run(self) -> None:
        """Listen to the dialogs."""
        async for event in self.windows.events:
            if event.dialog == self._dialog:
                self._picked = event.paths
                self._closed.set()

    async def choose(self, who: str = "") -> tuple[Path, ...]:
        """Return what the customer chose; nothing if he chose nothing."""
        async with self._turn:
            self._dialog += 1
            self._picked, self._closed = (), anyio.Event()
            self.windows.choose(self._dialog, who)
            try:
                await self._closed.wait()
            except BaseException:
                self.windows.dismiss(self._dialog)
                raise
            return tuple(map(Path, self._picked))
