"""Customer program: receives files, hands out those the customer chooses, and says so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field

from deskside.api import Button, NotGranted, PluginSession, hookimpl
from deskside_file_transfer.arrivals import Arrivals
from deskside_file_transfer.board import Board
from deskside_file_transfer.departures import Departures
from deskside_file_transfer.direction import while_granted
from deskside_file_transfer.files import remove_stale_parts
from deskside_file_transfer.plugin import DROP, FETCH, SEND, WINDOWS
from deskside_file_transfer.windows import Chooser, Windows

RECEIVED_FILES = "Received Files"


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Move files in the directions that are granted."""
    windows = await find_windows(session)
    folder = await documents_of(windows) / RECEIVED_FILES
    await session.blocking(remove_stale_parts, folder)
    async with anyio.create_task_group() as tasks:
        desk = Desk(session, tasks, windows, folder)
        tasks.start_soon(while_granted, session, SEND, desk.receive)
        tasks.start_soon(while_granted, session, FETCH, desk.hand_out)


async def find_windows(session: PluginSession) -> Windows | None:
    """Return the file dialogs, or None where the program runs without windows."""
    try:
        windows: Windows = await session.provide(WINDOWS)
    except NotGranted:
        return None
    return windows


async def documents_of(windows: Windows | None) -> Path:
    """Return the customer's documents folder."""
    told = await windows.documents() if windows is not None else ""
    return Path(told) if told else Path.home() / "Documents"


@define(eq=False)
class Desk:
    """Ties both directions to what the customer presses and drops."""

    _session: PluginSession
    _tasks: anyio.abc.TaskGroup
    _windows: Windows | None
    _folder: Path
    _board: Board = field(init=False)
    _directions: list[Arrivals | Departures] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._board = Board(self._session, self._show_cancel)

    async def receive(self) -> None:
        """Take files from agents."""
        arrivals = Arrivals(self._session, self._board, self._folder)
        async with self._serving(arrivals) as tasks:
            if self._windows is not None:
                self._button(tasks, "open_folder", "folder", self._open_folder)

    async def hand_out(self) -> None:
        """Give files that the customer chooses."""
        chooser = None if self._windows is None else Chooser(self._windows)
        departures = Departures(self._session, self._board, chooser)
        async with self._serving(departures) as tasks:
            if chooser is not None:
                tasks.start_soon(chooser.run)
                tasks.start_soon(self._let_send, tasks, departures, chooser)
            tasks.start_soon(self._take_drops, departures)

    @asynccontextmanager
    async def _serving(self, direction: Arrivals | Departures) -> AsyncIterator[anyio.abc.TaskGroup]:
        """Run a direction until it ends, with whatever is started beside it."""
        self._directions.append(direction)
        try:
            async with anyio.create_task_group() as tasks:
                yield tasks
                await direction.run()
                tasks.cancel_scope.cancel()
        finally:
            self._directions.remove(direction)

    def _button(
        self, tasks: anyio.abc.TaskGroup, name: str, icon: str, act: Callable[[], Awaitable[None]]
    ) -> "ObeyedButton":
        button = ObeyedButton(self._session.notice.button(f"file_transfer.button.{name}", icon))
        tasks.start_soon(button.obey, act)
        return button

    async def _open_folder(self) -> None:
        try:
            await self._session.blocking(make_folder, self._folder)
        except OSError:
            self._board.say("no_folder")
            return
        if self._windows is not None:
            self._windows.open_folder(str(self._folder))

    async def _let_send(self, tasks: anyio.abc.TaskGroup, departures: Departures, chooser: Chooser) -> None:
        await departures.ready.wait()

        async def choose_and_send() -> None:
            if paths := await chooser.choose():
                await departures.send(paths)

        self._button(tasks, "send", "file", choose_and_send)

    async def _take_drops(self, departures: Departures) -> None:
        await departures.ready.wait()
        await while_granted(self._session, DROP, partial(self._obey_drops, departures))

    async def _obey_drops(self, departures: Departures) -> None:
        async for paths in self._session.notice.drops():
            await departures.send(paths)

    def _show_cancel(self) -> "ObeyedButton":
        return self._button(self._tasks, "cancel", "stop", self._cancel_all)

    async def _cancel_all(self) -> None:
        # A task of its own: the last transfer that ends takes the button, and who obeys it, away.
        for direction in self._directions:
            self._tasks.start_soon(direction.cancel_all)


@define(eq=False)
class ObeyedButton:
    """A button in the notice window and the task that does what it says."""

    _button: Button
    _scope: anyio.CancelScope = field(factory=anyio.CancelScope)

    async def obey(self, act: Callable[[], Awaitable[None]]) -> None:
        """Act at every press until disposed."""
        try:
            with self._scope:
                async for _ in self._button.presses():
                    await act()
        finally:
            self._button.dispose()

    def dispose(self) -> None:
        """Take the button away."""
        self._scope.cancel()
        self._button.dispose()


def make_folder(folder: Path) -> None:
    """Make the folder for received files; blocks."""
    folder.mkdir(parents=True, exist_ok=True)
