"""Tests of user accounts."""

import pytest
from admin_web.kit import NOW, PASSWORD, make_user
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import accounts, passwords, signins
from deskside_admin.service.accounts import Added, Details
from deskside_admin.service.outcome import Refused


def details(user: User, **more: str) -> Details:
    return Details(name=more.get("name", "Park"), role=more.get("role", "agent"), group_id=user.group_id)


def test_a_new_user_has_a_generated_password_that_must_be_changed(db: Session, admin: User) -> None:
    added = accounts.add(db, admin.company_id, " Park ", details(admin), NOW)

    assert isinstance(added, Added)
    assert added.user.login_name == "park"
    assert added.user.password_due
    assert passwords.verify(added.user.password_hash, added.password)


def test_a_login_name_is_unique_in_a_company_whatever_its_case(db: Session, admin: User) -> None:
    outcome = accounts.add(db, admin.company_id, "KIM", details(admin), NOW)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "users.login_name_taken"


def test_another_company_may_use_the_same_login_name(db: Session, stranger: User, admin: User) -> None:
    assert stranger.login_name == admin.login_name


@pytest.mark.parametrize("login_name", ["", "a", "two words", "<b>x", "x" * 65, ".dot", "김"])
def test_a_login_name_of_other_characters_is_refused(db: Session, admin: User, login_name: str) -> None:
    outcome = accounts.add(db, admin.company_id, login_name, details(admin), NOW)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "entry.login_name"


def test_a_group_of_another_company_is_refused(db: Session, admin: User, stranger: User) -> None:
    outcome = accounts.add(db, admin.company_id, "park", details(stranger), NOW)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].entry == "group_id"


def test_a_user_of_another_company_is_not_found(db: Session, admin: User, stranger: User) -> None:
    assert accounts.find(db, admin.company_id, stranger.id) is None


def test_the_last_administrator_stays_one(db: Session, admin: User, agent: User) -> None:
    changed = accounts.change(db, admin, details(admin))
    stopped = accounts.set_active(db, admin, active=False, now=NOW)

    assert isinstance(changed, Refused)
    assert isinstance(stopped, Refused)
    assert (admin.role, admin.active) == ("admin", True)


def test_an_administrator_beside_another_may_become_agent(db: Session, admin: User) -> None:
    make_user(db, admin.company_id, admin.group_id, "second", role="admin")

    outcome = accounts.change(db, admin, details(admin))

    assert isinstance(outcome, User)
    assert outcome.role == "agent"


def test_stopping_a_user_ends_his_sign_ins(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)

    accounts.set_active(db, agent, active=False, now=NOW)

    assert signins.look_up(db, token, NOW) is None


def test_resetting_a_password_ends_sign_ins_and_asks_for_a_change(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)

    password = accounts.reset_password(db, agent, NOW)

    assert signins.look_up(db, token, NOW) is None
    assert agent.password_due
    assert passwords.verify(agent.password_hash, password)


def test_a_user_changes_his_password_with_the_present_one(db: Session, agent: User) -> None:
    outcome = accounts.change_password(db, agent, PASSWORD, "a new password")

    assert isinstance(outcome, User)
    assert passwords.verify(agent.password_hash, "a new password")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("wrong", "a new password", "entry.password_wrong"),
        (PASSWORD, "short", "entry.password_short"),
        (PASSWORD, "x" * 201, "entry.too_long"),
        (PASSWORD, PASSWORD, "entry.password_same"),
    ],
)
def test_a_bad_change_of_password_is_refused(
    db: Session, agent: User, old: str, new: str, reason: str
) -> None:
    outcome = accounts.change_password(db, agent, old, new)

    assert isinstance(outcome, Refused)
    assert outcome.reason == reason
    assert passwords.verify(agent.password_hash, PASSWORD)


def test_search_takes_wildcards_as_plain_characters(db: Session, admin: User, agent: User) -> None:
    assert accounts.search(db, admin.company_id, "%") == []
    assert accounts.search(db, admin.company_id, "LE") == [agent]


def test_search_goes_on_after_a_login_name(db: Session, admin: User, agent: User, stranger: User) -> None:
    first = accounts.search(db, admin.company_id, most=1)
    rest = accounts.search(db, admin.company_id, after=first[-1].login_name)

    assert (first, rest) == ([admin], [agent])
