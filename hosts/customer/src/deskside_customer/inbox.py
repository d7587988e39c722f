"""Values that any thread puts in and the session's loop takes out, in order and bounded."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, NoReturn, Self, TypeVar

import anyio

from deskside.errors import DesksideError

Value = TypeVar("Value")
MOST_WAITING = 4096


async def outcome_of(main: Awaitable[Value]) -> Callable[[], Value]:
    """Wait for something; return what gives its result or raises its error, outside any task group.

    A task group would hide an error that is one sentence for a person in a group of errors.
    """
    try:
        result = await main
    except DesksideError as error:
        return partial(_throw, error)
    return lambda: result


def _throw(error: DesksideError) -> NoReturn:
    raise error


class Loop:
    """The session's event loop as other threads see it: there is none before it runs and after it ended."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._early: list[Callable[[], None]] = []

    def attach(self) -> None:
        """Say that the loop this is called on is the session's."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            early, self._early = self._early, []
        for call in early:
            call()

    def soon(self, call: Callable[[], None]) -> None:
        """Run something on the loop from any thread, never waiting; nothing happens once it has ended."""
        with self._lock:
            loop = self._loop
            if loop is None:
                self._early.append(call)
                return
        try:
            loop.call_soon_threadsafe(call)
        except RuntimeError:
            return


class Inbox(Generic[Value]):
    """An async iterator over what other threads put in; for one reader."""

    def __init__(self, loop: Loop, most: int = MOST_WAITING) -> None:
        self._loop = loop
        self._most = most
        self._values: deque[Value] = deque()
        self._bell = anyio.Event()
        self._is_closed = False

    def put(self, value: Value) -> bool:
        """Add a value from any thread; False if the reader is too far behind or gone."""
        if self._is_closed or len(self._values) >= self._most:
            return False
        self._values.append(value)
        self._loop.soon(self._ring)
        return True

    def close(self) -> None:
        """End the iteration once everything has been taken out."""
        self._is_closed = True
        self._loop.soon(self._ring)

    def _ring(self) -> None:
        self._bell.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Value:
        while not self._values:
            if self._is_closed:
                raise StopAsyncIteration
            # Values are put in before the bell is rung on this very loop, so none is missed in between.
            self._bell = anyio.Event()
            if not self._values and not self._is_closed:
                await self._bell.wait()
        return self._values.popleft()


class Outcome(Generic[Value]):
    """One value that another thread settles; the first to settle it wins."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._values: list[Value] = []
        self._bell = anyio.Event()

    @property
    def is_settled(self) -> bool:
        """Return whether there is a value."""
        return bool(self._values)

    def settle(self, value: Value) -> None:
        """Give the value from any thread; a second one is passed over."""
        with self._lock:
            if self._values:
                return
            self._values.append(value)
        self._loop.soon(self._bell.set)

    async def within(self, seconds: float) -> bool:
        """Wait at most so long; return whether there is a value."""
        with anyio.move_on_after(seconds):
            await self._bell.wait()
        return self.is_settled

    def value(self) -> Value:
        """Return the value, which must be there."""
        return self._values[0]
