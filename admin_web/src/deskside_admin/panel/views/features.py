"""What groups and users say about features, what a change would do, and why something is off."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from deskside.declare import Tab
from deskside.grants import Refusal
from deskside_admin.model import Group, SessionKind, User
from deskside_admin.panel import ahead, sold, why
from deskside_admin.panel.context import database, me, now, panel, say
from deskside_admin.panel.feature_form import (
    GROUP_SHOWS,
    USER_SHOWS,
    Wanted,
    entered_choices,
    entered_rules,
    group_sections,
    odd_entries,
    tabs_of,
    user_sections,
)
from deskside_admin.panel.list_form import redrawn, wants_redrawing
from deskside_admin.panel.option_form import Form
from deskside_admin.panel.reach import group_or_404, managed_user_or_404, scope, user_or_404
from deskside_admin.panel.templating import messages
from deskside_admin.panel.views import account
from deskside_admin.service import features, groups, prospects, roster, versions
from deskside_admin.service.outcome import Refused
from deskside_admin.service.scope import Scope as People

bp = Blueprint("features", __name__)

NOT_CARRIED = frozenset({"csrf_token", "preview", "as_user"})
MOST_PEOPLE = 500
Answer = str | Response | tuple[str, int]


@bp.route("/groups/<int:group_id>/features", methods=["GET", "POST"])
def of_group(group_id: int) -> Answer:
    """Show and keep what a group says, tab by tab; show what a change would do before it is kept."""
    group = group_or_404(group_id)
    if request.method == "GET":
        return _group_page(group, MultiDict())
    form = request.form
    if wants_redrawing(form):
        return _group_page(group, redrawn(form))
    if no := odd_entries(panel().catalogue, form):
        return _group_page(group, form, no), 422
    if "preview" in form:
        return _preview_page(group, form)
    wanted = entered_rules(panel().catalogue, form)
    changed = features.set_for_group(database(), panel().catalogue, group, wanted, _version())
    if isinstance(changed, Refused):
        return _group_page(group, form, changed), 422
    database().commit()
    flash(say("groups.features_saved", count=changed, users=groups.active_users(database(), group)))
    return redirect(_address("features.of_group", {"group_id": group_id}), 303)


@bp.route("/users/<int:user_id>/features", methods=["GET", "POST"])
def of_user(user_id: int) -> Answer:
    """Show and keep what is left to a user, on his behalf."""
    user = managed_user_or_404(user_id)
    return _of_user(user, "features.of_user", {"user_id": user.id})


@account.bp.route("/features", methods=["GET", "POST"])
def own_features() -> Answer:
    """Show what is on for oneself, and change what the group leaves open."""
    return _of_user(me(), "account.own_features", {})


@bp.get("/features/why")
def why_off() -> str:
    """Say for any user whom the reader may see why each feature is on or off."""
    people = roster.search(database(), scope(), most=MOST_PEOPLE)
    chosen = request.args.get("user", 0, type=int)
    user = user_or_404(chosen) if chosen else (people[0] if people else me())
    return _why_page(user, people)


@account.bp.get("/features/why")
def why_own() -> str:
    """Say for oneself why each feature is on or off."""
    return _why_page(me(), [])


@frozen
class _Page:
    """Which features are asked for, as the address says."""

    tab: Tab
    words: str

    @classmethod
    def asked(cls) -> "_Page":
        """Read the address."""
        tab = request.args.get("tab", "")
        return cls(Tab(tab) if tab in set(Tab) else Tab.VIEWER, request.args.get("q", "").strip()[:80])

    @property
    def wanted(self) -> Wanted:
        """Return which features belong on it."""
        return Wanted(self.tab, self.words)


def _address(endpoint: str, values: Mapping[str, Any]) -> str:
    """Return the address of a page that shows the same features as this one."""
    page = _Page.asked()
    shown: dict[str, Any] = {"q": page.words} if page.words else {"tab": page.tab}
    return url_for(endpoint, **values, **shown)


def _version() -> int:
    return request.form.get("version", 0, type=int)


def _group_page(group: Group, form: Form, refused: Refused | None = None) -> str:
    stored = features.of_group(database(), panel().catalogue, group.id)
    page = _Page.asked()
    return render_template(
        "features/group.html",
        group=group,
        users=groups.active_users(database(), group),
        members=_members(group),
        sections=group_sections(
            sold.reader(), {**stored, **entered_rules(panel().catalogue, form)}, page.wanted
        ),
        tabs=tabs_of(panel().catalogue, GROUP_SHOWS),
        page=page,
        licence_link=why.place_of_licence(),
        version=form.get("version", group.version),
        focus=form.get("focus", ""),
        is_conflict=versions.is_conflict(refused),
        errors=messages(refused),
    )


def _preview_page(group: Group, form: Form) -> Answer:
    wanted = entered_rules(panel().catalogue, form)
    if no := features.group_problems(panel().catalogue, wanted):
        return _group_page(group, form, no), 422
    members = _members(group)
    chosen = form.get("as_user", 0, type=int)
    user = next((one for one in members if one.id == chosen), None) or abort(404)
    found = prospects.of_change(database(), panel().catalogue, user, now(), wanted)
    return render_template(
        "features/preview.html",
        group=group,
        user=user,
        members=members,
        changed=ahead.changes(one for one in found if one.is_changed),
        same=ahead.changes(one for one in found if not one.is_changed),
        carried=[(name, text) for name, text in form.items(multi=True) if name not in NOT_CARRIED],
        page=_Page.asked(),
        errors={},
    )


def _members(group: Group) -> list[User]:
    everybody = People(company_id=group.company_id, group_id=group.id)
    return roster.search(database(), everybody, most=MOST_PEOPLE)


def _of_user(user: User, endpoint: str, values: dict[str, int]) -> Answer:
    form: Form = MultiDict()
    no = None
    if request.method == "POST":
        form = redrawn(request.form) if wants_redrawing(request.form) else request.form
        if form is request.form:
            no = odd_entries(panel().catalogue, form) or features.set_for_user(
                database(), panel().catalogue, user, entered_choices(panel().catalogue, form), _version()
            )
            if no is None:
                database().commit()
                flash(say("account.features_saved"))
                return redirect(_address(endpoint, values), 303)
    shown = _user_page(user, form, no, _address(endpoint, values))
    return (shown, 422) if no else shown


def _user_page(user: User, form: Form, refused: Refused | None, action: str) -> str:
    rules = features.of_group(database(), panel().catalogue, user.group_id)
    choices = features.of_user(database(), panel().catalogue, user.id)
    choices = {**choices, **entered_choices(panel().catalogue, form)}
    page = _Page.asked()
    return render_template(
        "features/user.html",
        user=user,
        is_me=user.id == me().id,
        action=action,
        sections=user_sections(sold.reader(), rules, choices, page.wanted),
        tabs=tabs_of(panel().catalogue, USER_SHOWS),
        page=page,
        licence_link=why.place_of_licence(),
        version=form.get("version", user.version),
        focus=form.get("focus", ""),
        is_conflict=versions.is_conflict(refused),
        errors=messages(refused),
    )


def _why_page(user: User, people: list[User]) -> str:
    kind = request.args.get("kind", "")
    kind = kind if kind in set(SessionKind) else SessionKind.PC
    decided = prospects.for_user(database(), panel().catalogue, user, now(), kind=kind)
    off = sum(isinstance(one, Refusal) for one in decided.values())
    return render_template(
        "features/why.html",
        user=user,
        people=people,
        kind=kind,
        kinds=list(SessionKind),
        parts=why.answers(user, decided),
        off=off,
    )
