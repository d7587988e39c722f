"""Every route for every role, every object for every stranger, and no form without its token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from security.panel_world import KEY, Firm, World, make
from werkzeug.routing import Rule

from deskside_admin.service import passwords

PUBLIC = "public"
EVERYBODY = frozenset({"operator", "system", "admin", "leader", "agent"})
SERVING = EVERYBODY - {"system"}
LEADERS = EVERYBODY - {"agent"}
MANAGERS = LEADERS - {"leader"}
OPERATOR = frozenset({"operator"})

MAY: dict[str, frozenset[str] | str] = {
    "static": PUBLIC,
    "look.file": PUBLIC,
    "setup.form": PUBLIC,
    "setup.create": PUBLIC,
    "signin.form": PUBLIC,
    "signin.enter": PUBLIC,
    "signin.leave": PUBLIC,
    "signin.second": PUBLIC,
    "signin.prove": PUBLIC,
    "signin.send_again": PUBLIC,
    "signin.let_in_form": PUBLIC,
    "signin.let_in_use": PUBLIC,
    "home.show": EVERYBODY,
    "account.details": EVERYBODY,
    "account.keep_details": EVERYBODY,
    "account.password": EVERYBODY,
    "account.own_features": SERVING,
    "account.why_own": EVERYBODY,
    "account.second_step": EVERYBODY,
    "account.begin_second_step": EVERYBODY,
    "account.switch_on_second_step": EVERYBODY,
    "account.switch_off_second_step": EVERYBODY,
    "account.renew_recovery": EVERYBODY,
    "history.show": EVERYBODY,
    "history.detail": EVERYBODY,
    "history.end": LEADERS,
    "sign_ins.show": EVERYBODY,
    "signed_in.show": LEADERS,
    "signed_in.end": LEADERS,
    "users.show": LEADERS,
    "users.show_stopped": LEADERS,
    "users.new": LEADERS,
    "users.edit": LEADERS,
    "users.reset_password": LEADERS,
    "users.give_password": LEADERS,
    "users.unlock": LEADERS,
    "users.set_active": LEADERS,
    "users.end_sign_in": LEADERS,
    "users.delete": LEADERS,
    "users.photo": LEADERS,
    "users.keep_photo": LEADERS,
    "users.remove_photo": LEADERS,
    "features.of_group": LEADERS,
    "features.of_user": LEADERS,
    "features.why_off": LEADERS,
    "groups.show": LEADERS,
    "groups.edit": LEADERS,
    "groups.new": MANAGERS,
    "groups.move": MANAGERS,
    "groups.arrange": MANAGERS,
    "groups.delete": MANAGERS,
    "company.show": MANAGERS,
    "company.save": MANAGERS,
    "company.logo": MANAGERS,
    "company.keep_logo": MANAGERS,
    "company.remove_logo": MANAGERS,
    "company_options.show": MANAGERS,
    "feedback.show": MANAGERS,
    "feedback.everywhere": OPERATOR,
    "licences.show": MANAGERS,
    "server.show": OPERATOR,
    "server.add": OPERATOR,
    "server.company": OPERATOR,
    "server.install": OPERATOR,
    "server.link": OPERATOR,
    "trust.show": OPERATOR,
    "trust.add": OPERATOR,
    "trust.remove": OPERATOR,
    "trust.licences": OPERATOR,
    "trust.withdraw": OPERATOR,
}
ANSWERED = {200, 303, 422}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates are compiled once for all tests, not once for each."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def world(tmp_path: Path, templates: BytecodeCache, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = make(tmp_path, templates)
    yield made
    made.engine.dispose()


def routes(panel: Flask) -> list[tuple[Rule, str]]:
    """Return every route that needs a sign-in, with each of its methods, forms last."""
    found = [
        (rule, method)
        for rule in panel.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if MAY[rule.endpoint] != PUBLIC
    ]
    return sorted(found, key=lambda one: (one[1], one[0].rule))


def objects(company: Firm, who: str, group: str) -> dict[str, object]:
    """Return one object of each kind that belongs to one of a company's people."""
    return {
        "user_id": company.people[who],
        "group_id": company.groups[group],
        "sign_in_id": company.sign_ins[who],
        "session_id": company.sessions[who],
        "company_id": company.id,
        "public_key": KEY,
    }


def address(rule: Rule, given: dict[str, object]) -> str:
    built = rule.build({name: given[name] for name in rule.arguments})
    assert built is not None
    return built[1]


def own(world: World, role: str, rule: Rule) -> dict[str, object]:
    """Return objects that this role reaches: an agent's own, for others those of an agent of their group."""
    group = "empty" if rule.endpoint in {"groups.delete"} else "one"
    return objects(world.home, role if role == "agent" else "victim", group)


def test_every_route_is_named_with_who_may_open_it(world: World) -> None:
    assert MAY.keys() == {rule.endpoint for rule in world.panel.url_map.iter_rules()}


