"""Tests of what everybody does with his own account."""

import pytest
from admin_web.kit import NOW, PASSWORD, Browser
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.declare import Policy
from deskside.grants import Grant, Refusal
from deskside_admin.model import Group, User
from deskside_admin.service import features, signins
from deskside_admin.service.policy import GroupRule, GroupValue

PAGE = "/account/features"


@pytest.fixture
def at_home(browser: Browser, agent: User) -> Browser:
    browser.sign_in("lee")
    return browser


def set_for_group(db: Session, catalogue: Catalogue, user: User, rule: GroupRule) -> None:
    group = db.get(Group, user.group_id)
    assert group is not None
    features.set_for_group(db, catalogue, group, {"kites.fly": rule})
    db.commit()


def test_changing_the_password_ends_every_other_sign_in(at_home: Browser, db: Session, agent: User) -> None:
    elsewhere = signins.open_for(db, agent, "::1", NOW)
    db.commit()
    new = "a new password"

    at_home.post("/account/password", "/account/password", old=PASSWORD, new=new, repeated=new)

    assert signins.look_up(db, elsewhere, NOW) is None
    db.commit()
    assert "Your password is changed." in at_home.get("/").text


@pytest.mark.parametrize(
    ("old", "new", "repeated", "entry"),
    [
        ("wrong", "a new password", "a new password", "old"),
        (PASSWORD, "short", "short", "new"),
        (PASSWORD, "a new password", "another one", "repeated"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_beside_it(
    at_home: Browser, old: str, new: str, repeated: str, entry: str
) -> None:
    page = "/account/password"

    answer = at_home.post(page, page, old=old, new=new, repeated=repeated)

    assert answer.status_code == 422
    assert f'id="{entry}-error"' in answer.text


def test_a_user_switches_off_what_the_group_leaves_to_him(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User
) -> None:
    at_home.post(PAGE, PAGE, **{"asked:kites.fly": "yes"})
    off = features.effective(db, catalogue, agent)["kites.fly"]
    db.commit()

    at_home.post(PAGE, PAGE, **{"asked:kites.fly": "yes", "tick:kites.fly": "on"})

    assert isinstance(off, Refusal)
    assert isinstance(features.effective(db, catalogue, agent)["kites.fly"], Grant)


def test_a_feature_that_the_group_has_off_says_so_and_has_no_switch(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User
) -> None:
    set_for_group(db, catalogue, agent, GroupRule(Policy.NONE))

    page = at_home.get(PAGE).text

    assert "Off for your group" in page
    assert 'name="tick:kites.fly"' not in page


def test_a_locked_value_is_greyed_with_the_reason_and_not_taken_from_a_hand_made_form(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User
) -> None:
    set_for_group(db, catalogue, agent, GroupRule(Policy.ALL, {"height": GroupValue(50, locked=True)}))
    page = at_home.get(PAGE).text

    at_home.post(PAGE, PAGE, **{"value:kites.fly.height": "70", "value:kites.fly.motto": "Mine"})

    assert 'value="50" min="1" max="120" required disabled' in page
    assert "An administrator can change it." in page
    grant = features.effective(db, catalogue, agent)["kites.fly"]
    assert isinstance(grant, Grant)
    assert grant.options == {"height": 50, "colour": "red", "motto": "Mine"}


def test_a_value_outside_its_limits_is_said_beside_it(at_home: Browser) -> None:
    answer = at_home.post(PAGE, PAGE, **{"value:kites.fly.height": "0"})

    assert answer.status_code == 422
    assert 'id="value-kites.fly.height-error"' in answer.text
