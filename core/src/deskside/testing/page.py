"""A page in Python, for tests without a browser."""

import secrets
from collections.abc import Callable
from typing import TypeVar

import anyio
from attrs import define

from deskside.link import Ack, End, Outcome, Request, Withdraw
from deskside.messages import Message
from deskside.notice import SessionState
from deskside.testing.page_protocol import PageProtocol

Kind = TypeVar("Kind", bound=Message)
WAIT_S = 10


@define(eq=False)
class Page(PageProtocol):
    """One page, and what a test does with it."""

    async def send(self, channel: str, message: Message) -> None:
        """Send on a channel, waiting for room."""
        stream = self._stream(channel)
        await self.until(lambda: stream.out.has_room)
        stream.out.put(stream.codec.encode(message))
        if self._schedule is not None:
            self._schedule.put_stream(stream.out)

    async def receive(self, channel: str, kind: type[Kind]) -> Kind:
        """Return the next message of a channel, which must be of this kind; this acknowledges it."""
        stream = self._stream(channel)
        await self.until(lambda: bool(stream.queue))
        message = stream.queue.popleft()
        stream.inc.consumed = stream.inc.received - len(stream.queue)
        self.say(Ack(channel, stream.inc.consumed))
        assert isinstance(message, kind), f"{message!r} is no {kind.__name__}"
        return message

    def pending(self, channel: str) -> int:
        """Return how many messages of a channel have come and not been received."""
        return len(self._stream(channel).queue)

    async def request(self, *features: str, detail: str = "") -> Outcome:
        """Ask for features and return what came of it."""
        number = secrets.randbelow(2**30) + 1
        self.say(Request(number, features, detail))
        await self.until(lambda: number in self._outcomes)
        return self._outcomes.pop(number)

    def withdraw(self, *features: str) -> None:
        """Switch features off."""
        self.say(Withdraw(features))

    def end(self) -> None:
        """End the session."""
        self.say(End(""))

    def cut(self) -> None:
        """Lose the line; the page comes back by itself."""
        self._scope.cancel()

    def reload(self) -> None:
        """Forget everything but participant and secret, and come back."""
        self.boot = secrets.token_hex(8)
        self._streams.clear()
        self._boots.clear()
        self.media.clear()
        self.cut()

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT_S) -> None:
        """Wait until something holds."""
        with anyio.fail_after(seconds):
            while not condition():
                await self._changed.wait()

    async def until_state(self, state: SessionState) -> None:
        """Wait until the session is in a state."""
        await self.until(lambda: self.session is not None and self.session.state is state)

    async def until_feature(self, key: str, state: str) -> None:
        """Wait until a feature is in a state."""
        await self.until(lambda: key in self.features and self.features[key].state == state)
