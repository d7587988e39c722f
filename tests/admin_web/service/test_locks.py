"""Tests of accounts that wrong passwords lock."""

from datetime import timedelta

import pytest
from admin_web.kit import PASSWORD, TurnedClock
from sqlmodel import Session, col, select

from deskside_admin.model import Company, SignInRecord, User
from deskside_admin.service import accounts, locks, signins, throttle
from deskside_admin.service.outcome import Refused

DOOR = signins.Door()


def locking(db: Session, user: User, minutes: int = 0) -> Company:
    company = db.get_one(Company, user.company_id)
    company.lock_after_wrong, company.lock_minutes = True, minutes
    db.add(company)
    db.commit()
    return company


def attempt(
    db: Session,
    user: User,
    clock: TurnedClock,
    password: str = PASSWORD,
    *,
    name: str = "",
    address: str = "::1",
) -> object:
    wanted = signins.Attempt(
        company_id=user.company_id, login_name=name or user.login_name, password=password, address=address
    )
    return signins.sign_in(db, wanted, clock(), DOOR)


def five_wrong(db: Session, user: User, clock: TurnedClock, **more: str) -> list[object]:
    return [attempt(db, user, clock, "wrong", **more) for _ in range(locks.MOST_WRONG)]


@pytest.mark.feature("ACC-09")
def test_five_wrong_passwords_lock_until_somebody_unlocks(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    five_wrong(db, agent, clock)
    clock.turn(timedelta(days=400))

    refused = attempt(db, agent, clock, address="::2")
    signins.unlock(db, agent)
    db.commit()
    admitted = attempt(db, agent, clock, address="::3")

    assert isinstance(refused, Refused)
    assert refused.reason == "signin.wrong_or_locked"
    assert isinstance(admitted, str)


def test_another_password_given_by_an_administrator_unlocks(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    five_wrong(db, agent, clock)

    password = accounts.reset_password(db, agent, clock())
    db.commit()

    assert isinstance(attempt(db, agent, clock, password, address="::2"), str)


def test_four_wrong_passwords_do_not_lock_and_a_right_one_begins_anew(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    for address in ("::1", "::2", "::3"):
        for _ in range(4):
            attempt(db, agent, clock, "wrong", address=address)

        assert isinstance(attempt(db, agent, clock, address=address), str)


def test_five_wrong_passwords_from_five_addresses_lock_too(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    for number in range(5):
        attempt(db, agent, clock, "wrong", address=f"::{number + 1}")

    assert isinstance(attempt(db, agent, clock, address="::9"), Refused)


@pytest.mark.feature("ACC-10")
def test_a_lock_with_a_duration_ends_by_itself(db: Session, agent: User, clock: TurnedClock) -> None:
    locking(db, agent, minutes=30)
    five_wrong(db, agent, clock)
    clock.turn(timedelta(minutes=29, seconds=59))
    before = attempt(db, agent, clock, address="::2")
    clock.turn(timedelta(seconds=1))

    after = attempt(db, agent, clock, address="::2")

    assert isinstance(before, Refused)
    assert before.problems[0].values == {"minutes": 30}
    assert isinstance(after, str)


def test_after_a_lock_that_ended_five_more_attempts_are_free(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent, minutes=30)
    five_wrong(db, agent, clock)
    clock.turn(timedelta(minutes=31))

    for _ in range(4):
        attempt(db, agent, clock, "wrong", address="::2")

    assert isinstance(attempt(db, agent, clock, address="::2"), str)


def test_a_clock_that_is_set_back_keeps_nobody_out_longer(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent, minutes=30)
    five_wrong(db, agent, clock)
    clock.turn(timedelta(days=-1))

    assert isinstance(attempt(db, agent, clock, address="::2"), str)


def test_without_the_rule_nobody_is_locked(db: Session, agent: User, clock: TurnedClock) -> None:
    five_wrong(db, agent, clock)
    five_wrong(db, agent, clock, address="::2")

    assert isinstance(attempt(db, agent, clock, address="::3"), str)


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_stranger_cannot_tell_a_locked_account_from_a_name_that_does_not_exist(
    db: Session, agent: User, clock: TurnedClock, minutes: int
) -> None:
    locking(db, agent, minutes)

    real = [*five_wrong(db, agent, clock), attempt(db, agent, clock)]
    made_up = [*five_wrong(db, agent, clock, name="nobody"), attempt(db, agent, clock, name="nobody")]
    clock.turn(throttle.FIRST_WAIT)
    real.append(attempt(db, agent, clock))
    made_up.append(attempt(db, agent, clock, name="nobody"))

    assert real == made_up
    told = [one.reason for one in real if isinstance(one, Refused)]
    assert told[3:] == [
        f"signin.wrong_or_locked{'_for' * bool(minutes)}",
        f"signin.locked{'_for' * bool(minutes)}",
        "signin.wait",
        f"signin.locked{'_for' * bool(minutes)}",
    ]


def test_a_locked_account_does_not_tell_whether_a_password_is_right(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    five_wrong(db, agent, clock)

    assert attempt(db, agent, clock, address="::2") == attempt(db, agent, clock, "wrong", address="::3")


def test_an_administrator_reads_in_the_history_that_it_is_locked(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    locking(db, agent)
    five_wrong(db, agent, clock)
    attempt(db, agent, clock, address="::2")

    reasons = db.exec(select(SignInRecord.reason).order_by(col(SignInRecord.id))).all()

    assert reasons == ["signin.wrong"] * 4 + ["signin.locked"] * 2