@pytest.mark.feature("ROL-02", "ROL-03", "ROL-04", "ROL-08")
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_role_opens_its_pages_and_is_refused_every_other_even_when_called_directly(
    world: World, role: str
) -> None:
    visitor = world.browser(role)
    wrong = {}

    for rule, method in routes(world.panel):
        status = visitor.call(method, address(rule, own(world, role, rule))).status_code
        if status not in (ANSWERED if role in MAY[rule.endpoint] else {403}):
            wrong[f"{method} {rule.rule}"] = status

    assert wrong == {}


@pytest.mark.feature("ROL-04")
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_the_menu_shows_exactly_the_places_that_a_role_may_open(world: World, role: str) -> None:
    page = world.browser(role).call("GET", "/").text
    menu = page.partition('<nav id="menu"')[2].partition("</nav>")[0]
    places = {
        "/users/": LEADERS, "/groups/": LEADERS, "/company/": MANAGERS, "/licence/": MANAGERS,
        "/server/": OPERATOR, "/signed-in/": LEADERS, "/sign-ins/": EVERYBODY, "/history/": EVERYBODY,
        "/account/features": SERVING,
    }  # fmt: skip

    assert {path for path in places if f'href="{path}"' in menu} == {
        path for path, roles in places.items() if role in roles
    }


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_form_is_taken_without_its_token(world: World, role: str) -> None:
    visitor = world.browser(role)

    statuses = {
        rule.rule: visitor.call("POST", address(rule, own(world, role, rule)), with_token=False).status_code
        for rule, method in routes(world.panel)
        if method == "POST" and role in MAY[rule.endpoint]
    }

    assert set(statuses.values()) == {400}, statuses
    assert len(statuses) >= 6


def strangers(world: World, role: str) -> dict[str, dict[str, object]]:
    """Return objects that are none of this role's business, by whose they are."""
    found = {"another company's": objects(world.away, "victim", "one")}
    if role in {"leader", "agent"}:
        found["another group's"] = objects(world.home, "far", "two")
    if role == "agent":
        found["a colleague's"] = objects(world.home, "colleague", "one")
    return found


@pytest.mark.feature("ROL-02", "ROL-03", "ROL-09")
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_every_object_of_a_stranger_is_not_found(world: World, role: str) -> None:
    """One foreign object is enough, wherever it stands in the address."""
    visitor = world.browser(role)
    own_kinds = {"company_id", "public_key"}  # the whole server's: for its operator only
    wrong, asked = {}, 0

    for rule, method in routes(world.panel):
        if role not in MAY[rule.endpoint]:
            continue
        for whose, foreign in strangers(world, role).items():
            for kind in rule.arguments - own_kinds:
                asked += 1
                given = {**own(world, role, rule), kind: foreign[kind]}
                status = visitor.call(method, address(rule, given), active="no").status_code
                if status != 404:
                    wrong[f"{method} {rule.rule}: {whose} {kind}"] = status

    assert wrong == {}
    assert asked >= 1


@pytest.mark.feature("ROL-02")
@pytest.mark.parametrize("who", ["operator", "system", "admin", "leader"])
def test_a_leader_sees_but_never_changes_whoever_holds_as_much_or_more(world: World, who: str) -> None:
    visitor = world.browser("leader")
    given = objects(world.home, who, "one")
    readable = {"users.photo"}

    statuses = {
        f"{method} {rule.rule}": visitor.call(method, address(rule, given), active="no").status_code
        for rule, method in routes(world.panel)
        if "user_id" in rule.arguments and rule.endpoint not in readable
    }

    assert set(statuses.values()) == {403}, statuses
    assert visitor.call("POST", f"/signed-in/{given['sign_in_id']}/end").status_code == 403


@pytest.mark.parametrize("role", ["system", "admin"])
def test_an_administrator_who_does_not_run_the_server_never_becomes_whoever_does(
    world: World, role: str
) -> None:
    visitor = world.browser(role)
    given = objects(world.home, "operator", "one")

    statuses = {
        f"{method} {rule.rule}": visitor.call(method, address(rule, given), active="no").status_code
        for rule, method in routes(world.panel)
        if "user_id" in rule.arguments and method == "POST"
    }

    assert set(statuses.values()) == {403}, statuses


@pytest.mark.feature("ROL-09")
@pytest.mark.parametrize(("role", "seen"), [("admin", 8), ("system", 8), ("leader", 7), ("agent", 1)])
def test_lists_show_no_support_of_anybody_outside(world: World, role: str, seen: int) -> None:
    page = world.browser(role).call("GET", "/history/").text

    foreign = {*world.away.sessions.values()}
    if role in {"leader", "agent"}:
        foreign.add(world.home.sessions["far"])
    assert page.count('<td class="main">') == seen
    assert not [one for one in foreign if one in page]


def test_a_leader_finds_nobody_of_another_group_in_any_list(world: World) -> None:
    visitor = world.browser("leader")
    lists = [
        address(rule, {})
        for rule, method in routes(world.panel)
        if method == "GET" and not rule.arguments and "leader" in MAY[rule.endpoint]
    ]

    shown = {path: visitor.call("GET", path).text for path in [*lists, "/users/?q=far", "/history/?q=far"]}

    assert [path for path, text in shown.items() if ">Far<" in text or ">far<" in text] == []
    assert len(lists) >= 8
