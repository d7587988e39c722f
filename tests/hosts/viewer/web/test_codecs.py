"""The page's msgpack, packets and schema against the core's, in both directions and with hostile bytes."""

import base64
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgpack
import pytest
from attrs import evolve
from hosts.viewer.web.probe import Everything, Point, Shade
from hosts.viewer.web.stand_in import StandIn
from playwright.sync_api import Browser, Page

from deskside.errors import BadMessage
from deskside.link import CORE, CORE_MESSAGES
from deskside.messages import Codec, unpack
from deskside.wire import Packet

pytestmark = pytest.mark.browser

LIMIT = 1024 * 1024
PRELUDE = """
const m = await import("/viewer/lib/msgpack.js");
const s = await import("/viewer/lib/schema.js");
const p = await import("/viewer/lib/packet.js");
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const text = (raw) => btoa(Array.from(raw, (one) => String.fromCharCode(one)).join(""));
const attempt = (step) => {
  try { return step(); } catch (error) { return `${error.name}: ${error.message}`; }
};
"""
FULL = Everything(
    flag=True, count=-(2**53) + 1, ratio=0.1, word="한글😀ab", fixed="one", shade=Shade.DARK,
    blob=bytes(range(256)),
    maybe=None, points=(Point(1.5, -0.25), Point(-3.0)), pair=(7, "abc"), names=("x", "é" * 10),
)  # fmt: skip
CODEC = Codec.of((Everything,))


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with StandIn(console={"sessions": []}) as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server.address}/look/icon.svg")
        yield page
        context.close()


def run(page: Page, code: str, argument: Any = None) -> Any:
    return page.evaluate(f"async (given) => {{ {PRELUDE} {code} }}", argument)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def random_values(seed: int, count: int) -> list[Any]:
    chance = random.Random(seed)

    def value(depth: int) -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: None,
            lambda: chance.random() < 0.5,
            lambda: chance.randint(-(2 ** chance.randint(1, 53)) + 1, 2 ** chance.randint(1, 53) - 1),
            lambda: struct.unpack(">d", chance.randbytes(8))[0],
            lambda: "".join(
                chance.choice("aé한中😀\u0000\ufeff") for _ in range(chance.choice([0, 3, 31, 32, 300]))
            ),
            lambda: chance.randbytes(chance.choice([0, 1, 255, 256, 70_000])),
        ]
        if depth < 4:
            kinds.append(lambda: [value(depth + 1) for _ in range(chance.choice([0, 2, 15, 16, 40]))])
        return chance.choice(kinds)()

    edges = [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1]
    negative = [-1, -32, -33, -128, -129, -32768, -32769, -(2**31), -(2**31) - 1, -(2**53) + 1]
    return [*edges, *negative, 0.5, -0.0, 1e300, float("inf"), *(value(0) for _ in range(count))]


def test_values_packed_here_are_unpacked_and_packed_the_same_there(page: Page) -> None:
    packed = [msgpack.packb(value) for value in random_values(1, 300)]

    back = run(
        page,
        "return given.map((one) => text(m.encode(m.decode(bytes(one), 1e9))));",
        [b64(one) for one in packed],
    )

    for before, after in zip(packed, back, strict=True):
        ours, theirs = msgpack.unpackb(before), msgpack.unpackb(base64.b64decode(after))
        assert repr(ours) == repr(theirs) or ours == theirs or ours != ours


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xc1", b"\x81\xa1a\x01", b"\xde\x00\x01\xa1a\x01", b"\xc7\x01\x01a", b"\xd4\x01a", b"\x91",
        b"\xdd\xff\xff\xff\xff", b"\xdc\xff\xff\x01", b"\xc6\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xffa",
        b"\xa2\xff\xfe", b"\x01\x01", b"\x91" * 5000 + b"\x01", b"\xd9\x05abc", b"\xcb\x00\x00", b"\xcd\x01",
        b"\xdd\x00\x01\x00\x01" + b"\xc0" * 65537,
    ],
    ids=lambda data: data[:6].hex() or "empty",
)  # fmt: skip
def test_hostile_bytes_are_refused_by_both(page: Page, data: bytes) -> None:
    said = run(page, "return attempt(() => { m.decode(bytes(given), 1e6); return 'taken'; });", b64(data))

    with pytest.raises(BadMessage):
        unpack(data, LIMIT)
    assert said.startswith("BadMessage: ")


def test_random_bytes_never_crash_the_page_and_are_taken_only_if_the_core_takes_them(page: Page) -> None:
    chance = random.Random(3)
    whole = CODEC.encode(FULL)
    samples = [chance.randbytes(chance.randint(1, 40)) for _ in range(800)]
    for _ in range(800):
        torn = bytearray(whole[: chance.choice([len(whole), chance.randint(1, len(whole))])])
        torn[chance.randrange(len(torn))] = chance.randrange(256)
        samples.append(bytes(torn))

    said = run(
        page,
        """const codec = new s.Codec(given.schema);
        return given.samples.map((one) => attempt(() => { codec.decode(bytes(one)); return "taken"; }));""",
        {"schema": CODEC.schema(), "samples": [b64(one) for one in samples]},
    )

    for data, there in zip(samples, said, strict=True):
        assert there == "taken" or there.startswith("BadMessage: "), there
        try:
            CODEC.decode(data)
            here = True
        except BadMessage:
            here = False
        assert here == (there == "taken"), (data, there)


