"""Tests of user accounts."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, make_user
from sqlmodel import Session

from deskside_admin.model import Group, LicenceKind, LicenceRow, User
from deskside_admin.service import accounts, groups, passwords, signins
from deskside_admin.service.accounts import Added, Details
from deskside_admin.service.outcome import Refused


def details(user: User, **more: str) -> Details:
    return Details(name=more.get("name", "Park"), role=more.get("role", "agent"), group_id=user.group_id)


@pytest.fixture
def leader(db: Session, admin: User) -> User:
    """A group leader, `cho` of the administrator's group."""
    return make_user(db, admin.company_id, admin.group_id, "cho", role="leader")


def named_licence(db: Session, user: User, seats: int) -> None:
    row = LicenceRow(
        id="sold", kind=LicenceKind.SOLD, token="x", seats=seats, company_id=user.company_id,
        starts=NOW, ends=NOW + timedelta(days=9), installed=NOW,
    )  # fmt: skip
    db.add(row)
    db.flush()


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
    changed = accounts.change(db, admin, details(admin), admin.version, NOW)
    stopped = accounts.set_active(db, admin, active=False, now=NOW)

    assert isinstance(changed, Refused)
    assert isinstance(stopped, Refused)
    assert (admin.role, admin.active) == ("admin", True)


def test_an_administrator_beside_another_may_become_agent(db: Session, admin: User) -> None:
    make_user(db, admin.company_id, admin.group_id, "second", role="admin")

    outcome = accounts.change(db, admin, details(admin), admin.version, NOW)

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


def test_an_administrator_gives_a_password_in_two_equal_fields(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)

    differing = accounts.give_password(db, agent, "a plain word 7", "a plain word 8", NOW)
    weak = accounts.give_password(db, agent, "short", "short", NOW)
    given = accounts.give_password(db, agent, "a plain word 7", "a plain word 7", NOW)

    assert isinstance(differing, Refused)
    assert differing.problems[0].entry == "repeated"
    assert isinstance(weak, Refused)
    assert isinstance(given, User)
    assert passwords.verify(agent.password_hash, "a plain word 7")
    assert agent.password_due
    assert signins.look_up(db, token, NOW) is None


@pytest.mark.feature("USR-02")
def test_a_change_leaves_the_login_name_alone(db: Session, agent: User) -> None:
    accounts.change(db, agent, details(agent, name="Other"), agent.version, NOW)

    assert (agent.name, agent.login_name) == ("Other", "lee")


def test_of_two_who_save_a_user_the_second_is_told_and_changes_nothing(db: Session, agent: User) -> None:
    seen = agent.version
    accounts.change(db, agent, details(agent, name="First wins"), seen, NOW)

    outcome = accounts.change(db, agent, details(agent, name="Second loses"), seen, NOW)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "conflict.changed"
    assert agent.name == "First wins"


def test_a_user_is_moved_to_another_group(db: Session, agent: User) -> None:
    other = groups.create(db, agent.company_id, "Other")
    assert isinstance(other, Group)

    accounts.change(db, agent, Details(name="Lee", role="agent", group_id=other.id), agent.version, NOW)

    assert agent.group_id == other.id


@pytest.mark.feature("ROL-02")
def test_a_leader_adds_agents_to_his_own_group_only(db: Session, leader: User) -> None:
    other = groups.create(db, leader.company_id, "Other")
    assert isinstance(other, Group)

    def add(login_name: str, role: str, group_id: int) -> object:
        wanted = Details(name="Park", role=role, group_id=group_id)
        return accounts.add(db, leader.company_id, login_name, wanted, NOW, leader)

    assert isinstance(add("park", "agent", leader.group_id), Added)
    for role in ("leader", "admin", "system", "", "owner"):
        refused = add("high", role, leader.group_id)
        assert isinstance(refused, Refused)
        assert refused.problems[0].entry == "role"
    elsewhere = add("far", "agent", other.id)
    assert isinstance(elsewhere, Refused)
    assert elsewhere.problems[0].entry == "group_id"


@pytest.mark.feature("ROL-02")
@pytest.mark.parametrize("role", ["leader", "admin", "system"])
def test_a_leader_raises_nobody(db: Session, leader: User, agent: User, role: str) -> None:
    outcome = accounts.change(db, agent, details(agent, role=role), agent.version, NOW, leader)

    assert isinstance(outcome, Refused)
    assert agent.role == "agent"


@pytest.mark.feature("USR-04")
@pytest.mark.parametrize("role", ["system", "admin", "leader", "agent"])
def test_an_administrator_gives_every_role(db: Session, admin: User, agent: User, role: str) -> None:
    outcome = accounts.change(db, agent, details(agent, role=role), agent.version, NOW, admin)

    assert isinstance(outcome, User)
    assert agent.role == role


@pytest.mark.feature("LIC-01")
def test_under_a_named_licence_no_more_users_are_added_let_in_or_made_than_seats(
    db: Session, admin: User, agent: User
) -> None:
    stopped = make_user(db, admin.company_id, admin.group_id, "stopped")
    stopped.active = False
    boss = make_user(db, admin.company_id, admin.group_id, "boss", role="system")
    named_licence(db, admin, seats=2)

    outcomes = [
        accounts.add(db, admin.company_id, "park", details(admin), NOW),
        accounts.set_active(db, stopped, active=True, now=NOW),
        accounts.change(db, boss, details(boss), boss.version, NOW),
    ]
    free = accounts.add(db, admin.company_id, "second", details(admin, role="system"), NOW)
    again = accounts.set_active(db, agent, active=True, now=NOW)

    assert [one.reason for one in outcomes if isinstance(one, Refused)] == ["licence.all_seats_taken"] * 3
    assert (stopped.active, boss.role) == (False, "system")
    assert isinstance(free, Added)
    assert isinstance(again, User)
