"""Tests of who may see what, for every route there is."""

import pytest
from admin_web.kit import PASSWORD, Browser
from flask import Flask
from sqlmodel import Session
from werkzeug.routing import Rule

from deskside_admin.model import User
from deskside_admin.panel import guard
from deskside_admin.service import accounts

OPEN = {
    "static",
    "look.file",
    "setup.form",
    "setup.create",
    "signin.form",
    "signin.enter",
    "signin.leave",
}


def rules(panel: Flask) -> list[tuple[str, str, str]]:
    """Return endpoint, method and an address of every route."""
    return [
        (rule.endpoint, method, address(rule))
        for rule in panel.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
    ]


def address(rule: Rule) -> str:
    return rule.build(dict.fromkeys(rule.arguments, 1))[1]  # type: ignore[index]


def test_every_route_but_the_open_ones_sends_to_the_sign_in(panel: Flask, browser: Browser) -> None:
    answers = {
        endpoint: browser.client.open(path, method=method).location or ""
        for endpoint, method, path in rules(panel)
    }

    sent_to_sign_in = {endpoint for endpoint, location in answers.items() if "/sign-in" in location}
    assert sent_to_sign_in == answers.keys() - OPEN


def test_every_post_without_the_forms_token_is_refused(panel: Flask, signed_in: Browser) -> None:
    answers = {
        endpoint: signed_in.client.post(path).status_code
        for endpoint, method, path in rules(panel)
        if method == "POST"
    }

    assert set(answers.values()) == {400}
    assert len(answers) > 8


def test_a_route_of_a_new_blueprint_is_for_administrators_until_someone_decides(panel: Flask) -> None:
    known = guard.PUBLIC | guard.EVERYBODY

    for_administrators = {name for name in panel.blueprints if name not in known}

    assert for_administrators == {"users", "groups"}


def test_an_agent_is_refused_what_is_for_administrators_and_does_not_see_it(
    panel: Flask, browser: Browser, agent: User
) -> None:
    browser.sign_in("lee")

    refused = {
        browser.get(path).status_code
        for endpoint, method, path in rules(panel)
        if method == "GET" and endpoint.startswith(("users.", "groups."))
    }
    posted = browser.post("/users/new", "/", login_name="park", name="Park").status_code

    assert refused | {posted} == {403}
    assert 'href="/users/"' not in browser.get("/").text


def test_a_generated_password_must_be_changed_before_anything_else(
    browser: Browser, db: Session, agent: User
) -> None:
    password = accounts.reset_password(db, agent, agent.created)
    db.commit()
    browser.sign_in("lee", password)
    assert browser.get("/account/features").location == "/account/password"

    browser.post("/account/password", "/account/password", old=password, new=PASSWORD, repeated=PASSWORD)

    assert browser.get("/account/features").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_object_of_another_company_is_not_found(
    panel: Flask, signed_in: Browser, stranger: User, method: str
) -> None:
    ids = {"user_id": stranger.id, "group_id": stranger.group_id, "sign_in_id": 1}
    addresses = [
        rule.build({name: ids[name] for name in rule.arguments})[1]  # type: ignore[index]
        for rule in panel.url_map.iter_rules()
        if rule.arguments & ids.keys() and method in (rule.methods or set())
    ]

    found = {
        path: signed_in.get(path).status_code
        if method == "GET"
        else signed_in.post(path, "/account/password", name="Changed").status_code
        for path in addresses
    }

    assert set(found.values()) == {404}
    assert len(found) >= 3


def test_anothers_sign_in_is_not_found_under_a_user_of_ones_own(
    signed_in: Browser, agent: User, db: Session
) -> None:
    answer = signed_in.post(f"/users/{agent.id}/sign-ins/1/end", "/account/password")

    assert answer.status_code == 404
    assert signed_in.get("/").status_code == 200
