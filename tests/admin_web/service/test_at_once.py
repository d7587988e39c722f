"""What is counted, used up or saved once stays so when many do it at the same moment; on both databases."""

import pytest
from admin_web.at_once import all_at_once
from admin_web.kit import NOW, PASSWORD, make_user
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from deskside_admin.model import Company, Group, SupportSession, User, WrongPassword
from deskside_admin.service import accounts, changes, groups, sessions, setup, signins, throttle, versions
from deskside_admin.service.accounts import Added
from deskside_admin.service.outcome import Refused

FIFTY = list(range(50))


def test_fifty_supports_opened_at_the_same_moment_have_fifty_numbers(engine: Engine, agent: User) -> None:
    def begin(db: Session, number: int) -> str:
        user = db.get_one(User, agent.id)
        return sessions.begin(db, user, f"{number:022d}", "pc", NOW).number

    found = all_at_once(engine, FIFTY, begin)

    assert sorted(found) == [f"S-20261121-{number:04d}" for number in range(1, 51)]


def test_a_link_that_works_once_makes_one_administrator_of_twenty_who_use_it(
    engine: Engine, db: Session
) -> None:
    token = setup.make_first_administrator_link(db, NOW)
    assert token is not None
    db.commit()

    def use(own: Session, number: int) -> User | Refused:
        first = setup.First(
            company=f"Company {number}", group="Service", name="Kim", login_name="kim", password=PASSWORD
        )
        return setup.use_link(own, token, first, NOW)

    found = all_at_once(engine, range(20), use)

    assert sum(isinstance(one, User) for one in found) == 1
    assert len(db.exec(select(Company)).all()) == len(db.exec(select(User)).all()) == 1


def test_a_login_name_is_given_to_one_of_ten_who_want_it(engine: Engine, db: Session, admin: User) -> None:
    def add(own: Session, number: int) -> bool:
        # SYSTEM takes no seat, of which the trial has two only.
        details = accounts.Details(name=f"Lee {number}", role="system", group_id=admin.group_id)
        return isinstance(accounts.add(own, admin.company_id, "lee", details, NOW), Added)

    found = all_at_once(engine, range(10), add)

    assert found.count(True) == 1
    assert len(db.exec(select(User).where(User.login_name == "lee")).all()) == 1


def test_every_wrong_password_counts_however_many_come_at_the_same_moment(
    engine: Engine, db: Session, admin: User
) -> None:
    all_at_once(engine, range(20), lambda own, _: throttle.count(own, "k" * 64, NOW))

    assert [row.attempts for row in db.exec(select(WrongPassword))] == [20]


def test_no_change_is_lost_from_the_count_of_changes(engine: Engine, db: Session, admin: User) -> None:
    before = changes.serials(db).get(admin.company_id, 0)
    db.commit()

    all_at_once(engine, range(20), lambda own, _: changes.note(own, admin.company_id))
    db.expire_all()

    assert changes.serials(db)[admin.company_id] == before + 20


def test_two_administrators_who_stop_each_other_leave_one(engine: Engine, db: Session, admin: User) -> None:
    other = make_user(db, admin.company_id, admin.group_id, "park", role="admin")

    def stop(own: Session, user_id: int) -> bool:
        user = own.get_one(User, user_id)
        return isinstance(accounts.set_active(own, user, active=False, now=NOW), User)

    found = all_at_once(engine, [admin.id, other.id], stop)
    db.expire_all()

    assert sorted(found) == [False, True]
    assert [user.active for user in (admin, other)].count(True) == 1


@pytest.mark.parametrize("table", [Company, Group, User])
def test_of_two_administrators_who_save_the_same_page_the_second_is_told(
    engine: Engine, db: Session, admin: User, table: type[Company | Group | User]
) -> None:
    ids = {Company: admin.company_id, Group: admin.group_id, User: admin.id}
    row = db.get_one(table, ids[table])
    shown = row.version
    db.commit()

    def save(own: Session, _: int) -> Refused | None:
        return versions.claim(own, own.get_one(table, ids[table]), shown)

    found = all_at_once(engine, range(8), save)
    db.refresh(row)

    assert found.count(None) == 1
    assert {one.reason for one in found if one is not None} == {"conflict.changed"}
    assert row.version == shown + 1


def test_the_page_that_was_saved_second_has_changed_nothing(engine: Engine, db: Session, admin: User) -> None:
    group = db.get_one(Group, admin.group_id)
    shown = group.version
    db.commit()

    def rename(own: Session, name: str) -> Group | Refused:
        return groups.change(own, own.get_one(Group, group.id), name, "", shown)

    found = all_at_once(engine, ["Night shift", "Day shift"], rename)
    db.refresh(group)

    saved = [one.name for one in found if isinstance(one, Group)]
    assert saved == [group.name]


def test_a_sign_in_that_is_ended_while_it_is_used_stays_ended(
    engine: Engine, db: Session, admin: User
) -> None:
    token = signins.open_for(db, admin, "::1", NOW)
    db.commit()

    def use(own: Session, number: int) -> bool:
        if number == 0:
            signins.revoke_all(own, admin.id, NOW)
            return False
        return signins.look_up(own, token, NOW) is not None

    all_at_once(engine, range(10), use)

    assert signins.look_up(db, token, NOW) is None


def test_a_support_that_is_begun_twice_exists_once(engine: Engine, db: Session, agent: User) -> None:
    def begin(own: Session, kind: str) -> str:
        return sessions.begin(own, own.get_one(User, agent.id), "s" * 22, kind, NOW).kind

    with pytest.raises(IntegrityError):
        all_at_once(engine, ["pc", "chat"], begin)

    assert len(db.exec(select(SupportSession)).all()) == 1
