"""Messages and channels of a plugin that exists only in these tests."""

from enum import StrEnum

from attrs import field, frozen

from deskside.declare import ChannelSpec, Ends, Lane, Role, Side
from deskside.limits import Length, OneOf, Range
from deskside.messages import Message


class Shade(StrEnum):
    """A few named values."""

    LIGHT = "light"
    DARK = "dark"


@frozen
class Line(Message):
    """A numbered line."""

    number: int = field(validator=Range(0, 2**53 - 1))
    text: str = field(default="", validator=Length(20_000))


@frozen
class Wish(Message):
    """Ask for the present state."""


@frozen
class Point:
    """A struct inside a message."""

    x: float
    y: float = field(default=0.0, validator=Range(-1, 1))


@frozen
class Everything(Message):
    """One field of every kind."""

    flag: bool
    count: int = field(validator=Range(-(2**53) + 1, 2**53 - 1))
    ratio: float
    word: str = field(validator=Length(5, 1))
    fixed: str = field(validator=OneOf(("", "one")))
    shade: Shade
    blob: bytes = field(validator=Length(100_000))
    maybe: str | None = field(validator=Length(50))
    points: tuple[Point, ...] = field(validator=Length(2000))
    pair: tuple[int, str] = field(validator=Length(3))
    names: tuple[str, ...] = field(default=(), validator=Length(20, each=Length(10)))


FEATURE = "probe.use"


def _spec(name: str, ends: Ends, lane: Lane, messages: tuple[type[Message], ...], window: int) -> ChannelSpec:
    owner = Side.HOST if ends is Ends.HOST_PAGE else Side.VIEWER
    roles = (Role.AGENT, Role.CUSTOMER)
    return ChannelSpec(
        name=name, feature=FEATURE, messages=messages, ends=ends, owner=owner, lane=lane, senders=roles,
        window_bytes=window,
    )  # fmt: skip


SPECS = {
    f"probe.{spec.name}": spec
    for spec in (
        _spec("talk", Ends.VIEWER_PAGE, Lane.CONTROL, (Line, Wish), 4096),
        _spec("kinds", Ends.VIEWER_PAGE, Lane.CONTROL, (Everything,), 256 * 1024),
        _spec("bulk", Ends.VIEWER_PAGE, Lane.BULK, (Line, Wish), 64 * 1024),
        _spec("far", Ends.HOST_PAGE, Lane.CONTROL, (Line, Wish), 4096),
        _spec("far_bulk", Ends.HOST_PAGE, Lane.BULK, (Line, Wish), 64 * 1024),
        _spec("film", Ends.HOST_PAGE, Lane.MEDIA, (Line,), 64 * 1024),
    )
}
NUMBERS = {name: number for number, name in enumerate(SPECS, start=1)}
