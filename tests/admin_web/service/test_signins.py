"""Tests of signing in and of sign-ins."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, TurnedClock
from argon2 import PasswordHasher
from sqlmodel import Session, select

from deskside_admin.model import SignIn, User, WrongPassword
from deskside_admin.service import passwords, signins, throttle
from deskside_admin.service.outcome import Refused


def attempt(user: User, password: str = PASSWORD, **more: str) -> signins.Attempt:
    login_name, address = more.get("login_name", user.login_name), more.get("address", "192.0.2.1")
    return signins.Attempt(
        company_id=user.company_id, login_name=login_name, password=password, address=address
    )


def fail(db: Session, user: User, times: int, clock: TurnedClock) -> None:
    for _ in range(times):
        signins.sign_in(db, attempt(user, "wrong"), clock(), signins.Door())


def test_the_right_password_opens_a_sign_in(db: Session, agent: User) -> None:
    token = signins.sign_in(db, attempt(agent, login_name=" LEE "), NOW, signins.Door())

    assert isinstance(token, str)
    found = signins.look_up(db, token, NOW)
    assert found is not None
    assert (found.user.id, found.company.name) == (agent.id, "Hanbit")


def test_wrong_unknown_and_stopped_are_one_answer(db: Session, agent: User, admin: User) -> None:
    wrong = signins.sign_in(db, attempt(agent, "wrong"), NOW, signins.Door())
    unknown = signins.sign_in(db, attempt(agent, login_name="nobody"), NOW, signins.Door())
    agent.active = False
    db.commit()
    stopped = signins.sign_in(db, attempt(agent), NOW, signins.Door())

    assert wrong == unknown == stopped
    assert isinstance(wrong, Refused)


def test_an_unknown_user_costs_a_hash_too(db: Session, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []

    def verify(stored: str | None, _: str) -> bool:
        checked.append(stored)
        return False

    monkeypatch.setattr(passwords, "verify", verify)

    signins.sign_in(db, attempt(agent, login_name="nobody"), NOW, signins.Door())

    assert checked == [None]


def test_a_user_cannot_sign_in_to_another_company(db: Session, agent: User, stranger: User) -> None:
    outcome = signins.sign_in(db, attempt(stranger, login_name="lee"), NOW, signins.Door())

    assert isinstance(outcome, Refused)


def test_the_token_itself_is_not_stored(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)

    row = db.exec(select(SignIn)).one()

    assert token not in row.model_dump_json()


def test_a_sign_in_ends_by_itself(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)

    assert signins.look_up(db, token, NOW + signins.LASTS - timedelta(seconds=1))
    assert signins.look_up(db, token, NOW + signins.LASTS) is None


def test_looking_up_notes_when_the_user_was_seen(db: Session, agent: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)
    later = NOW + timedelta(minutes=5)

    signins.look_up(db, token, later)

    assert db.exec(select(SignIn)).one().last_seen == later


def test_revoking_one_sign_in_spares_the_others(db: Session, agent: User) -> None:
    first, second = (signins.open_for(db, agent, "::1", NOW) for _ in range(2))
    ends = signins.look_up(db, first, NOW)
    assert ends is not None

    assert signins.revoke(db, agent.id, ends.sign_in_id, NOW)

    assert signins.look_up(db, first, NOW) is None
    assert signins.look_up(db, second, NOW)


def test_nobody_revokes_anothers_sign_in(db: Session, agent: User, admin: User) -> None:
    token = signins.open_for(db, agent, "::1", NOW)
    found = signins.look_up(db, token, NOW)
    assert found is not None

    assert not signins.revoke(db, admin.id, found.sign_in_id, NOW)

    assert signins.look_up(db, token, NOW)


def test_revoking_all_can_spare_the_present_one(db: Session, agent: User) -> None:
    first, second = (signins.open_for(db, agent, "::1", NOW) for _ in range(2))
    kept = signins.look_up(db, second, NOW)
    assert kept is not None

    signins.revoke_all(db, agent.id, NOW, but=kept.sign_in_id)

    assert signins.look_up(db, first, NOW) is None
    assert [row.id for row in signins.open_ones(db, agent.id, NOW)] == [kept.sign_in_id]


def test_long_past_sign_ins_are_forgotten(db: Session, agent: User) -> None:
    signins.open_for(db, agent, "::1", NOW)

    signins.open_for(db, agent, "::1", NOW + signins.LASTS + signins.KEPT + timedelta(days=1))

    assert len(db.exec(select(SignIn)).all()) == 1


def test_five_wrong_passwords_make_even_the_right_one_wait(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    fail(db, agent, throttle.FREE_ATTEMPTS, clock)

    outcome = signins.sign_in(db, attempt(agent), clock(), signins.Door())

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].values == {"seconds": 15}


def test_after_the_wait_the_right_password_works_and_clears_the_count(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    fail(db, agent, throttle.FREE_ATTEMPTS, clock)
    clock.turn(throttle.FIRST_WAIT)

    token = signins.sign_in(db, attempt(agent), clock(), signins.Door())

    assert isinstance(token, str)
    assert db.exec(select(WrongPassword)).all() == []


def test_another_address_is_not_made_to_wait(db: Session, agent: User, clock: TurnedClock) -> None:
    fail(db, agent, throttle.FREE_ATTEMPTS, clock)

    token = signins.sign_in(db, attempt(agent, address="198.51.100.7"), clock(), signins.Door())

    assert isinstance(token, str)


def test_a_hash_with_weaker_settings_is_renewed(
    db: Session, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = agent.password_hash
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    signins.sign_in(db, attempt(agent), NOW, signins.Door())

    assert agent.password_hash != before
    assert passwords.verify(agent.password_hash, PASSWORD)
