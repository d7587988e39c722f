"""Customer program: receives files, hands out those the customer chooses, and says so."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field

from deskside.api import Button, NotGranted, PluginSession, hookimpl
from deskside_file_transfer.arrivals import Arrivals
from deskside_file_transfer.board import Board
from deskside_file_transfer.departures import Departures
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
        if session.allows(SEND):
            desk.receive()
        if session.allows(FETCH):
            desk.hand_out()


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

    def receive(self) -> None:
        """Take files from agents."""
        arrivals = Arrivals(self._session, self._board, self._folder)
        self._directions.append(arrivals)
        self._tasks.start_soon(arrivals.run)
        if self._windows is not None:
            self._button("file_transfer.button.open_folder", "folder", self._open_folder)

    def hand_out(self) -> None:
        """Give files that the customer chooses."""
        chooser = None if self._windows is None else Chooser(self._windows)
        departures = Departures(self._session, self._board, chooser)
        self._directions.append(departures)
        self._tasks.start_soon(departures.run)
        if chooser is not None:
            self._tasks.start_soon(chooser.run)
            self._tasks.start_soon(self._let_send, departures, chooser)
        if self._session.allows(DROP):
            self._tasks.start_soon(self._take_drops, departures)

    def _button(self, title: str, icon: str, act: Callable[[], Awaitable[None]]) -> "ObeyedButton":
        button = ObeyedButton(self._session.notice.button(title, icon))
        self._tasks.start_soon(button.obey, act)
        return button

    async def _open_folder(self) -> None:
        try:
            await self._session.blocking(make_folder, self._folder)
        except OSError:
            self._board.say("no_folder")
            return
        if self._windows is not None:
            self._windows.open_folder(str(self._folder))

    async def _let_send(self, departures: Departures, chooser: Chooser) -> None:
        await departures.ready.wait()

        async def choose_and_send() -> None:
            if paths := await chooser.choose():
                await departures.send(paths)

        self._button("file_transfer.button.send", "file", choose_and_send)

    async def _take_drops(self, departures: Departures) -> None:
        await departures.ready.wait()
        async for paths in self._session.notice.drops():
            await departures.send(paths)

    def _show_cancel(self) -> "ObeyedButton":
        return self._button("file_transfer.button.cancel", "stop", self._cancel_all)

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
        with self._scope:
            async for _ in self._button.presses():
                await act()

    def dispose(self) -> None:
        """Take the button away."""
        self._scope.cancel()
        self._button.dispose()


def make_folder(folder: Path) -> None:
    """Make the folder for received files; blocks."""
    folder.mkdir(parents=True, exist_ok=True)
