"""Whatever comes over a line is refused as this program refuses, or taken; nothing else ever happens."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import courier_code.host
import courier_code.plugin
import courier_code.viewer
import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside.chain import Trust
from deskside.declare import Role, Side
from deskside.errors import BadMessage, DesksideError, PairingFailed
from deskside.grants import Answer, Grant
from deskside.host_ports import HostPorts
from deskside.host_session import HostSession
from deskside.link import CORE, FeatureNow, Features, FeatureState, Person, Roster
from deskside.loader import load
from deskside.messages import pack
from deskside.notice import Answered
from deskside.pairing import Code
from deskside.port import Participant
from deskside.sealed import End
from deskside.session import Surroundings
from deskside.testing import plugin
from deskside.transport import memory_road, pair, seal
from deskside.viewer_memory import Known, Memory
from deskside.viewer_page import PageInbox, PageLink
from deskside.viewer_ports import Entitlement, ViewerPorts
from deskside.viewer_session import ViewerSession
from deskside.wire import Packet

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
COURIER = plugin("courier", plugin=courier_code.plugin, host=courier_code.host, viewer=courier_code.viewer)
LOADED = {side: load(side, lambda _: True, [COURIER]) for side in (Side.HOST, Side.VIEWER)}
CHANNELS = sorted(LOADED[Side.VIEWER].catalogue.channels)
SEARCH = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
QUICK = settings(max_examples=400, deadline=None)


def valued(kind: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values on the wire that fit a field's schema."""
    match kind["kind"]:
        case "bool":
            return st.booleans()
        case "int":
            return st.integers(kind.get("min", -(2**63)), kind.get("max", 2**63 - 1)) | st.integers(1, 6)
        case "float":
            return st.floats(allow_nan=False) | st.just(1.0)
        case "text" if "values" in kind:
            return st.sampled_from(kind["values"])
        case "text":
            return st.sampled_from(words(kind)) | st.text(
                min_size=kind.get("min", 0), max_size=min(kind.get("max", 9), 9)
            )
        case "bytes":
            return st.binary(min_size=kind.get("min", 0), max_size=max(kind.get("min", 0), 9))
        case "maybe":
            return st.none() | valued(kind["of"])
        case "list":
            return st.lists(valued(kind["of"]), min_size=kind.get("min", 0), max_size=kind.get("min", 0) + 3)
        case "tuple":
            return st.tuples(*map(valued, kind["of"])).map(list)
        case _:
            return st.tuples(*map(valued, kind["fields"])).map(list)


def words(kind: dict[str, Any]) -> list[str]:
    """Return words that mean something to a session and fit."""
    known = ["courier", "courier.carry", "courier.show", *CHANNELS, "b", "{}", "[" * 3000, "refused.stopped"]
    fitting = [one for one in known if kind.get("min", 0) <= len(one) <= kind.get("max", 10**6)]
    return fitting or ["x" * kind.get("min", 1)]


def core_bodies() -> st.SearchStrategy[bytes]:
    """Return bodies of core messages, each within its limits."""
    schema = CORE.schema()
    kinds = [
        st.tuples(*map(valued, one["fields"])).map(lambda values, n=number: pack([n, *values]))
        for number, one in enumerate(schema)
    ]
    return st.one_of(kinds)


def packets() -> st.SearchStrategy[bytes]:
    """Return packets: the core's, channels', and no packets at all."""
    participants = st.integers(0, 3)
    core = st.builds(lambda who, body: Packet(0, 0, who, body).encode(), participants, core_bodies())
    notes = st.integers(0, 9).map(lambda number: pack([0, number, "x"]))
    bodies = st.binary(max_size=20) | notes | core_bodies()
    ours = st.builds(
        lambda channel, number, who, body: Packet(channel, number, who, body).encode(),
        st.integers(0, len(CHANNELS) + 2),
        st.integers(0, 4) | st.integers(0, 2**53 - 1),
        participants,
        bodies,
    )
    return core | ours | st.binary(max_size=40)


