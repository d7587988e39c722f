"""A plugin's end of a channel: an async context manager and iterator."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, Self

from attrs import define, frozen

from deskside.declare import ChannelSpec, Lane
from deskside.errors import ChannelClosed
from deskside.messages import Message
from deskside.port import ALL, Participant, Port, Received


@frozen
class ClassNeed:
    """What one quality class of a media channel can take now."""

    room_bytes: int
    refresh: bool
    rate_bytes_s: float


class MediaEnd(Protocol):
    """The owner's end of a media channel."""

    def classes(self) -> Mapping[int, ClassNeed]:
        """Return the classes that have members."""

    def offer(self, message: Message, quality: int, *, refresh: bool) -> bool:
        """Send to one class, if it has room."""

    async def changed(self) -> None:
        """Wait until room, refresh wishes or members change."""


@define(eq=False)
class Channel:
    """What a plugin holds: an async context manager and iterator of received messages."""

    name: str
    _port: Port | None
    _media: MediaEnd | None
    _everyone: Callable[[], list[int]]

    async def __aenter__(self) -> Self:
        if self._port is not None:
            self._port.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._port is not None:
            self._port.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Received:
        if self._port is None:
            raise ChannelClosed(f"{self.name} carries media; nothing is received on it")
        try:
            return await self._port.receive()
        except ChannelClosed:
            raise StopAsyncIteration from None

    async def send(self, message: Message, to: "int | Participant" = ALL) -> None:
        """Send one message, waiting until the far end has room.

        To everyone, this waits only while nobody has room.

        :raises ChannelClosed: if the channel has ended
        :raises TooLarge: if the message exceeds the channel's limit
        """
        if self._port is None:
            raise ChannelClosed(f"{self.name} carries media; use offer()")
        await self._port.send(message, to.id if isinstance(to, Participant) else to, self._everyone)

    def offer(
        self, message: Message, *, to: "int | Participant" = ALL, quality: int = 1, refresh: bool = False
    ) -> bool:
        """Send if it can go now, else return False; on a media channel, to one quality class."""
        if self._media is not None:
            return self._media.offer(message, quality, refresh=refresh)
        if self._port is None:
            return False
        return self._port.offer(message, to.id if isinstance(to, Participant) else to, self._everyone)

    def classes(self) -> Mapping[int, ClassNeed]:
        """Return what each quality class with members can take; empty on other channels."""
        return {} if self._media is None else self._media.classes()

    async def changed(self) -> None:
        """Wait until somebody may have room, came or went; on a media channel until a class has changed."""
        if self._media is not None:
            await self._media.changed()
        elif self._port is not None:
            await self._port.changed()


def is_media(spec: ChannelSpec) -> bool:
    """Tell whether a channel carries media."""
    return spec.lane is Lane.MEDIA
