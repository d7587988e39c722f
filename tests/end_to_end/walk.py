"""Every page of the panel that somebody can open, taken from its map of addresses: none is forgotten."""

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen
from end_to_end.filled import PASSWORD, smaller
from security.panel_world import KEY, NOW, World
from sqlmodel import Session
from werkzeug.routing import Rule

from deskside_admin.model import Company, User
from deskside_admin.panel import menus
from deskside_admin.service import let_in, onboarding

NO_PAGES = frozenset({"static", "look.file", "users.photo", "company.logo"})
"""They answer with files."""
BY_LINK = frozenset({"setup.form", "signin.form", "signin.second", "signin.let_in_form"})
"""They are for people who have not signed in; `of_strangers` opens them."""
NEWCOMER = "newcomer"
"""Administrator of a company that has nothing yet."""
FURTHER = {
    "users.show": ("?q=nobody+is+called+this", "?after=1"),
    "users.show_stopped": ("?q=nobody",),
    "groups.show": ("?q=nowhere",),
    "history.show": ("?q=nobody", "?shown=live"),
    "sign_ins.show": ("?what=refused&kind=panel", "?q=nobody"),
    "signed_in.show": ("?q=nobody",),
    "server.show": ("?q=nobody",),
    "features.of_group": ("?tab=security", "?q=nothing+like+this"),
    "features.of_user": ("?q=nothing+like+this",),
}
"""What else than its first look a page has: nothing found, another tab."""


@frozen
class Visit:
    """A page to look at: who opens it, where, and which form is sent there first, if any."""

    name: str
    path: str
    who: str = "operator"
    form: str = ""
    entries: dict[str, str] = field(factory=dict)
    button: str = ""
    status: int = 200
    is_first: bool = False
    """A page as it opens, which is photographed in every look."""


def of_routes(world: World, who: str) -> Iterator[Visit]:
    """Return every page that one of the company's people may open."""
    with Session(world.engine) as db:
        user = db.get_one(User, world.home.people[who])
    for rule in world.panel.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES | BY_LINK:
            continue
        if not menus.may_open(rule.endpoint, user) or (who == NEWCOMER and rule.arguments):
            continue
        path, name = _address(world, rule, who), rule.endpoint.replace(".", "-")
        yield Visit(f"{who}-{name}", path, who, is_first=who == "operator")
        for number, more in enumerate(FURTHER.get(rule.endpoint, ()) if who == "operator" else (), 2):
            yield Visit(f"{who}-{name}-{number}", path + more, who)


def _address(world: World, rule: Rule, who: str) -> str:
    """Return an address of a page; a new kind of object in it has to be named here."""
    whose = who if who == "agent" else "victim"
    given: dict[str, Any] = {
        "user_id": world.home.people["far" if rule.endpoint == "users.delete" else whose],
        "group_id": world.home.groups["two"],
        "session_id": world.home.sessions[whose],
        "company_id": world.home.id,
        "public_key": KEY,
    }
    built = rule.build({name: given[name] for name in rule.arguments})
    assert built is not None
    return built[1]


def of_strangers(world: World) -> Iterator[Visit]:
    """Return what is shown to somebody who has not signed in, by links that work once among it."""
    with Session(world.engine) as db:
        company = Company(name="새 회사 新公司", created=NOW)
        db.add(company)
        db.flush()
        setting_up = onboarding.make_link(db, company, NOW)
        leader = db.get_one(User, world.home.people["leader"])
        letting_in = let_in.make_link(db, world.home.id, leader.login_name, NOW)
        db.commit()
    known = {"company": str(world.home.id), "login_name": "leader"}
    wrong, right = {**known, "password": "wrong"}, {**known, "password": PASSWORD}
    yield Visit("setup", f"/setup/{setting_up}", "", is_first=True)
    yield Visit("setup-refused", f"/setup/{setting_up}", "", "form", status=422)
    yield Visit("let-in", f"/let-in/{letting_in}", "", is_first=True)
    yield Visit("not-found", "/setup/used-up", "", status=404)
    yield Visit("sign-in", "/sign-in", "", is_first=True)
    yield Visit("sign-in-refused", "/sign-in", "", "form", wrong, status=422)
    yield Visit("second-step", "/sign-in", "", "form", right, is_first=True)
    yield Visit("second-step-refused", "/sign-in/second", "", "form", {"code": "111"}, status=422)


def of_forms(world: World, name: str) -> Iterator[Visit]:
    """Return what forms answer: shown once, refused, asked back. `name` is not taken yet."""
    group = f"/groups/{world.home.groups['one']}/features"
    company = f"/server/companies/{world.home.id}"
    yield Visit(
        "user-added", "/users/new", form="form.card", entries={"login_name": name, "family_name": "김"}
    )
    yield Visit("user-refused", "/users/new", form="form.card", entries={"login_name": "A B"}, status=422)
    yield Visit("group-refused", "/groups/new", form="form.card", status=422)
    yield Visit("group-saved", group, form="form.features")
    yield Visit("company-refused", "/company/", form="form.features", entries={"telephone": "x"}, status=422)
    off = {"policy:chat.text": "none", "policy:control.mouse": "none"}
    yield Visit("preview", group, form="form.features", entries=off, button="[name=preview]")
    yield Visit("preview-of-nothing", group, form="form.features", button="[name=preview]")
    yield Visit("password-refused", "/account/password", form="form.card", status=422)
    known = {"password": PASSWORD}
    begin = "form[action$=begin]"
    yield Visit("enrol", "/account/second-step", form=begin, entries=known)
    yield Visit("enrol-refused", "/account/second-step", form=begin, status=422)
    yield Visit("second-step-is-on", "/account/second-step", "leader")
    renew = "form[action$=recovery]"
    yield Visit("recovery-codes", "/account/second-step", "leader", renew, known)
    yield Visit("licence-refused", company, form="form[action$=licence]", status=422)
    less = {"token": smaller(world)}
    yield Visit("licence-asked-back", company, form="form[action$=licence]", entries=less)
    yield Visit("company-added", "/server/", form="form[action$=companies]", entries={"name": name})
    yield Visit("vendor-refused", "/server/vendors", form="form[action$=vendors]", status=422)
    yield Visit("not-for-agents", "/server/", "agent", status=403)
    yield Visit("no-such-page", "/nowhere", status=404)
