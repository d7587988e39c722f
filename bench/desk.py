"""A session under measurement: its page, its customer, a window that waits for keys, and file transfers."""

import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import anyio
import anyio.to_thread
from kit import until
from notice import Notice
from Xlib import X, error
from Xlib.display import Display

from deskside.testing import Page
from deskside_control.messages import ControllerChanged, KeyPressed, Take, WantState
from deskside_file_transfer import messages as files

INPUT = "control.input"
KEYBOARD = "control.keyboard"
CONSENTED = ("control.mouse", KEYBOARD)
BIG_MB = 300
FILL_S = 4.0
"""How long a transfer runs before keys are measured: until every buffer is full."""
ALONE, UP, DOWN = "alone", "file to the customer", "file from the customer"


class Target:
    """A window on the customer's screen that has the keyboard and notes when a key arrives."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        screen = self._display.screen()
        self._window = screen.root.create_window(
            40, 40, 300, 200, 0, screen.root_depth, event_mask=X.KeyPressMask, override_redirect=True
        )
        self._window.map()
        self._display.sync()
        self.focus()
        self.arrived: SimpleQueue[float] = SimpleQueue()
        Thread(target=self._watch, daemon=True).start()

    def focus(self) -> None:
        """Take the keyboard."""
        self._window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()

    def _watch(self) -> None:
        with contextlib.suppress(error.ConnectionClosedError):
            while True:
                if self._display.next_event().type == X.KeyPress:
                    self.arrived.put(time.perf_counter())


class Desk:
    """A running session and its customer."""

    def __init__(self, page: Page, notice: Notice, target: Target, folder: Path) -> None:
        self.page, self.notice, self.target = page, notice, target
        self.big = folder / "big.bin"
        self.big.write_bytes(bytes(range(256)) * (BIG_MB * 4096))
        self.moved = 0
        self._ids = iter(range(1, 1000))

    async def take_control(self) -> None:
        """Ask for mouse and keyboard, let the customer agree, and take them."""
        outcomes: list[Any] = []
        async with anyio.create_task_group() as tasks:
            agree = self.notice.agree_until
            tasks.start_soon(anyio.to_thread.run_sync, agree, lambda: bool(outcomes), "control")
            outcomes.append(await self.page.request(*CONSENTED))
        await self.page.send(INPUT, Take())
        while (await self.page.receive(INPUT, ControllerChanged)).participant != self.page.participant:
            pass
        # The customer's own click suspends the agent for two seconds.
        await anyio.sleep(2.5)
        self.target.focus()

    async def press(self) -> tuple[float, float | None]:
        """Press a key; return the round trip and how long the key took to the customer's screen."""
        began = time.perf_counter()
        await self.page.send(INPUT, KeyPressed("a", "KeyA", True))
        await self.page.send(INPUT, WantState())
        while True:
            message: Any = await self.page.receive(INPUT, object)  # type: ignore[type-var]
            if isinstance(message, ControllerChanged):
                break
        trip = time.perf_counter() - began
        await self.page.send(INPUT, KeyPressed("a", "KeyA", False))
        try:
            arrived = await anyio.to_thread.run_sync(lambda: self.target.arrived.get(timeout=5))
        except Empty:
            return trip, None
        return trip, arrived - began

    @asynccontextmanager
    async def transfer(self, what: str) -> AsyncIterator[None]:
        """Have a transfer under way."""
        if what == ALONE:
            yield
            return
        async with anyio.create_task_group() as tasks:
            begin, moves = (self._begin_up, self._up) if what == UP else (self._begin_down, self._down)
            accepted = await begin()
            tasks.start_soon(moves, accepted)
            await anyio.sleep(FILL_S)
            yield
            tasks.cancel_scope.cancel()
        direction = "send" if what == UP else "fetch"
        await self.page.send(f"file_transfer.{direction}_offers", files.Cancel(accepted.id))
        await self._calm_down(direction)

    async def _begin_up(self) -> Any:
        offered = files.OfferedFile(next(self._ids), "big.bin", self.big.stat().st_size)
        await self.page.send("file_transfer.send_offers", files.Offer((offered,)))
        await anyio.to_thread.run_sync(self.notice.say_yes)
        self.target.focus()
        return await self._next("send", files.Accepted)

    async def _up(self, accepted: Any) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._note_progress)
            piece = bytes(files.CHUNK_BYTES)
            for offset in range(0, BIG_MB * 2**20, len(piece)):
                chunk = files.Chunk(accepted.id, accepted.run, offset, piece)
                await self._patiently(self.page.send, "file_transfer.send_data", chunk)

    async def _note_progress(self) -> None:
        while True:
            message: Any = await self._receive("file_transfer.send_offers")
            if isinstance(message, files.Progress):
                self.moved = message.offset

    async def _begin_down(self) -> Any:
        await self.page.send("file_transfer.fetch_offers", files.AskForFiles(next(self._ids)))
        await anyio.to_thread.run_sync(self._choose)
        offer = await self._next("fetch", files.Offer)
        taken = files.Take(offer.files[0].id, next(self._ids), 0)
        await self.page.send("file_transfer.fetch_offers", taken)
        return taken

    async def _down(self, _: Any) -> None:
        while True:
            message: Any = await self._receive("file_transfer.fetch_data")
            if isinstance(message, files.Chunk):
                self.moved = message.offset

    def _choose(self) -> None:
        """Agree, then choose the big file in the dialog."""
        before = set(self._windows())
        self.notice.say_yes()
        dialog = until(lambda: set(self._windows()) - before, "a file dialog").pop()
        time.sleep(1)
        self.notice.do("windowfocus", dialog)
        self.notice.do("type", "--delay", "20", str(self.big))
        self.notice.do("key", "Return")
        until(lambda: dialog not in self._windows(), "a chosen file")
        time.sleep(2.5)
        self.target.focus()

    def _windows(self) -> list[str]:
        return self.notice.do("search", "--onlyvisible", "--name", "[A-Za-z]", check=False).split()

    async def _calm_down(self, direction: str) -> None:
        """Take what still comes until nothing does."""
        for channel in (f"file_transfer.{direction}_offers", f"file_transfer.{direction}_data"):
            with anyio.move_on_after(3):
                while True:
                    await self._receive(channel)
        self.moved = 0
        self.target.focus()

    async def _next(self, direction: str, kind: type) -> Any:
        while not isinstance(message := await self._receive(f"file_transfer.{direction}_offers"), kind):
            if isinstance(message, files.Declined | files.Failed):
                raise RuntimeError(f"the transfer did not begin: {message}")
        return message

    async def _receive(self, channel: str) -> Any:
        return await self._patiently(self.page.receive, channel, object)

    async def _patiently(self, function: Any, *arguments: Any) -> Any:
        """Call again where the page gives up after ten seconds: a slow line may take longer."""
        while True:
            try:
                return await function(*arguments)
            except TimeoutError:
                continue
