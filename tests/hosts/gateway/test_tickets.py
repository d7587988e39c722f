"""Tickets: what was not made here, or is over, is nothing."""

from hypothesis import given
from hypothesis import strategies as st

from deskside.declare import Side
from deskside_gateway.broker import new_session_id
from deskside_gateway.tickets import LASTS_S, Ticket, Tickets

TICKETS = Tickets(b"k" * 32)
SESSION = "A" * 22


def test_a_ticket_says_what_was_put_in_until_its_end() -> None:
    session = new_session_id()
    text = TICKETS.make(session, Side.HOST, 1000.5)

    assert TICKETS.read(text, 1000) == Ticket(session, Side.HOST, 1000 + LASTS_S)
    assert TICKETS.read(text, 1000 + LASTS_S) is None


def test_a_ticket_of_another_server_is_nothing() -> None:
    assert TICKETS.read(Tickets(b"x" * 32).make(SESSION, Side.HOST, 0), 0) is None


def test_one_side_cannot_be_turned_into_the_other() -> None:
    text = TICKETS.make(SESSION, Side.HOST, 0)

    assert TICKETS.read(text.replace(".host.", ".viewer."), 0) is None


@given(st.text(max_size=200))
def test_anything_else_is_nothing(text: str) -> None:
    assert TICKETS.read(text, 0) is None


@given(st.integers(0, 200), st.characters())
def test_a_ticket_with_any_one_character_changed_is_nothing(place: int, other: str) -> None:
    text = TICKETS.make(SESSION, Side.VIEWER, 0)
    place %= len(text)
    changed = text[:place] + other + text[place + 1 :]

    assert changed == text or TICKETS.read(changed, 0) is None
