"""Tests of the pages of who is signed in, of the history of signing in, and of one's own account."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, Browser, TurnedClock, make_user
from flask import Flask
from sqlmodel import Session

from deskside_admin.model import Company, Group, SignIn, SignInKind, User, UserRole
from deskside_admin.service import groups, passwords, signins

LIST, HISTORY = "/signed-in/", "/sign-ins/"
CANARY = "<img src=x onerror=alert(1)>"


def open_one(db: Session, user: User, kind: SignInKind = SignInKind.CONSOLE) -> int:
    token = signins.open_for(db, user, "192.0.2.9", NOW, kind)
    found = signins.look_up(db, token, NOW, kind)
    assert found is not None
    db.commit()
    return found.sign_in_id


@pytest.fixture
def leader(db: Session, admin: User) -> User:
    """The leader of another group than the agent's."""
    group = groups.create(db, admin.company_id, "Others")
    assert isinstance(group, Group)
    return make_user(db, admin.company_id, group.id, "choi", role=UserRole.LEADER)


def test_an_administrator_sees_and_ends_sign_ins_of_his_company(
    signed_in: Browser, db: Session, agent: User
) -> None:
    sign_in = open_one(db, agent)
    shown = signed_in.get(LIST).text

    signed_in.post(f"{LIST}{sign_in}/end", LIST)

    row = db.get_one(SignIn, sign_in, populate_existing=True)
    assert "192.0.2.9" in shown
    assert "This browser" in shown
    assert (row.revoked, row.why_ended) == (NOW, "signin.ended.administrator")
    assert "192.0.2.9" not in signed_in.get(LIST).text


def test_a_leader_sees_and_ends_those_of_his_group_only(
    browser: Browser, db: Session, agent: User, leader: User, admin: User
) -> None:
    member = make_user(db, admin.company_id, leader.group_id, "park")
    own, foreign = open_one(db, member), open_one(db, agent)
    browser.sign_in("choi")

    shown = browser.get(LIST).text

    assert "Park" in shown
    assert "Lee" not in shown
    assert browser.post(f"{LIST}{foreign}/end", LIST).status_code == 404
    assert browser.post(f"{LIST}{own}/end", LIST).status_code == 303
    assert db.get_one(SignIn, foreign, populate_existing=True).revoked is None


def test_a_leader_does_not_sign_an_administrator_of_his_group_out(
    browser: Browser, db: Session, admin: User
) -> None:
    make_user(db, admin.company_id, admin.group_id, "choi", role=UserRole.LEADER)
    of_admin = open_one(db, admin)
    browser.sign_in("choi")

    assert f"{LIST}{of_admin}/end" not in browser.get(LIST).text
    assert browser.post(f"{LIST}{of_admin}/end", LIST).status_code == 403


def test_an_agent_sees_no_list_and_his_own_history_only(
    browser: Browser, db: Session, agent: User, admin: User
) -> None:
    open_one(db, admin)
    browser.sign_in("lee", "wrong")
    browser.sign_in("lee")

    shown = browser.get(HISTORY).text

    assert browser.get(LIST).status_code == 403
    assert "wrong password" in shown
    assert "kim" not in shown


@pytest.mark.feature("ACC-24")
def test_the_history_is_searched_and_shows_reasons(
    signed_in: Browser, panel: Flask, db: Session, agent: User, clock: TurnedClock
) -> None:
    Browser(panel.test_client()).sign_in("lee", "wrong")
    Browser(panel.test_client()).sign_in("nobody", "wrong")
    clock.turn(timedelta(days=1))
    sign_in = open_one(db, agent)
    signins.revoke(db, agent.id, sign_in, clock(), "signin.ended.idle")
    db.commit()
    signed_in.sign_in("kim")

    whole = signed_in.get(HISTORY).text
    refused = signed_in.get(f"{HISTORY}?what=refused").text
    of_day = signed_in.get(f"{HISTORY}?first=2026-11-22&last=2026-11-22").text

    assert "unknown login name" in whole
    assert "no support for a while" in whole
    assert "no support for a while" not in refused
    assert "wrong password" in refused
    assert "no support for a while" in of_day
    assert "wrong password" not in of_day


@pytest.mark.parametrize(
    "query",
    ["?first=2026-02-31", "?first=0001-01-01&last=9999-12-31", "?after=x", "?what=x&kind=y", "?after=999999"],
)
def test_a_strange_query_is_no_fault(signed_in: Browser, query: str) -> None:
    assert signed_in.get(HISTORY + query).status_code == 200
    assert signed_in.get(LIST + query).status_code == 200