def test_packets_are_read_alike(page: Page) -> None:
    good = Packet(1000, 2**53 - 1, 1000, b"\x00\xff" * 200)
    bad = [
        [1001, 1, 1, b""],
        [1, -1, 1, b""],
        [1, 1, 1, "text"],
        [1, 1, 1],
        [1.5, 1, 1, b""],
        [True, 1, 1, b""],
    ]

    back = run(
        page,
        """const { channel, number, participant, body } = p.decodePacket(bytes(given));
        return text(p.encodePacket(channel, number, participant, body));""",
        b64(good.encode()),
    )
    said = run(
        page, "return given.map((one) => attempt(() => { p.decodePacket(bytes(one)); return 'taken'; }));",
        [b64(msgpack.packb(one)) for one in bad],
    )  # fmt: skip

    assert Packet.decode(base64.b64decode(back)) == good
    for one, there in zip(bad, said, strict=True):
        with pytest.raises(BadMessage):
            Packet.decode(msgpack.packb(one))
        assert there.startswith("BadMessage: ")


def test_a_message_with_every_kind_of_field_goes_there_and_back(page: Page) -> None:
    back = run(
        page,
        """const codec = new s.Codec(given.schema);
        const { name, fields } = codec.decode(bytes(given.body));
        const shown = JSON.parse(JSON.stringify({ ...fields, blob: [...fields.blob] }));
        return { name, fields: shown, body: text(codec.encode(name, fields)) };""",
        {"schema": CODEC.schema(), "body": b64(CODEC.encode(FULL))},
    )

    assert CODEC.decode(base64.b64decode(back["body"])) == FULL
    assert back["fields"]["word"] == "한글😀ab"
    assert back["fields"]["points"] == [{"x": 1.5, "y": -0.25}, {"x": -3, "y": 0}]
    assert back["fields"]["blob"] == list(range(256))


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"count": 1.5}, "count: expected a whole number"),
    ({"count": 2**53}, "count: expected a whole number"),
    ({"ratio": "1"}, "ratio: expected a finite number"),
    ({"word": "한글😀abc"}, "word: expected 1 to 5 characters, got 6"),
    ({"word": ""}, "word: expected 1 to 5"),
    ({"fixed": "two"}, "fixed: expected one of"),
    ({"shade": "dim"}, "shade: expected one of"),
    ({"flag": 1}, "flag: expected true or false"),
    ({"points": [{"x": 1, "y": 2}]}, "points: y: must lie from -1 to 1"),
    ({"pair": [1]}, "pair: expected 2 to 2 items"),
    ({"names": ["x" * 11]}, "names: expected 0 to 10 characters"),
    ({"names": ["x"] * 21}, "names: expected 0 to 20 items"),
    ({"blob": "text"}, "blob: expected bytes"),
    ({"nonsense": 1}, 'there is no field "nonsense"'),
    ({"maybe": 5}, "maybe: expected a text, got a number"),
]


@pytest.mark.parametrize(("change", "word"), MISFITS, ids=[word for _, word in MISFITS])
def test_what_does_not_fit_is_refused_before_it_is_sent_with_the_fields_name(
    page: Page, change: dict[str, Any], word: str
) -> None:
    said = run(
        page,
        """const codec = new s.Codec(given.schema);
        const { name, fields } = codec.decode(bytes(given.body));
        return attempt(() => { codec.encode(name, { ...fields, ...given.change }); return "taken"; });""",
        {"schema": CODEC.schema(), "body": b64(CODEC.encode(FULL)), "change": change},
    )

    assert said.startswith("BadMessage: everything: "), said
    assert word in said


def test_fields_an_older_sender_left_out_are_null_and_those_left_out_here_take_their_default_there(
    page: Page,
) -> None:
    short = CODEC.encode(FULL)
    shorter = msgpack.packb(msgpack.unpackb(short)[:-1])

    back = run(
        page,
        """const codec = new s.Codec(given.schema);
        const { name, fields } = codec.decode(bytes(given.body));
        const { names, ...rest } = fields;
        return { names, body: text(codec.encode(name, rest)) };""",
        {"schema": CODEC.schema(), "body": b64(shorter)},
    )

    assert back["names"] is None
    assert CODEC.decode(base64.b64decode(back["body"])) == evolve(FULL, names=())


def test_the_page_knows_every_message_of_the_core(page: Page) -> None:
    names = run(page, "return [...new s.Codec(given).numbers.keys()];", CORE.schema())

    assert names == [one.wire_name() for one in CORE_MESSAGES]
