"""A session with this plugin on both sides, a customer's folder, and an agent who sends and takes files."""

import hashlib
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import fixtures
import pytest
from attrs import define, field

from deskside.testing import Kit, Page, pair
from deskside_file_transfer.messages import (
    CHUNK_BYTES,
    Accepted,
    Arrived,
    Chunk,
    Complete,
    Offer,
    OfferedFile,
    Progress,
    Resume,
    State,
    Take,
    WantState,
)
from deskside_file_transfer.plugin import WINDOWS
from deskside_file_transfer.windows import Picked

anyio_backend, artifacts, browser = fixtures.anyio_backend, fixtures.artifacts, fixtures.browser
Hook = Callable[[int], Any]


@define(eq=False)
class FakeWindows:
    """What qt.py supplies, with a customer who picks `picks` in every dialog."""

    folder: Path
    picks: tuple[Path, ...] = ()
    opened: list[str] = field(factory=list)
    dialogs: list[str] = field(factory=list)
    dismissed: list[int] = field(factory=list)
    is_slow: bool = False
    _events: deque[Picked] = field(factory=deque)
    _changed: anyio.Event = field(factory=anyio.Event)

    @property
    def events(self) -> AsyncIterator[Picked]:
        return self._read()

    async def _read(self) -> AsyncIterator[Picked]:
        while True:
            while not self._events:
                self._changed = anyio.Event()
                await self._changed.wait()
            yield self._events.popleft()

    async def documents(self) -> str:
        return str(self.folder)

    def choose(self, dialog: int, who: str) -> None:
        self.dialogs.append(who)
        if not self.is_slow:
            self._events.append(Picked(dialog, tuple(str(one) for one in self.picks)))
            self._changed.set()

    def dismiss(self, dialog: int) -> None:
        self.dismissed.append(dialog)

    def open_folder(self, path: str) -> None:
        self.opened.append(path)


@define(eq=False)
class Agent:
    """An agent's page that speaks as web/ does."""

    page: Page
    progress: list[int] = field(factory=list)
    """How far the host has said it is."""

    async def next(self, direction: str, kind: Any) -> Any:
        """Return the next message that is no progress."""
        channel = f"file_transfer.{direction}_offers"
        while True:
            message: Any = await self.page.receive(channel, object)  # type: ignore[type-var]
            if not isinstance(message, Progress):
                assert isinstance(message, kind), message
                return message
            self.progress.append(message.offset)

    async def say(self, direction: str, message: Any) -> None:
        await self.page.send(f"file_transfer.{direction}_offers", message)

    async def offer(self, **contents: bytes) -> dict[str, int]:
        """Offer files and return their ids."""
        ids = {name: secrets.randbelow(2**50) + 1 for name in contents}
        files = tuple(
            OfferedFile(ids[name], name.replace("_", "."), len(data)) for name, data in contents.items()
        )
        await self.say("send", Offer(files))
        return ids

    async def push(self, accepted: Accepted, content: bytes, after: Hook | None = None) -> bool:
        """Send the rest of a file; stop if `after`, called with what was sent, says so."""
        offset = accepted.offset
        while offset < len(content):
            piece = content[offset : offset + CHUNK_BYTES]
            await self.page.send("file_transfer.send_data", Chunk(accepted.id, accepted.run, offset, piece))
            offset += len(piece)
            if after is not None and await after(offset):
                return False
        digest = hashlib.sha256(content).digest()
        await self.page.send("file_transfer.send_data", Complete(accepted.id, accepted.run, digest))
        return True

    async def resume(self, number: int) -> Accepted:
        """Go on after a reload, as the page does."""
        await self.say("send", WantState())
        state: State = await self.next("send", State)
        assert number in [row.id for row in state.transfers]
        await self.say("send", Resume(number))
        accepted: Accepted = await self.next("send", Accepted)
        return accepted

    async def pull(self, offered: OfferedFile, content: bytearray, after: Hook | None = None) -> bool:
        """Take a file into `content`, going on where that ends; stop if `after` says so."""
        run = secrets.randbelow(2**30) + 1
        await self.say("fetch", Take(offered.id, run, len(content)))
        while True:
            message: Any = await self.page.receive("file_transfer.fetch_data", object)  # type: ignore[type-var]
            if message.run != run:
                continue
            if isinstance(message, Complete):
                digest = hashlib.sha256(content).digest()
                assert message.sha256 == digest
                await self.say("fetch", Arrived(offered.id, run, digest))
                return True
            assert message.offset == len(content)
            content.extend(message.content)
            if after is not None and await after(len(content)):
                return False


@define(eq=False)
class Support:
    """A running session."""

    kit: Kit
    windows: FakeWindows
    agent: Agent
    received: Path

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the values of audit events of this name."""
        return [dict(one.values) for one in self.kit.events if one.name == name]

    def names(self) -> list[str]:
        """Return what lies in the folder of received files, hidden or not."""
        return sorted(one.name for one in self.received.iterdir()) if self.received.is_dir() else []

    def message(self) -> str:
        """Return what the notice window says."""
        return " ".join(self.kit.host.notice.messages)

    def buttons(self) -> dict[str, str]:
        """Return the ids of the notice window's buttons by title."""
        return {one.title: one.id for one in self.kit.host.notice.buttons}

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until something holds and return it."""
        with anyio.fail_after(10):
            while not (found := condition()):  # noqa: ASYNC110 - it asks about files, too
                await anyio.sleep(0.01)
        return found

    async def shows(self, word: str) -> None:
        """Wait until the notice window says this."""
        await self.until(lambda: word in self.message())

    async def press(self, title: str) -> None:
        """Press a button of the notice window."""
        await self.until(lambda: title in self.buttons())
        self.kit.host.press(self.buttons()[title])


@asynccontextmanager
async def _support(folder: Path, **given: Any) -> AsyncIterator[Support]:
    windows = FakeWindows(folder)
    async with pair("deskside-file-transfer", services={WINDOWS: windows}, **given) as kit:
        page = await kit.page()
        for key in ("send", "fetch"):
            if f"file_transfer.{key}" not in given.get("refusals", {}):
                await page.until_feature(f"file_transfer.{key}", "ready")
        yield Support(kit, windows, Agent(page), folder / "Received Files")


@pytest.fixture
def support(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Support]]:
    """Return a function that opens a session with this plugin."""

    def open_support(**given: Any) -> AbstractAsyncContextManager[Support]:
        return _support(tmp_path / "documents", **given)

    return open_support
