"""Tests of what everybody does with his own account."""

import pytest
from admin_web.kit import NOW, PASSWORD, Browser
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import signins


@pytest.fixture
def at_home(browser: Browser, agent: User) -> Browser:
    browser.sign_in("lee")
    return browser


def test_changing_the_password_ends_every_other_sign_in(at_home: Browser, db: Session, agent: User) -> None:
    elsewhere = signins.open_for(db, agent, "::1", NOW)
    db.commit()
    new = "Another-horse-8"

    at_home.post("/account/password", "/account/password", old=PASSWORD, new=new, repeated=new)

    assert signins.look_up(db, elsewhere, NOW) is None
    db.commit()
    assert "Your password is changed." in at_home.get("/").text


@pytest.mark.parametrize(
    ("old", "new", "repeated", "entry"),
    [
        ("wrong", "Another-horse-8", "Another-horse-8", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "Another-horse-8", "another one", "repeated"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_beside_it(
    at_home: Browser, old: str, new: str, repeated: str, entry: str
) -> None:
    page = "/account/password"

    answer = at_home.post(page, page, old=old, new=new, repeated=repeated)

    assert answer.status_code == 422
    assert f'id="{entry}-error"' in answer.text
