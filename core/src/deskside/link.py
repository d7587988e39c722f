"""The core's own messages, on channel 0 of every link. Pure.

Host ↔ viewer and viewer ↔ page speak one list; who may send what is checked where it arrives.
"""

from enum import StrEnum

from attrs import field, frozen

from deskside.agree import Hello
from deskside.declare import Role
from deskside.grants import Answer
from deskside.limits import Length, OneOf, Range
from deskside.messages import Codec, Message
from deskside.notice import SessionState
from deskside.wire import MOST_PARTICIPANTS

MOST_PEOPLE = 64
MOST_DELIVERED = 2**52
"""Leaves numbers enough to go on from whatever a far end claims to have received."""
_KEY, _WORD, _LINE = Length(90), Length(64), Length(200)
_ID = Range(0, MOST_PARTICIPANTS)


class Far(StrEnum):
    """Which far end of a page is meant."""

    HOST = "host"
    VIEWER = "viewer"


class FeatureState(StrEnum):
    """What a participant can do with a feature now."""

    ON = "on"
    READY = "ready"
    ASK = "ask"
    REFUSED = "refused"
    STOPPED = "stopped"


@frozen
class Value:
    """One named value of a reason."""

    name: str = field(validator=_WORD)
    value: str = field(validator=_LINE)


@frozen
class Enter(Message):
    """Page → viewer, first: who I was (0 and empty if new), and the boot word of my memory."""

    participant: int = field(validator=_ID)
    secret: str = field(validator=_WORD)
    boot: str = field(validator=_WORD)


@frozen
class Welcome(Message):
    """Viewer → page: who you are; with `renew` your streams are gone, begin with a new boot word."""

    participant: int = field(validator=Range(1, MOST_PARTICIPANTS))
    secret: str = field(validator=_WORD)
    boot: str = field(validator=_WORD)
    renew: bool


@frozen
class Person:
    """Someone in the session."""

    id: int = field(validator=_ID)
    name: str = field(validator=Length(80))
    role: Role
    present: bool


@frozen
class Roster(Message):
    """Viewer → all: everyone in the session."""

    people: tuple[Person, ...] = field(validator=Length(MOST_PEOPLE))


@frozen
class Delivered:
    """The last packet received on one channel."""

    channel: str = field(validator=_KEY)
    number: int = field(validator=Range(0, MOST_DELIVERED))


@frozen
class Resync(Message):
    """What I have received of you, under which of your boot words; the other end repeats the rest.

    One speaks of the bulk lane's channels, one of all others. `far` is the end that is meant, in an
    answer the end that answers.
    """

    far: Far
    bulk: bool
    boot: str = field(validator=_WORD)
    knows: str = field(validator=_WORD)
    is_answer: bool
    delivered: tuple[Delivered, ...] = field(validator=Length(1000))


@frozen
class Ack(Message):
    """Receiver → sender: everything up to here is consumed."""

    channel: str = field(validator=_KEY)
    number: int = field(validator=Range(1, 2**53 - 1))


@frozen
class FeatureNow:
    """The state of one feature, with who refused and why."""

    key: str = field(validator=_KEY)
    state: FeatureState
    gate: str = field(default="", validator=_WORD)
    reason: str = field(default="", validator=_KEY)
    values: tuple[Value, ...] = field(default=(), validator=Length(20))
    is_paused: bool = False


@frozen
class Features(Message):
    """Viewer → host and pages: the state of every feature, for the receiver."""

    features: tuple[FeatureNow, ...] = field(validator=Length(1000))


@frozen
class Request(Message):
    """Page → viewer: switch these on, asking the customer if need be."""

    id: int = field(validator=Range(1, 2**31))
    features: tuple[str, ...] = field(validator=Length(20, 1, each=_KEY))
    detail: str = field(validator=_LINE)


@frozen
class Outcome(Message):
    """Viewer → page: what came of a request; the refusal of the first feature that was refused."""

    id: int = field(validator=Range(1, 2**31))
    granted: tuple[str, ...] = field(validator=Length(20, each=_KEY))
    gate: str = field(validator=_WORD)
    reason: str = field(validator=_KEY)
    values: tuple[Value, ...] = field(validator=Length(20))


