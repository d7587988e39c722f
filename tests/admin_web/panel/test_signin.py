"""Tests of signing in and out in a browser."""

import re

import pytest
from admin_web.kit import PASSWORD, Browser, TurnedClock
from flask import Flask
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import signins, throttle


def test_the_right_password_opens_the_panel(browser: Browser, admin: User) -> None:
    answer = browser.sign_in("kim")

    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/").status_code == 200


def test_a_wrong_password_is_said_without_saying_what_is_wrong(browser: Browser, admin: User) -> None:
    wrong = browser.sign_in("kim", "wrong password")
    unknown = browser.sign_in("nobody", "wrong password")

    assert wrong.status_code == unknown.status_code == 422
    assert "do not fit together" in wrong.text
    # The forms' tokens tell in which second they were made.
    pages = [re.sub(r'name="csrf_token" value="[^"]+"', "", one.text) for one in (wrong, unknown)]
    assert pages[0].replace("kim", "") == pages[1].replace("nobody", "")


def test_too_many_wrong_passwords_say_how_long_to_wait(browser: Browser, admin: User) -> None:
    for _ in range(throttle.FREE_ATTEMPTS):
        browser.sign_in("kim", "wrong password")

    answer = browser.sign_in("kim")

    assert answer.status_code == 429
    assert "in 15 seconds" in answer.text


def test_the_cookie_is_for_this_site_and_not_for_scripts(browser: Browser, admin: User) -> None:
    cookie = browser.sign_in("kim").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_signing_out_ends_the_sign_in_on_the_server(panel: Flask, signed_in: Browser) -> None:
    kept = signed_in.client.get_cookie("deskside_panel")
    assert kept is not None
    signed_in.post("/sign-out", "/account/password")

    thief = panel.test_client()
    thief.set_cookie("deskside_panel", kept.value)

    assert thief.get("/").status_code == 303


def test_a_sign_in_ends_by_itself(signed_in: Browser, clock: TurnedClock) -> None:
    clock.turn(signins.LASTS)

    assert signed_in.get("/").location == "/sign-in"


def test_after_signing_in_one_is_where_one_wanted_to_be(browser: Browser, admin: User) -> None:
    sent_to = browser.get("/users/?q=lee").location
    assert sent_to == "/sign-in?next=/users/?q%3Dlee"

    answer = browser.post(sent_to, login_name="kim", password=PASSWORD)

    assert answer.location == "/users/?q=lee"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "/x//y:z", "javascript:1", "/a b"]
)
def test_nobody_is_sent_to_another_site(browser: Browser, admin: User, wanted: str) -> None:
    answer = browser.client.get("/sign-in", query_string={"next": wanted})
    assert answer.status_code == 200

    answer = browser.post("/sign-in?next=" + wanted.replace("\\", "%5C"), login_name="kim", password=PASSWORD)

    assert answer.location == "/"


def test_the_company_number_is_asked_only_where_there_are_several(
    browser: Browser, admin: User, stranger: User
) -> None:
    assert 'name="company"' in browser.get("/sign-in").text

    answer = browser.sign_in("kim", company=str(stranger.company_id))

    assert answer.status_code == 303
    assert "Elsewhere" in browser.get("/").text


def test_a_stopped_user_is_out_at_once(signed_in: Browser, admin: User, db: Session) -> None:
    admin.active = False
    db.commit()

    assert signed_in.get("/").location == "/sign-in"
