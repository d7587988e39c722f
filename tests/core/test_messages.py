"""Messages: what is declared arrives equal; everything else is refused by name."""

from enum import StrEnum

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskside.api import Length, Message, OneOf, Range, field, frozen
from deskside.errors import BadMessage, DeclarationError, TooLarge
from deskside.messages import Codec, pack

Point = tuple[float, float]


class Pen(StrEnum):
    CURVE = "curve"
    LINE = "line"


@frozen
class Tag:
    words: tuple[str, ...] = field(validator=Length(3, each=Length(5)))


@frozen
class Stroke(Message):
    colour: str = field(validator=OneOf(("red", "blue")))
    points: tuple[Point, ...] = field(validator=Length(10, 1))
    pen: Pen = Pen.CURVE
    width: float = field(default=0.5, validator=Range(0, 1))
    tag: Tag | None = None


@frozen
class WantPicture(Message):
    pass


@frozen
class Blob(Message):
    body: bytes = field(validator=Length(2000))
    count: int = field(default=0, validator=Range(0, 9))
    last: bool = False


CODEC = Codec.of((Stroke, WantPicture, Blob))
finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
strokes = st.builds(
    Stroke,
    colour=st.sampled_from(["red", "blue"]),
    points=st.lists(st.tuples(finite, finite), min_size=1, max_size=10).map(tuple),
    pen=st.sampled_from(Pen),
    width=st.floats(0, 1),
    tag=st.none() | st.builds(Tag, words=st.lists(st.text(max_size=5), max_size=3).map(tuple)),
)
blobs = st.builds(Blob, body=st.binary(max_size=2000), count=st.integers(0, 9), last=st.booleans())


@given(strokes | blobs | st.just(WantPicture()))
def test_every_message_arrives_equal(message: Message) -> None:
    assert CODEC.decode(CODEC.encode(message)) == message


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_message_or_refused(data: bytes) -> None:
    try:
        message = CODEC.decode(data)
    except BadMessage:
        return
    assert CODEC.decode(CODEC.encode(message)) == message


nested = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats()
    | st.text(max_size=9)
    | st.binary(),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=12,
)


@given(st.integers(-2, 4), st.lists(nested, max_size=6))
def test_well_formed_msgpack_of_the_wrong_shape_is_refused_not_fatal(
    number: int, fields: list[object]
) -> None:
    try:
        message = CODEC.decode(pack([number, *fields]))
    except BadMessage:
        return
    assert type(message) in (Stroke, WantPicture, Blob)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (["green", [[0.0, 0.0]]], "colour"),
        (["red", []], "points"),
        (["red", [[0.0, 0.0]] * 11], "points"),
        (["red", [[0.0]]], "points"),
        (["red", [[0.0, float("nan")]]], "points"),
        (["red", [[0.0, 0.0]], "brush"], "pen"),
        (["red", [[0.0, 0.0]], "curve", 1.5], "width"),
        (["red", [[0.0, 0.0]], "curve", True], "width"),
        (["red", [[0.0, 0.0]], "curve", 1.0, [["toolong"]]], "words"),
        (["red"], "fields"),
        ([1, [[0.0, 0.0]]], "colour"),
    ],
)
def test_a_bad_field_is_refused_by_name(fields: list[object], named: str) -> None:
    with pytest.raises(BadMessage, match=named):
        CODEC.decode(pack([0, *fields]))


@frozen
class Loose(Message):
    mood: str | None = field(default=None, validator=OneOf(("glad", "sad")))
    level: int | None = field(default=None, validator=Range(0, 9))
    marks: tuple[int, ...] = field(default=(), validator=Length(3, each=Range(0, 9)))
    moods: tuple[str, ...] = field(default=(), validator=Length(3, each=OneOf(("glad", "sad"))))


LOOSE = Codec.of((Loose,))


@pytest.mark.parametrize("message", [Loose(), Loose("glad", 9), Loose(None, None, (0, 9), ("sad", "glad"))])
def test_limits_hold_for_optional_fields_and_for_items(message: Loose) -> None:
    assert LOOSE.decode(LOOSE.encode(message)) == message


@pytest.mark.parametrize("fields", [["bad"], [None, 10], [None, None, [10]], [None, None, [], ["bad"]]])
def test_an_optional_field_or_an_item_outside_its_limit_is_refused(fields: list[object]) -> None:
    with pytest.raises(BadMessage, match="Loose"):
        LOOSE.decode(pack([0, *fields]))


def test_maps_extensions_and_trailing_bytes_are_refused() -> None:
    for data in (msgpack.packb({}), msgpack.packb([1, {"a": 1}]), msgpack.packb(msgpack.ExtType(1, b"x"))):
        with pytest.raises(BadMessage):
            CODEC.decode(data)
    with pytest.raises(BadMessage):
        CODEC.decode(CODEC.encode(WantPicture()) + b"\0")


def test_a_message_over_the_channels_limit_is_refused_on_both_sides() -> None:
    small = Codec.of((Blob,), limit=100)

    with pytest.raises(TooLarge, match="at most 100"):
        small.encode(Blob(b"x" * 200))
    with pytest.raises(BadMessage, match="at most 100"):
        small.decode(CODEC.encode(Blob(b"x" * 200)))


def test_a_newer_sender_cuts_to_what_an_older_receiver_knows() -> None:
    @frozen
    class Note(Message):
        text: str = field(validator=Length(9))

    older = Codec.of((Note,))
    new_note = type("Note", (Message,), {})

    @frozen
    class NewNote(new_note):  # type: ignore[misc, valid-type]
        text: str = field(validator=Length(9))
        bold: bool = False

        @classmethod
        def wire_name(cls) -> str:
            return "note"

    newer = Codec.of((WantPicture, NewNote)).towards(older.known())

    assert older.decode(newer.encode(NewNote("hi", True))) == Note("hi")
    with pytest.raises(BadMessage, match="does not know want_picture"):
        newer.encode(WantPicture())


def test_an_older_senders_missing_fields_take_their_defaults() -> None:
    assert CODEC.decode(pack([2, b"x"])) == Blob(b"x", 0, False)


def test_undeclared_messages_are_refused_at_the_sender() -> None:
    with pytest.raises(BadMessage, match="not declared"):
        Codec.of((Blob,)).encode(WantPicture())


def test_an_unbounded_field_cannot_be_declared() -> None:
    @frozen
    class Unbounded(Message):
        text: str

    with pytest.raises(DeclarationError, match=r"Unbounded\.text needs a Length"):
        Codec.of((Unbounded,))


def test_a_foreign_type_cannot_be_declared() -> None:
    @frozen
    class Odd(Message):
        values: dict[str, int]

    with pytest.raises(DeclarationError, match=r"Odd\.values"):
        Codec.of((Odd,))


def test_the_pages_schema_names_every_field_with_its_limits() -> None:
    stroke = CODEC.schema()[0]

    assert stroke["name"] == "stroke"
    assert [one["name"] for one in stroke["fields"]] == ["colour", "points", "pen", "width", "tag"]
    assert stroke["fields"][0]["values"] == ["red", "blue"]
    assert stroke["fields"][1]["max"] == 10
    assert stroke["fields"][3] == {"name": "width", "kind": "float", "min": 0, "max": 1}
