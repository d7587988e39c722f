"""The conversation and its links, as values."""

from hypothesis import given
from hypothesis import strategies as st

from deskside.api import Participant, Role
from deskside_chat.conversation import PART_BYTES, Conversation, parts, weight
from deskside_chat.links import is_address, pieces

LEE = Participant(1, "Lee Jun", Role.AGENT)
TEXTS = st.text(min_size=1, max_size=400)


def talk(*texts: str, most_lines: int = 1000, most_bytes: int = 100_000) -> Conversation:
    conversation = Conversation(most_lines, most_bytes)
    for text in texts:
        conversation.add(LEE, text, 0, 1.0)
    return conversation


@given(st.lists(TEXTS, max_size=60), st.integers(1, 20), st.integers(500, 5000))
def test_it_keeps_the_newest_lines_within_both_bounds(
    texts: list[str], most_lines: int, most_bytes: int
) -> None:
    conversation = talk(*texts, most_lines=most_lines, most_bytes=most_bytes)
    kept = list(conversation.lines)

    assert [line.text for line in kept] == texts[len(texts) - len(kept) :]
    assert [line.id for line in kept] == list(range(len(texts) - len(kept) + 1, len(texts) + 1))
    assert len(kept) <= most_lines
    assert sum(map(weight, kept)) <= most_bytes
    room_left = most_bytes - sum(map(weight, kept))
    assert len(kept) in (most_lines, len(texts)) or weight(talk(texts[-len(kept) - 1]).lines[0]) > room_left


@given(st.lists(TEXTS, max_size=30), st.booleans())
def test_what_is_restored_is_what_was_stored(texts: list[str], listens: bool) -> None:
    before = talk(*texts, most_bytes=3000)
    after = Conversation(1000, 3000)

    assert after.restore(before.state(desk_listens=listens)) is listens
    assert after == before


@given(st.lists(st.text(min_size=1, max_size=4000), max_size=40))
def test_parts_hold_every_line_once_in_order_and_fit_a_message(texts: list[str]) -> None:
    lines = list(talk(*texts, most_bytes=10**7).lines)
    divided = list(parts(lines))

    assert [line for part in divided for line in part] == lines
    assert len(divided) >= 1
    assert all(len(part) <= 1 or sum(map(weight, part)) <= PART_BYTES for part in divided)


def test_lines_after_and_until_one() -> None:
    conversation = talk("a", "b", "c", most_lines=2)

    assert [line.text for line in conversation.after(2)] == ["c"]
    assert [line.text for line in conversation.after(0)] == ["b", "c"]
    assert [line.text for line in conversation.until(2)] == ["b"]


@given(st.text())
def test_pieces_joined_are_the_text_and_links_are_addresses(text: str) -> None:
    found = pieces(text)

    assert "".join(piece for piece, _ in found) == text
    assert all(is_address(piece) for piece, is_link in found if is_link)


def test_only_http_and_https_become_links_without_the_sentence_around_them() -> None:
    found = pieces(
        "See (https://example.com/a?b=1), or http://한국.kr/길. Not javascript:alert(1) file:///etc"
    )

    assert [piece for piece, is_link in found if is_link] == [
        "https://example.com/a?b=1",
        "http://한국.kr/길",
    ]
