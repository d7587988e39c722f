"""Tests of the guard and of the table it works from; tests/security goes through every route and role."""

import pytest
from admin_web.kit import PASSWORD, Browser
from flask import Blueprint, Flask
from sqlmodel import Session
from werkzeug.routing import Rule

from deskside_admin.model import User, UserRole
from deskside_admin.panel import menus
from deskside_admin.panel.menus import Reach
from deskside_admin.service import accounts, ranks

OPEN = {
    "static",
    "look.file",
    "setup.form",
    "setup.create",
    "signin.form",
    "signin.enter",
    "signin.leave",
    "signin.second",
    "signin.prove",
    "signin.send_again",
    "signin.let_in_form",
    "signin.let_in_use",
}


def user(role: str, **more: object) -> User:
    known = {"id": 1, "company_id": 1, "group_id": 1, "operator": False}
    return User(**{**known, "role": role, **more})


def address(rule: Rule) -> str:
    return rule.build(dict.fromkeys(rule.arguments, 1))[1]  # type: ignore[index]


def test_every_route_but_the_open_ones_sends_to_the_sign_in(panel: Flask, browser: Browser) -> None:
    answers = {
        (rule.endpoint, method): browser.client.open(address(rule), method=method).location or ""
        for rule in panel.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }

    sent_on = {endpoint for (endpoint, _), location in answers.items() if "/sign-in" in location}
    assert sent_on - {"signin.second", "signin.prove", "signin.send_again"} == {
        endpoint for endpoint, _ in answers if endpoint not in OPEN
    }


@pytest.mark.feature("ROL-04")
def test_a_blueprint_that_is_not_in_the_table_refuses_everybody(
    panel: Flask, signed_in: Browser, db: Session, admin: User
) -> None:
    new = Blueprint("forgotten", __name__)
    new.add_url_rule("/forgotten", "show", lambda: "secret")
    panel._got_first_request = False
    panel.register_blueprint(new)

    answer = signed_in.get("/forgotten")

    assert admin.operator
    assert answer.status_code == 403
    assert "secret" not in answer.text
    for role in UserRole:
        assert menus.reach("forgotten.show", user(role, operator=True)) is Reach.NOTHING


def test_every_row_of_the_table_is_a_blueprint_or_a_page_of_the_panel(panel: Flask) -> None:
    known = {*panel.blueprints, *panel.view_functions}

    assert menus.TABLE.keys() - known == set()
    assert {row.place.endpoint for row in menus.TABLE.values() if row.place} - known == set()


@pytest.mark.parametrize(
    ("role", "reaches"),
    [
        (
            "system",
            {"users": "full", "company": "full", "history": "full", "account.own_features": "nothing"},
        ),
        ("admin", {"users": "full", "company": "full", "history": "full", "account.own_features": "own"}),
        ("leader", {"users": "group", "company": "nothing", "history": "group", "groups.new": "nothing"}),
        ("agent", {"users": "nothing", "company": "nothing", "history": "own", "history.end": "nothing"}),
        ("owner", {"users": "nothing", "home": "nothing", "account": "nothing"}),
    ],
)
def test_the_most_exact_row_of_the_table_counts(role: str, reaches: dict[str, str]) -> None:
    found = {name: menus.reach(name if "." in name else f"{name}.show", user(role)) for name in reaches}

    assert found == reaches


def test_pages_of_the_server_are_for_whoever_runs_it_whatever_his_role() -> None:
    row = menus.Row(operator=True)

    assert [row.reach(user(role)) for role in UserRole] == [Reach.NOTHING] * 4
    assert [row.reach(user(role, operator=True)) for role in UserRole] == [Reach.FULL] * 4


@pytest.mark.parametrize("by", list(UserRole))
def test_nobody_manages_an_account_that_holds_more_than_his_own(by: UserRole) -> None:
    me = user(by)
    managed = {role for role in UserRole if ranks.may_manage(me, user(role, id=2))}

    everybody = set(UserRole)
    assert managed == {"system": everybody, "admin": everybody, "leader": {"agent"}, "agent": set()}[by]
    assert not ranks.may_manage(me, user("agent", id=2, operator=True))
    assert not ranks.may_manage(me, user("agent", id=2, company_id=2))
    elsewhere = user("agent", id=2, group_id=2)
    assert ranks.may_manage(me, elsewhere) == (by in ranks.MANAGERS)


def test_a_generated_password_must_be_changed_before_anything_else(
    browser: Browser, db: Session, agent: User
) -> None:
    password = accounts.reset_password(db, agent, agent.created)
    db.commit()
    browser.sign_in("lee", password)
    assert browser.get("/account/features").location == "/account/password"

    browser.post("/account/password", "/account/password", old=password, new=PASSWORD, repeated=PASSWORD)

    assert browser.get("/account/features").status_code == 200
