"""Users of the company: listed by group, added, changed."""

import re
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import User
from deskside_admin.panel.context import company, database, entered, me, now, say
from deskside_admin.panel.reach import managed_user_or_404, scope
from deskside_admin.panel.templating import messages
from deskside_admin.service import accounts, groups, locks, photos, ranks, roster, signins
from deskside_admin.service.details import Details
from deskside_admin.service.outcome import Refused
from deskside_admin.service.versions import is_conflict

bp = Blueprint("users", __name__, url_prefix="/users")

PAGE = 50
NUMBER = re.compile(r"[0-9]{0,9}")


@bp.get("/")
def show() -> str:
    """List active users by group, fifty at a time."""
    return _list("users/list.html", active=True)


@bp.get("/stopped")
def show_stopped() -> str:
    """List stopped users."""
    return _list("users/stopped.html", active=False)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | tuple[str, int]:
    """Add a user, and show the generated password this once."""
    if request.method == "GET":
        return _form("users/new.html")
    added = accounts.add(database(), company().id, entered("login_name"), _details(), now(), me())
    if isinstance(added, Refused):
        return _form("users/new.html", added), 422
    database().commit()
    return render_template("users/password.html", user=added.user, password=added.password, is_new=True)


@bp.route("/<int:user_id>", methods=["GET", "POST"])
def edit(user_id: int) -> str | Response | tuple[str, int]:
    """Change what is known about a user."""
    user = managed_user_or_404(user_id)
    if request.method == "GET":
        return edit_page(user)
    version = request.form.get("version", 0, type=int)
    outcome = accounts.change(database(), user, _details(user), version, now(), me())
    if isinstance(outcome, Refused):
        return edit_page(user, outcome), 422
    database().commit()
    flash(say("users.saved"))
    return redirect(url_for("users.edit", user_id=user_id), 303)


def edit_page(user: User, refused: Refused | None = None) -> str:
    """Return the page of one user, with what was wrong with the last form."""
    return _form(
        "users/edit.html",
        refused,
        user=user,
        is_conflict=is_conflict(refused),
        sign_ins=signins.open_ones(database(), user.id, now()),
        is_me=user.id == me().id,
        is_locked=locks.is_locked(user, company(), now()),
        has_photo=photos.find(database(), user) is not None,
    )


def _list(template: str, *, active: bool) -> str:
    words, after = request.args.get("q", ""), request.args.get("after", 0, type=int)
    names = {one.id: one.name for one in _groups()}
    group_id = request.args.get("group", 0, type=int)
    seen = scope() if group_id not in names else scope().within(group_id)
    found = roster.search(database(), seen, words, active=active, after=after, most=PAGE + 1)
    return render_template(
        template,
        users=found[:PAGE],
        parts=[(key, list(part)) for key, part in groupby(found[:PAGE], lambda user: user.group_id)],
        more=len(found) > PAGE,
        group_names=names,
        group_id=group_id if group_id in names else None,
        manageable={user.id for user in found if ranks.may_manage(me(), user)},
        locked={user.id for user in found if locks.is_locked(user, company(), now())},
        words=words,
        after=after,
    )


def _details(user: User | None = None) -> Details:
    icon = entered("icon").strip()
    return Details(
        # A name that nobody has taken apart stays until somebody does.
        name=user.name if user else "",
        family_name=entered("family_name"),
        given_name=entered("given_name"),
        reading=entered("reading"),
        chat_name=entered("chat_name"),
        role=entered("role"),
        group_id=request.form.get("group_id", 0, type=int),
        telephone=entered("telephone"),
        mobile=entered("mobile"),
        mail=entered("mail"),
        wants_mail="wants_mail" in request.form,
        icon=int(icon or 0) if NUMBER.fullmatch(icon) else -1,
        nickname=entered("nickname"),
        position=entered("position"),
    )


def _form(template: str, refused: Refused | None = None, **values: object) -> str:
    user = values.get("user")
    roles = [role.value for role in ranks.roles_to_give(me())]
    if isinstance(user, User) and user.role not in roles:
        roles.append(user.role)
    return render_template(template, groups=_groups(), roles=roles, errors=messages(refused), **values)


def _groups() -> list[groups.GroupSummary]:
    return groups.summaries(database(), company().id, only=scope().group_id)