@frozen
class Ask(Message):
    """Viewer → host: ask the customer."""

    id: int = field(validator=Range(1, 2**31))
    who: int = field(validator=_ID)
    features: tuple[str, ...] = field(validator=Length(20, 1, each=_KEY))
    detail: str = field(validator=_LINE)


@frozen
class Answered(Message):
    """Host → viewer: what the customer said."""

    id: int = field(validator=Range(1, 2**31))
    answer: Answer
    allowed: tuple[str, ...] = field(validator=Length(20, each=_KEY))


@frozen
class Withdraw(Message):
    """Page → viewer, or host → viewer: switch these off again."""

    features: tuple[str, ...] = field(validator=Length(20, 1, each=_KEY))


@frozen
class Paused(Message):
    """Host → viewer: the customer has paused or resumed a feature that stays granted."""

    feature: str = field(validator=_KEY)
    is_paused: bool


@frozen
class Stopped(Message):
    """Host ↔ viewer: a plugin failed on my side and is stopped for the session."""

    plugin: str = field(validator=_KEY)
    reason: str = field(validator=_KEY)


@frozen
class Retry(Message):
    """Page → viewer → host: start a stopped plugin again."""

    plugin: str = field(validator=_KEY)


@frozen
class SessionNow(Message):
    """Viewer → all: where the session is. Times are seconds since 1970, 0 if not yet."""

    state: SessionState
    reason: str = field(validator=_KEY)
    by: str = field(validator=_LINE)
    number: str = field(validator=_WORD)
    agent: str = field(validator=_LINE)
    company: str = field(validator=_LINE)
    customer: str = field(validator=_LINE)
    began: float
    ended: float
    sealed_to_agent: bool
    label: str = field(validator=OneOf(("", "trial", "demo")))
    hides_agent: bool = False
    """At the end the customer is not shown who helped him."""


@frozen
class End(Message):
    """Anyone → viewer: end the session."""

    reason: str = field(default="", validator=_KEY)


@frozen
class Admitted(Message):
    """Host → viewer: the customer has agreed to be helped; before this nothing of his machine is used."""


@frozen
class Entitled(Message):
    """Viewer → host: what this session may use and with which values, signed by those who may say so."""

    licence: str = field(validator=Length(65_536))
    entitlement: str = field(validator=Length(65_536))


@frozen
class MediaAck(Message):
    """Page → viewer: bytes of a media channel shown so far, since the page entered; the first, 0, joins."""

    channel: str = field(validator=_KEY)
    total: int = field(validator=Range(0, 2**53 - 1))
    arrived: int = field(default=0, validator=Range(0, 2**53 - 1))
    """The same of what has arrived, shown or not."""


@frozen
class ClassState(Message):
    """Viewer → owner: one quality class. `acked` (shown) and `arrived` count from when the link began."""

    channel: str = field(validator=_KEY)
    quality: int = field(validator=Range(1, 3))
    members: int = field(validator=Range(0, 1000))
    acked: int = field(validator=Range(0, 2**53 - 1))
    refresh: bool
    arrived: int = field(validator=Range(0, 2**53 - 1))


@frozen
class HostLink(Message):
    """Viewer → page: the line to the customer's machine, and its bulk road; `since` in seconds since 1970."""

    up: bool
    bulk: bool
    since: float


@frozen
class Closed(Message):
    """Either way: this channel is closed for you, and why; of a page, that it has closed one itself."""

    channel: str = field(validator=_KEY)
    reason: str = field(validator=_KEY)


@frozen
class Drop(Message):
    """Host → viewer: this page fell behind; it must begin anew."""

    reason: str = field(validator=_KEY)


@frozen
class Ping(Message):
    """Either way: answer with the same stamp."""

    stamp: float


@frozen
class Pong(Message):
    """The answer, with the viewer's last round trip to the host, or -1, and how late it gets to its work."""

    stamp: float
    line_ms: float
    server_ms: float = 0.0


CORE_MESSAGES: tuple[type[Message], ...] = (
    Hello, Enter, Welcome, Roster, Resync, Ack, Features, Request, Outcome, Ask, Answered, Withdraw, Paused,
    Stopped, Retry, SessionNow, End, Entitled, MediaAck, ClassState, HostLink, Closed, Drop, Ping, Pong,
    Admitted,
)  # fmt: skip
CORE = Codec.of(CORE_MESSAGES)
