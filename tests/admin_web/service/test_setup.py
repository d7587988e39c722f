"""Tests of the first administrator's link."""

from datetime import timedelta

import attrs
import pytest
from admin_web.kit import NOW, PASSWORD
from sqlmodel import Session, select

from deskside_admin.model import OneTimeLink, User
from deskside_admin.service import passwords, setup
from deskside_admin.service.outcome import Refused

FIRST = setup.First(company="Hanbit", group="Service", name="Kim", login_name="Kim", password=PASSWORD)


@pytest.fixture
def token(db: Session) -> str:
    made = setup.make_first_administrator_link(db, NOW)
    assert made is not None
    return made


def test_the_link_makes_an_administrator_with_the_chosen_password(db: Session, token: str) -> None:
    user = setup.use_link(db, token, FIRST, NOW)

    assert isinstance(user, User)
    assert (user.login_name, user.role, user.password_due) == ("kim", "admin", False)
    assert passwords.verify(user.password_hash, PASSWORD)


def test_the_link_works_once(db: Session, token: str) -> None:
    setup.use_link(db, token, FIRST, NOW)

    again = setup.use_link(db, token, attrs.evolve(FIRST, login_name="other"), NOW)

    assert isinstance(again, Refused)
    assert again.reason == "setup.link_used"


def test_the_link_expires(db: Session, token: str) -> None:
    late = NOW + setup.LASTS + timedelta(seconds=1)

    outcome = setup.use_link(db, token, FIRST, late)

    assert isinstance(outcome, Refused)


def test_a_new_link_ends_the_earlier_one(db: Session, token: str) -> None:
    newer = setup.make_first_administrator_link(db, NOW)

    assert not setup.is_open(db, token, NOW)
    assert newer is not None
    assert setup.is_open(db, newer, NOW)


def test_there_is_no_link_once_there_is_an_administrator(db: Session, token: str) -> None:
    setup.use_link(db, token, FIRST, NOW)

    assert setup.make_first_administrator_link(db, NOW) is None


def test_the_token_itself_is_not_stored(db: Session, token: str) -> None:
    row = db.exec(select(OneTimeLink)).one()

    assert token not in row.model_dump_json()
    assert len(row.token_sha256) == 64


def test_every_bad_entry_is_named_and_the_link_stays_good(db: Session, token: str) -> None:
    bad = setup.First(company=" ", group="Service", name="K\x00", login_name="two words", password="short7")

    outcome = setup.use_link(db, token, bad, NOW)

    assert isinstance(outcome, Refused)
    assert [problem.entry for problem in outcome.problems] == ["company", "name", "login_name", "password"]
    assert setup.is_open(db, token, NOW)