async def no(*_: object) -> Any:
    raise AssertionError("nobody is asked here")


def host() -> Callable[[bytes], None]:
    """Return what a host does with a packet."""
    around = Surroundings(LOADED[Side.HOST], lambda _: None, LOADED[Side.HOST].catalogue.texts())
    ports = HostPorts(dial=no, consent=no, show=lambda _: None)
    session = HostSession("s", around, ports, secret=b"s" * 32)
    session.link.roads = {False: object(), True: object()}  # type: ignore[dict-item]
    session.link.received(Packet(0, 0, 0, CORE.encode(session.hello)), False)
    people = tuple(Person(number, "name", Role.AGENT, True) for number in (1, 2))
    session.link.received(Packet(0, 0, 0, CORE.encode(Roster(people))), False)
    on = tuple(FeatureNow(key, FeatureState.ON) for key in LOADED[Side.HOST].catalogue.features)
    session.desk.licensed = frozenset(one.key for one in on)
    session.link.received(Packet(0, 0, 0, CORE.encode(Features(on))), False)
    return lambda raw: session.link.received(Packet.decode(raw), False)


def viewer_session() -> ViewerSession:
    """Return a viewer's session with two pages and an agreement."""
    around = Surroundings(LOADED[Side.VIEWER], lambda _: None, LOADED[Side.VIEWER].catalogue.texts())
    ports = ViewerPorts(dial=no, burnt=no, paired=no, save=no, changed=lambda: None)
    memory = Memory(
        id="s", number="S-1", kind="pc", user="1", agent="Lee", company="Hanbit", ticket="", secret=b"s" * 32
    )
    features = {key: Grant(key, {}) for key in LOADED[Side.VIEWER].catalogue.features}
    given = Entitlement(licence="", entitlement="", label="", features=features)
    session = ViewerSession(around, ports, memory, given)
    session.link.roads = {False: object(), True: object()}  # type: ignore[dict-item]
    for number, role in ((1, Role.AGENT), (2, Role.OBSERVER), (3, Role.CUSTOMER)):
        known = Known(number, "name", role, "secret")
        session.pages[number] = PageLink(known, memory_road()[0], session.page_numbers)
        session.people[number] = Participant(number, "name", role)
    session.link.received(Packet(0, 0, 0, CORE.encode(session.hello)), False)
    return session


def viewer() -> Callable[[bytes], None]:
    """Return what a viewer does with a packet of its host."""
    session = viewer_session()
    return lambda raw: session.link.received(Packet.decode(raw), False)


def page(role: int) -> Callable[[bytes], None]:
    """Return what a viewer does with a packet of a page."""
    session = viewer_session()
    inbox = PageInbox(session, session.pages[role])
    return lambda raw: inbox.received(Packet.decode(raw))


ENDS: dict[str, Callable[[], Callable[[bytes], None]]] = {
    "host": host,
    "viewer": viewer,
    "agent": lambda: page(1),
    "observer": lambda: page(2),
    "customer": lambda: page(3),
}


async def feed(end: str, given_packets: list[bytes]) -> None:
    """Give packets to an end; it may refuse each."""
    receive = ENDS[end]()
    for raw in given_packets:
        with suppress(DesksideError):
            receive(raw)


@pytest.mark.feature("FRM-05")
@pytest.mark.parametrize("end", sorted(ENDS))
def test_no_packets_in_any_order_bring_an_end_down(end: str) -> None:
    @SEARCH
    @given(st.lists(packets(), max_size=12))
    def search(given_packets: list[bytes]) -> None:
        anyio.run(feed, end, given_packets)

    search()


