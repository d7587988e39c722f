"""Tests of the first administrator's page."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, Browser, TurnedClock
from sqlmodel import Session

from deskside_admin.panel import setup_address
from deskside_admin.service import setup

ENTRIES = {
    "company": "Hanbit",
    "name": "Kim",
    "login_name": "kim",
    "password": PASSWORD,
    "repeated": PASSWORD,
}


@pytest.fixture
def page(db: Session) -> str:
    token = setup.make_first_administrator_link(db, NOW)
    assert token is not None
    db.commit()
    return setup_address("", token)


def test_the_link_leads_to_a_signed_in_administrator(browser: Browser, page: str) -> None:
    answer = browser.post(page, page, **ENTRIES)

    assert answer.status_code == 303
    assert "Hello, Kim" in browser.get("/").text


def test_the_page_is_gone_once_the_link_is_used(browser: Browser, page: str) -> None:
    browser.post(page, page, **ENTRIES)

    assert browser.get(page).status_code == 404
    assert browser.post(page, "/account/password", **ENTRIES).status_code == 404


def test_the_page_is_gone_once_the_link_has_expired(browser: Browser, page: str, clock: TurnedClock) -> None:
    clock.turn(setup.LASTS + timedelta(seconds=1))

    assert browser.get(page).status_code == 404


def test_a_guessed_link_finds_nothing(browser: Browser, page: str) -> None:
    assert browser.get("/setup/guess").status_code == 404


def test_two_different_passwords_are_said_beside_the_second(browser: Browser, page: str) -> None:
    answer = browser.post(page, page, **{**ENTRIES, "repeated": "another one"})

    assert answer.status_code == 422
    assert 'id="repeated-error"' in answer.text
    assert 'value="Hanbit"' in answer.text
    assert PASSWORD not in answer.text


def test_a_bad_entry_leaves_the_link_good(browser: Browser, page: str) -> None:
    answer = browser.post(page, page, **{**ENTRIES, "login_name": "two words"})

    assert answer.status_code == 422
    assert 'aria-describedby="login_name-help login_name-error"' in answer.text
    assert browser.get(page).status_code == 200


def test_the_address_of_the_link_stands_under_the_panel() -> None:
    assert setup_address("https://help.example/admin/", "abc") == "https://help.example/admin/setup/abc"
