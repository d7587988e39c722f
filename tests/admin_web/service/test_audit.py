"""Events are read from whatever arrives, and stored once."""

from typing import Any

import pytest
from admin_web.kit import NOW
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import audit, sessions
from deskside_admin.service.audit import Event, parse

ID = "A" * 22
GOOD = {
    "session": ID,
    "side": "host",
    "number": 1,
    "at": 1.0,
    "plugin": "",
    "name": "session_began",
    "values": {},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.sampled_from([*GOOD, "more"]))
def test_every_field_is_read_or_the_event_is_none(value: Any, name: str) -> None:
    found = parse({**GOOD, name: value})

    assert found is None or isinstance(found, Event)


def test_an_event_without_a_plugin_is_the_cores() -> None:
    found = parse(GOOD)

    assert found is not None
    assert found.plugin == "core"


def test_a_long_value_is_cut_rather_than_lost() -> None:
    found = parse({**GOOD, "values": {"name": "x\0" * 1000, "size": 2**70, "lone": "\ud800"}})

    assert found is not None
    assert found.details == {"name": "x" * 250, "size": 2**53, "lone": "?"}


@pytest.mark.parametrize("name", ["", "Session", "a-b", "x" * 41, "drop table"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    assert parse({**GOOD, "name": name}) is None


def test_the_first_report_of_a_number_stands(db: Session, agent: User) -> None:
    sessions.begin(db, agent, ID, "pc", NOW)
    first = parse(GOOD)
    assert first is not None

    audit.record(db, [first, evolve(first, name="changed"), evolve(first, side="viewer")])
    audit.record(db, [evolve(first, name="changed"), evolve(first, number=2)])

    stored = {(one.side, one.number): one.name for one in audit.of_session(db, ID)}
    assert stored == {
        ("host", 1): "session_began",
        ("viewer", 1): "session_began",
        ("host", 2): "session_began",
    }
