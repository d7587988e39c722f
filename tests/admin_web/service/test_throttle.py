"""Tests of the price of wrong passwords."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from sqlmodel import Session, select

from deskside_admin.model import WrongPassword
from deskside_admin.service import throttle


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (9, 240), (11, 900), (10_000, 900)]
)
def test_the_pause_doubles_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert throttle.pause_after(attempts) == timedelta(seconds=seconds)


def test_attempts_are_forgotten_after_a_quiet_while(db: Session) -> None:
    for _ in range(7):
        throttle.count(db, "key", NOW)
    later = NOW + throttle.LONGEST_WAIT + timedelta(seconds=1)

    throttle.count(db, "key", later)

    assert throttle.seconds_to_wait(db, "key", later) == 0


def test_the_table_stays_small_and_drops_the_oldest(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_ROWS", 3)

    for number in range(5):
        throttle.count(db, f"key {number}", NOW + timedelta(seconds=number))

    kept = db.exec(select(WrongPassword.key_sha256).order_by(WrongPassword.key_sha256)).all()
    assert kept == ["key 2", "key 3", "key 4"]
