"""Tests of groups."""

import pytest
from sqlmodel import Session

from deskside_admin.model import Group, User
from deskside_admin.service import groups
from deskside_admin.service.groups import GroupSummary
from deskside_admin.service.outcome import Refused


def test_a_group_is_listed_with_its_active_users(db: Session, admin: User, agent: User) -> None:
    agent.active = False
    created = groups.create(db, admin.company_id, " Night shift ")
    assert isinstance(created, Group)

    found = groups.summaries(db, admin.company_id)

    assert found == [
        GroupSummary(created.id, "Night shift", 0),
        GroupSummary(admin.group_id, "Service", 1),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines", "zero\u200bwidth"])
def test_a_bad_name_is_refused(db: Session, admin: User, name: str) -> None:
    outcome = groups.create(db, admin.company_id, name)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].entry == "name"


def test_two_groups_of_a_company_never_share_a_name(db: Session, admin: User) -> None:
    other = groups.create(db, admin.company_id, "Night shift")
    assert isinstance(other, Group)

    outcome = groups.rename(db, other, "Service")

    assert isinstance(outcome, Refused)
    assert other.name == "Night shift"


def test_a_group_of_another_company_is_not_found(db: Session, admin: User, stranger: User) -> None:
    assert groups.find(db, admin.company_id, stranger.group_id) is None


def test_groups_are_searched_by_plain_characters(db: Session, admin: User) -> None:
    assert groups.summaries(db, admin.company_id, "_") == []
    assert [one.name for one in groups.summaries(db, admin.company_id, "SERV")] == ["Service"]
