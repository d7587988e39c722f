"""Support sessions: numbers, states, and what is kept of a customer."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from sqlmodel import Session

from deskside_admin.model import SessionState, User
from deskside_admin.service import sessions
from deskside_admin.service.sessions import Change


def test_numbers_count_through_the_day_and_past_four_digits(db: Session, agent: User) -> None:
    rows = [sessions.begin(db, agent, f"s{number}", "pc", NOW) for number in range(3)]
    counter = sessions._counter(db, agent.company_id, "20261121")
    counter.last = 9999
    db.add(counter)

    beyond = sessions.begin(db, agent, "beyond", "pc", NOW)

    assert [row.number for row in rows] == [f"S-20261121-000{number}" for number in (1, 2, 3)]
    assert beyond.number == "S-20261121-10000"


def test_a_session_begins_when_it_is_first_active_and_ends_once(db: Session, agent: User) -> None:
    row = sessions.begin(db, agent, "s", "pc", NOW)
    for minutes, state in enumerate(
        ("connecting", "active", "suspended", "active", "ended", "active", "ended")
    ):
        change = Change(state=SessionState(state), by="Lee" if minutes < 5 else "Kim")
        sessions.change(db, row, change, NOW + timedelta(minutes=minutes))

    assert (row.began, row.ended) == (NOW + timedelta(minutes=1), NOW + timedelta(minutes=4))
    assert (row.state, row.ended_by) == ("ended", "Lee")


def test_what_is_known_of_a_customer_stays_and_is_kept_as_one_short_line(db: Session, agent: User) -> None:
    row = sessions.begin(db, agent, "s", "pc", NOW)
    named = Change(state=SessionState.ACTIVE, customer_name=" Kim\n\u202eMinji ", customer_system="x" * 500)

    sessions.change(db, row, named, NOW)
    sessions.change(db, row, Change(state=SessionState.SUSPENDED), NOW)

    assert (row.customer_name, row.customer_system) == ("Kim Minji", "x" * 80)


@pytest.mark.parametrize("ended", [True, False])
def test_only_a_live_session_can_be_wanted_to_end(db: Session, agent: User, ended: bool) -> None:
    row = sessions.begin(db, agent, "s", "pc", NOW)
    if ended:
        sessions.change(db, row, Change(state=SessionState.ENDED), NOW)

    sessions.want_end(db, row, "Kim")

    assert sessions.end_wanted(db) == ({} if ended else {"s": "Kim"})


def test_the_latest_sessions_come_first(db: Session, agent: User, admin: User) -> None:
    for minutes in range(5):
        sessions.begin(db, agent, f"s{minutes}", "pc", NOW + timedelta(minutes=minutes))
    sessions.begin(db, admin, "not his", "pc", NOW)

    assert [row.id for row in sessions.recent(db, agent.id, 3)] == ["s4", "s3", "s2"]
