"""Tests of the way back in for whoever is locked out."""

from datetime import timedelta

import pyotp
import pytest
from admin_web.kit import NOW
from sqlmodel import Session

from deskside_admin.model import Company, User
from deskside_admin.service import code_generator, let_in, passwords, signins
from deskside_admin.service.outcome import Refused
from deskside_admin.service.sealing import Box

NEW = "Another-horse-8"


def link(db: Session, user: User) -> str:
    token = let_in.make_link(db, user.company_id, user.login_name, NOW)
    assert token is not None
    return token


def test_the_last_administrator_gets_back_in_with_a_new_password(db: Session, admin: User) -> None:
    admin.locked_at, admin.wrong_passwords = NOW, 5
    secret = code_generator.new_secret()
    code_generator.enrol(db, admin, secret, pyotp.TOTP(secret).at(NOW), Box.of(b"s" * 32), NOW)
    elsewhere = signins.open_for(db, admin, "::1", NOW)
    admin.locked_at = NOW

    outcome = let_in.use(db, link(db, admin), NEW, NOW, forget_generator=True)

    assert outcome is admin
    assert passwords.verify(admin.password_hash, NEW)
    assert (admin.locked_at, admin.wrong_passwords, admin.totp_sealed) == (None, 0, "")
    assert code_generator.recovery_left(db, admin) == 0
    assert signins.look_up(db, elsewhere, NOW) is None


def test_a_link_works_once_for_an_hour_and_only_the_latest(db: Session, admin: User) -> None:
    old, token = link(db, admin), link(db, admin)

    assert let_in.find(db, old, NOW) is None
    assert let_in.find(db, token, NOW + let_in.LASTS - timedelta(seconds=1)) is admin
    assert let_in.find(db, token, NOW + let_in.LASTS) is None
    assert let_in.use(db, token, NEW, NOW) is admin
    assert isinstance(let_in.use(db, token, NEW, NOW), Refused)


def test_the_new_password_follows_the_companys_level_and_a_bad_one_does_not_use_the_link_up(
    db: Session, admin: User
) -> None:
    db.get_one(Company, admin.company_id).password_level = "strong"
    token = link(db, admin)

    refused = let_in.use(db, token, "abcdefg7", NOW)

    assert isinstance(refused, Refused)
    assert [one.reason for one in refused.problems] == ["entry.password.upper", "entry.password.special"]
    assert let_in.use(db, token, NEW, NOW) is admin


@pytest.mark.parametrize("login_name", ["nobody", "", "lee'; --"])
def test_there_is_no_link_for_nobody(db: Session, admin: User, login_name: str) -> None:
    assert let_in.make_link(db, None, login_name, NOW) is None


def test_a_stopped_user_gets_none_and_where_there_are_companies_one_has_to_be_named(
    db: Session, agent: User, stranger: User
) -> None:
    assert let_in.make_link(db, None, "kim", NOW) is None
    assert let_in.make_link(db, stranger.company_id, "kim", NOW) is not None
    token = link(db, agent)
    agent.active = False
    db.flush()

    assert let_in.find(db, token, NOW) is None
    assert let_in.make_link(db, agent.company_id, "lee", NOW) is None
