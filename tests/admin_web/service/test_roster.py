"""Tests of lists of users."""

import pytest
from admin_web.kit import make_user
from sqlmodel import Session

from deskside_admin.model import Group, User
from deskside_admin.service import groups, roster
from deskside_admin.service.scope import Scope


@pytest.fixture
def company(admin: User) -> Scope:
    return Scope(company_id=admin.company_id)


def logins(found: list[User]) -> list[str]:
    return [user.login_name for user in found]


@pytest.mark.feature("USR-01")
def test_users_are_listed_by_group_in_the_groups_order(
    db: Session, admin: User, agent: User, stranger: User, company: Scope
) -> None:
    other = groups.create(db, admin.company_id, "Another")
    assert isinstance(other, Group)
    make_user(db, admin.company_id, other.id, "aa")
    make_user(db, admin.company_id, other.id, "zz")

    before = logins(roster.search(db, company))
    groups.move(db, other, up=True)

    assert before == ["kim", "lee", "aa", "zz"]
    assert logins(roster.search(db, company)) == ["aa", "zz", "kim", "lee"]


def test_a_list_goes_on_after_a_user_and_leaves_none_out(
    db: Session, admin: User, agent: User, company: Scope
) -> None:
    for number in range(7):
        group = groups.create(db, admin.company_id, f"Group {number}")
        assert isinstance(group, Group)
        for letter in "ab":
            make_user(db, admin.company_id, group.id, f"{letter}{number}")
    whole = logins(roster.search(db, company))

    found: list[User] = []
    while part := roster.search(db, company, after=found[-1].id if found else 0, most=3):
        found += part

    assert logins(found) == whole
    assert len(whole) == 16


@pytest.mark.feature("USR-12")
def test_stopped_users_are_in_a_list_of_their_own(
    db: Session, admin: User, agent: User, company: Scope
) -> None:
    agent.active = False
    db.flush()

    assert logins(roster.search(db, company)) == ["kim"]
    assert logins(roster.search(db, company, active=False)) == ["lee"]


@pytest.mark.feature("ROL-09")
def test_a_scope_shows_a_company_one_group_or_one_person(
    db: Session, admin: User, agent: User, stranger: User, company: Scope
) -> None:
    other = groups.create(db, admin.company_id, "Other")
    assert isinstance(other, Group)
    park = make_user(db, admin.company_id, other.id, "park")
    of_group = Scope(company_id=admin.company_id, group_id=other.id)
    own = Scope(company_id=admin.company_id, user_id=agent.id)

    assert logins(roster.search(db, company)) == ["kim", "lee", "park"]
    assert logins(roster.search(db, of_group)) == ["park"]
    assert logins(roster.search(db, own)) == ["lee"]
    assert [one.holds(park) for one in (company, of_group, own)] == [True, True, False]
    assert [one.holds(stranger) for one in (company, of_group, own)] == [False] * 3


def test_search_takes_wildcards_as_plain_characters(
    db: Session, admin: User, agent: User, company: Scope
) -> None:
    assert roster.search(db, company, "%") == []
    assert roster.search(db, company, "LE") == [agent]


def test_a_foreign_user_is_no_place_to_go_on_from(
    db: Session, admin: User, agent: User, stranger: User, company: Scope
) -> None:
    assert logins(roster.search(db, company, after=stranger.id)) == ["kim", "lee"]