def test_fifty_entries_stand_on_a_page_and_the_next_page_goes_on(
    signed_in: Browser, db: Session, agent: User
) -> None:
    for number in range(60):
        signins.open_for(db, agent, f"10.0.0.{number}", NOW)
    db.commit()

    for page in (LIST, HISTORY):
        first = signed_in.get(page).text
        assert first.count("<tr>") == 51
        following = next(one for one in first.split('href="') if "after=" in one).split('"')[0]
        assert signed_in.get(following.replace("&amp;", "&")).text.count("<tr>") == 12


def test_a_login_name_that_a_stranger_made_up_does_not_run(
    signed_in: Browser, panel: Flask, agent: User
) -> None:
    Browser(panel.test_client()).sign_in(CANARY, "wrong")

    page = signed_in.get(HISTORY).text

    assert CANARY.lower() not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


@pytest.mark.feature("ACC-13")
def test_a_password_that_is_too_old_must_be_changed_before_anything_else(
    signed_in: Browser, db: Session, admin: User, clock: TurnedClock
) -> None:
    company = db.get_one(Company, admin.company_id)
    company.password_days, admin.password_changed = 30, NOW - timedelta(days=29, hours=23)
    db.commit()
    before = signed_in.get("/users/").status_code
    clock.turn(timedelta(hours=1))
    sent_to = signed_in.get("/users/").location
    page = "/account/password"
    assert "in use long enough" in signed_in.get(page).text

    signed_in.post(page, page, old=PASSWORD, new="Another-horse-8", repeated="Another-horse-8")

    assert (before, sent_to) == (200, page)
    assert signed_in.get("/users/").status_code == 200


@pytest.mark.feature("ACC-12")
def test_a_new_level_binds_the_next_change_and_leaves_present_passwords_alone(
    browser: Browser, db: Session, agent: User, admin: User
) -> None:
    agent.password_hash = passwords.hashed("abcdef7")
    db.get_one(Company, admin.company_id).password_level = "strong"
    db.commit()
    page = "/account/password"

    entered = browser.sign_in("lee", "abcdef7")
    form = browser.get(page).text
    refused = browser.post(page, page, old="abcdef7", new="abcdefgh7", repeated="abcdefgh7")
    kept = browser.post(page, page, old="abcdef7", new="Abcdefg-7", repeated="Abcdefg-7")

    assert entered.status_code == 303
    assert "with capital and small letters, digits and special characters" in form
    assert refused.status_code == 422
    assert "Add a capital letter. Add a special character such as ! or -." in refused.text
    assert kept.status_code == 303


def test_a_form_full_of_guesses_at_the_present_password_is_made_to_wait(signed_in: Browser) -> None:
    page = "/account/password"
    for _ in range(5):
        signed_in.post(page, page, old="wrong", new="Another-horse-8", repeated="Another-horse-8")

    answer = signed_in.post(page, page, old=PASSWORD, new="Another-horse-8", repeated="Another-horse-8")

    assert answer.status_code == 422
    assert "Try again in 15 seconds" in answer.text


def test_what_customers_see_is_kept_and_of_two_forms_the_second_is_told(
    signed_in: Browser, db: Session, admin: User
) -> None:
    page = "/account/"
    signed_in.post(page, page, chat_name="Kim of the desk", nickname="", position="Lead", version="1")

    second = signed_in.post(page, page, chat_name="Another", nickname="", position="", version="1")

    db.refresh(admin)
    assert (admin.chat_name, admin.position) == ("Kim of the desk", "Lead")
    assert second.status_code == 422


@pytest.mark.parametrize(
    "reason", ["administrator", "elsewhere", "idle", "gone", "time", "password", "stopped"]
)
def test_the_sign_in_page_tells_why_a_sign_in_is_over(
    signed_in: Browser, db: Session, admin: User, reason: str
) -> None:
    signins.revoke_all(db, admin.id, NOW, why=f"signin.ended.{reason}")
    db.commit()

    assert signed_in.get("/").location == "/sign-in"
    told = signed_in.get("/sign-in").text

    assert '<p class="note" role="status">' in told
    assert f"signin.ended.{reason}" not in told
    assert '<p class="note" role="status">' not in signed_in.get("/sign-in").text