@pytest.mark.parametrize("role", [1, 2, 3])
def test_nothing_a_page_sends_ends_the_road_between_the_programs(role: int) -> None:
    async def cross(given_packets: list[bytes]) -> None:
        session, receive = viewer_session(), host()
        session.grants.judge()
        inbox = PageInbox(session, session.pages[role])
        session.pages[role].synced = {False, True}
        session.link.schedule.clear()
        for raw in given_packets:
            with suppress(DesksideError):
                inbox.received(Packet.decode(raw))
            while (packet := session.link.schedule.next()) is not None:
                receive(packet.encode())

    @SEARCH
    @given(st.lists(packets(), max_size=12))
    def search(given_packets: list[bytes]) -> None:
        anyio.run(cross, given_packets)

    search()


def cases(target: str) -> list[Any]:
    """Return what was found before."""
    return [pytest.param(path, id=path.stem) for path in sorted((CORPUS / target).glob("*.bin"))]


@pytest.mark.parametrize("path", cases("packets"))
def test_packets_found_before_bring_no_end_down(path: Path) -> None:
    for end in ENDS:
        anyio.run(feed, end, msgpack.unpackb(path.read_bytes()))


def told_trust(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    Trust().check(text, text, "s", 0.0)
    Trust(("00" * 32,)).check(text, text, "s", 0.0)


DECODERS: dict[str, Callable[[bytes], object]] = {
    "packet": Packet.decode,
    "core": CORE.decode,
    "memory": Memory.from_bytes,
    "code": lambda data: Code.read(data.decode("utf-8", "surrogateescape")),
    "trust": told_trust,
}


@pytest.mark.parametrize("name", sorted(DECODERS))
def test_no_bytes_bring_a_decoder_down(name: str) -> None:
    values = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=5),
        max_leaves=12,
    )
    jsons = st.sampled_from([b"[" * 3000, b"{}", b"null", b'{"secret": 1}', b'{"secret": "", "pages": []}'])

    @QUICK
    @given(st.binary(max_size=200) | values.map(pack) | jsons)
    def search(data: bytes) -> None:
        with suppress(DesksideError):
            DECODERS[name](data)

    search()


@pytest.mark.parametrize("path", cases("decoders"))
def test_bytes_found_before_bring_no_decoder_down(path: Path) -> None:
    with suppress(DesksideError):
        DECODERS[path.stem.partition("-")[0]](path.read_bytes())


@pytest.mark.parametrize("exchange", ["pair", "seal"])
def test_no_bytes_bring_a_handshake_down_or_make_it_succeed(exchange: str) -> None:
    contents = st.binary(max_size=80) | st.binary(min_size=33, max_size=33)
    told = st.tuples(st.integers(0, 4), contents).map(lambda one: pack(list(one)))
    frames = st.binary(max_size=120) | told

    async def shake(given_frames: list[bytes]) -> None:
        ours, theirs = memory_road(8)
        for frame in given_frames:
            await theirs.send(frame)
        for pipe in (ours._inbound,):
            pipe.is_closed = True
        if exchange == "pair":
            await pair(ours, End.HOST, "1234", b"s")
        else:
            await seal(ours, End.VIEWER, b"main", b"s" * 32, lambda size: b"n" * size)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(frames, min_size=1, max_size=4))
    def search(given_frames: list[bytes]) -> None:
        with pytest.raises(DesksideError):
            anyio.run(shake, given_frames)

    search()


def test_the_answer_to_every_question_stays_the_customers() -> None:
    """A viewer's messages alone never make a feature run that asks."""
    around = Surroundings(LOADED[Side.HOST], lambda _: None, LOADED[Side.HOST].catalogue.texts())
    session = HostSession("s", around, HostPorts(dial=no, consent=no, show=lambda _: None), secret=b"s" * 32)

    @SEARCH
    @given(st.lists(packets(), max_size=12))
    def search(given_packets: list[bytes]) -> None:
        for raw in given_packets:
            with suppress(BadMessage, PairingFailed, DesksideError):
                session.link.received(Packet.decode(raw), False)
        assert not session.allows("courier.show")
        assert Answered(Answer.YES) not in session.desk.answers.values()

    search()
