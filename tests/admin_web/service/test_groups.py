"""Tests of groups."""

import pytest
from sqlmodel import Session, select

from deskside.declare import Policy
from deskside_admin.model import FeaturePolicy, Group, User
from deskside_admin.service import groups
from deskside_admin.service.groups import GroupSummary
from deskside_admin.service.outcome import Refused


def add(db: Session, user: User, *names: str) -> list[Group]:
    made = [groups.create(db, user.company_id, name) for name in names]
    return [group for group in made if isinstance(group, Group)]


def names(db: Session, user: User) -> list[str]:
    return [one.name for one in groups.summaries(db, user.company_id)]


def test_a_group_is_listed_with_its_active_users(db: Session, admin: User, agent: User) -> None:
    agent.active = False
    created = groups.create(db, admin.company_id, " Night shift ")
    assert isinstance(created, Group)

    found = groups.summaries(db, admin.company_id)

    assert found == [
        GroupSummary(admin.group_id, "Service", 1),
        GroupSummary(created.id, "Night shift", 0),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines", "zero\u200bwidth"])
def test_a_bad_name_is_refused(db: Session, admin: User, name: str) -> None:
    outcome = groups.create(db, admin.company_id, name)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].entry == "name"


def test_two_groups_of_a_company_never_share_a_name(db: Session, admin: User) -> None:
    other = add(db, admin, "Night shift")[0]

    outcome = groups.change(db, other, "Service", "", other.version)

    assert isinstance(outcome, Refused)
    db.refresh(other)
    assert other.name == "Night shift"


def test_a_group_of_another_company_is_not_found(db: Session, admin: User, stranger: User) -> None:
    assert groups.find(db, admin.company_id, stranger.group_id) is None


def test_groups_are_searched_by_plain_characters(db: Session, admin: User) -> None:
    assert groups.summaries(db, admin.company_id, "_") == []
    assert [one.name for one in groups.summaries(db, admin.company_id, "SERV")] == ["Service"]


@pytest.mark.feature("GRP-02")
def test_an_external_id_leads_to_one_group_of_a_company(db: Session, admin: User, stranger: User) -> None:
    first, second = add(db, admin, "First", "Second")
    foreign = db.get_one(Group, stranger.group_id)
    groups.change(db, first, "First", " CRM-7 ", first.version)

    taken = groups.change(db, second, "Second", "CRM-7", second.version)
    elsewhere = groups.change(db, foreign, "Others", "CRM-7", foreign.version)

    assert first.external_id == "CRM-7"
    assert isinstance(taken, Refused)
    assert (taken.problems[0].entry, taken.problems[0].values) == ("external_id", {"name": "First"})
    assert isinstance(elsewhere, Group)


@pytest.mark.parametrize("external_id", ["x" * 65, "two\nlines"])
def test_a_bad_external_id_is_refused(db: Session, admin: User, external_id: str) -> None:
    group = db.get_one(Group, admin.group_id)

    outcome = groups.change(db, group, "Service", external_id, group.version)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].entry == "external_id"


def test_of_two_who_save_a_group_the_second_is_told_and_changes_nothing(db: Session, admin: User) -> None:
    group = db.get_one(Group, admin.group_id)
    seen = group.version
    groups.change(db, group, "First wins", "", seen)

    outcome = groups.change(db, group, "Second loses", "", seen)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "conflict.changed"
    assert group.name == "First wins"


@pytest.mark.feature("GRP-05")
def test_a_group_changes_places_with_its_neighbour_and_stays_at_the_ends(db: Session, admin: User) -> None:
    first, second = add(db, admin, "B", "A")

    groups.move(db, second, up=True)
    once = names(db, admin)
    for _ in range(5):
        groups.move(db, second, up=True)
    at_the_top = names(db, admin)
    groups.move(db, first, up=False)

    assert once == ["Service", "A", "B"]
    assert at_the_top == names(db, admin) == ["A", "Service", "B"]


def test_an_order_must_name_every_group_of_the_company_once(db: Session, admin: User, stranger: User) -> None:
    own, new = admin.group_id, add(db, admin, "A")[0].id

    kept = groups.arrange(db, admin.company_id, [new, own])
    refused = [
        groups.arrange(db, admin.company_id, ids)
        for ids in ([], [own], [own, own], [own, new, new], [own, new, stranger.group_id])
    ]

    assert kept is None
    assert None not in refused
    assert names(db, admin) == ["A", "Service"]


def test_only_a_group_without_anybody_is_deleted_and_its_rules_go_with_it(
    db: Session, admin: User, agent: User
) -> None:
    empty = add(db, admin, "Empty")[0]
    agent.active = False
    own = db.get_one(Group, admin.group_id)
    db.add(FeaturePolicy(group_id=empty.id, feature="kites.fly", policy=Policy.NONE))
    db.flush()

    refused, done = groups.delete_empty(db, own), groups.delete_empty(db, empty)

    assert isinstance(refused, Refused)
    assert done is None
    assert names(db, admin) == ["Service"]
    assert db.exec(select(FeaturePolicy)).all() == []
