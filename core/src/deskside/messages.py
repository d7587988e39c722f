"""Message classes ↔ msgpack, with limits, and the schema a page gets. Pure.

On the wire a message is `[type, fields…]`. Each end numbers the types of a channel by their order in
its own declaration and tells the other in the hello; a sender uses the receiver's numbers and cuts
to the fields the receiver knows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgpack
from attrs import field, frozen

from deskside.errors import BadMessage, DeclarationError, TooLarge
from deskside.kinds import Schema, Struct, struct_of

MOST_TYPES = 100
DEFAULT_LIMIT = 1024 * 1024


class Message:
    """Base of everything that crosses the wire: a small frozen attrs class."""

    __slots__ = ()

    @classmethod
    def wire_name(cls) -> str:
        """Return the name both ends and the page use: `WantPicture` is `want_picture`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


@frozen
class KnownType:
    """What the far end said about one type: its number there, and how many fields it knows."""

    number: int
    fields: int


def pack(value: Any) -> bytes:
    """Return msgpack bytes."""
    packed: bytes = msgpack.packb(value, use_bin_type=True)
    return packed


def unpack(data: bytes, limit: int) -> Any:
    """Read exactly one msgpack value of bounded size, without maps, extensions or tricks.

    :raises BadMessage: if it is anything else
    """
    if len(data) > limit:
        raise BadMessage(f"{len(data)} bytes where at most {limit} are allowed")
    try:
        return msgpack.unpackb(
            data, raw=False, use_list=True, strict_map_key=True, max_map_len=0, max_ext_len=0,
            max_array_len=65_536,
        )  # fmt: skip
    except (ValueError, msgpack.UnpackException, RecursionError) as error:
        raise BadMessage(f"not one msgpack value: {type(error).__name__}") from None


@frozen
class Codec:
    """Encode and decode the messages of one channel.

    Without `far` (the far end's table) both ends are taken to know the same.
    """

    structs: tuple[Struct, ...]
    numbers: Mapping[type[Message], int]
    limit: int = DEFAULT_LIMIT
    far: Mapping[str, KnownType] | None = field(default=None)

    @classmethod
    def of(cls, messages: Sequence[type[Message]], limit: int = DEFAULT_LIMIT) -> "Codec":
        """Compile message classes.

        :raises DeclarationError: if one cannot cross the wire, or two have one name
        """
        if len(messages) > MOST_TYPES:
            raise DeclarationError(f"a channel has at most {MOST_TYPES} message types")
        names = [one.wire_name() for one in messages]
        if len(set(names)) != len(names):
            raise DeclarationError(f"two messages of one channel share a name: {', '.join(sorted(names))}")
        structs = tuple(struct_of(one) for one in messages)
        return cls(structs, {one: number for number, one in enumerate(messages)}, limit)

    def known(self) -> list[tuple[str, int]]:
        """Return what the hello tells: names and field counts, in order of number."""
        return [(kind.wire_name(), len(self.structs[number].names)) for kind, number in self.numbers.items()]

    def towards(self, told: Sequence[tuple[str, int]]) -> "Codec":
        """Return this codec for a far end that told its table."""
        table = {name: KnownType(number, count) for number, (name, count) in enumerate(told)}
        return Codec(self.structs, self.numbers, self.limit, table)

    def encode(self, message: Message) -> bytes:
        """Return the bytes of a message.

        :raises BadMessage: if the channel, or the far end, has no such type
        :raises TooLarge: if it exceeds the channel's limit
        """
        number = self.numbers.get(type(message))
        if number is None:
            raise BadMessage(f"{type(message).__name__} is not declared on this channel")
        struct, known = self.structs[number], None
        if self.far is not None:
            told = self.far.get(message.wire_name())
            if told is None:
                raise BadMessage(f"the far end does not know {message.wire_name()}")
            number, known = told.number, told.fields
        body = pack([number, *struct.pack(message, known)])
        if len(body) > self.limit:
            raise TooLarge(f"{message.wire_name()} has {len(body)} bytes; at most {self.limit} are allowed")
        return body

    def decode(self, body: bytes) -> Message:
        """Check bytes from the far end and build the message.

        :raises BadMessage: if length, type, fields or limits do not fit
        """
        raw = unpack(body, self.limit)
        if type(raw) is not list or not raw or type(raw[0]) is not int:
            raise BadMessage("a message is a list that begins with its type")
        if not 0 <= raw[0] < len(self.structs):
            raise BadMessage(f"unknown message type {raw[0]}")
        message: Message = self.structs[raw[0]].unpack(raw[1:])
        return message

    def schema(self) -> list[Schema]:
        """Return what a page needs to speak on this channel."""
        return [
            {"name": kind.wire_name(), "fields": self.structs[number].schema()}
            for kind, number in self.numbers.items()
        ]


@frozen
class Translation:
    """Checks messages on their way to a third party, and puts them as that one understands them."""

    codec: Codec
    is_same: bool
    """True if the receiver's table is ours, so that checked bytes can go on as they are."""

    @classmethod
    def of(cls, towards: Codec) -> "Translation":
        """Prepare for a codec towards its receiver."""
        own = {kind: (number, count) for number, (kind, count) in enumerate(towards.known())}
        far = {kind: (told.number, told.fields) for kind, told in (towards.far or {}).items()}
        return cls(towards, own == far)

    def checked(self, body: bytes) -> bytes:
        """Return the body to pass on.

        :raises BadMessage: if it is not a message of this channel
        """
        message = self.codec.decode(body)
        return body if self.is_same else self.codec.encode(message)
