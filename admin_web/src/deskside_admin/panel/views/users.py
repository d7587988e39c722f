"""Users of the company."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import User, UserRole
from deskside_admin.panel.context import company, database, entered, me, now, say
from deskside_admin.panel.templating import messages
from deskside_admin.service import accounts, groups, signins
from deskside_admin.service.outcome import Refused

bp = Blueprint("users", __name__, url_prefix="/users")

PAGE = 50


@bp.get("/")
def show() -> str:
    """List users, fifty at a time."""
    words, after = request.args.get("q", ""), request.args.get("after", "")
    group_id = request.args.get("group", type=int)
    found = accounts.search(database(), company().id, words, group_id=group_id, after=after, most=PAGE + 1)
    names = {one.id: one.name for one in groups.summaries(database(), company().id)}
    return render_template(
        "users/list.html",
        users=found[:PAGE],
        more=len(found) > PAGE,
        group_names=names,
        group_id=group_id if group_id in names else None,
        words=words,
        after=after,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | tuple[str, int]:
    """Add a user, and show the generated password this once."""
    if request.method == "GET":
        return _form("users/new.html")
    added = accounts.add(database(), company().id, entered("login_name"), _details(), now())
    if isinstance(added, Refused):
        return _form("users/new.html", added), 422
    database().commit()
    return render_template("users/password.html", user=added.user, password=added.password, is_new=True)


@bp.route("/<int:user_id>", methods=["GET", "POST"])
def edit(user_id: int) -> str | Response | tuple[str, int]:
    """Change a user's names, role and group."""
    user = _user_or_404(user_id)
    if request.method == "GET":
        return _edit_page(user)
    outcome = accounts.change(database(), user, _details())
    if isinstance(outcome, Refused):
        return _edit_page(user, outcome), 422
    database().commit()
    flash(say("users.saved"))
    return redirect(url_for("users.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/password")
def reset_password(user_id: int) -> str:
    """Replace a forgotten password, and show the generated one this once."""
    user = _user_or_404(user_id)
    password = accounts.reset_password(database(), user, now())
    database().commit()
    return render_template("users/password.html", user=user, password=password, is_new=False)


@bp.post("/<int:user_id>/active")
def set_active(user_id: int) -> Response | tuple[str, int]:
    """Stop a user, or let him in again."""
    user = _user_or_404(user_id)
    active = entered("active") == "yes"
    outcome = accounts.set_active(database(), user, active=active, now=now())
    if isinstance(outcome, Refused):
        return _edit_page(user, outcome), 422
    database().commit()
    flash(say("users.activated" if active else "users.stopped"))
    return redirect(url_for("users.edit", user_id=user_id), 303)


@bp.post("/<int:user_id>/sign-ins/<int:sign_in_id>/end")
def end_sign_in(user_id: int, sign_in_id: int) -> Response:
    """End one sign-in of a user."""
    user = _user_or_404(user_id)
    if not signins.revoke(database(), user.id, sign_in_id, now()):
        abort(404)
    database().commit()
    flash(say("users.sign_in_ended"))
    return redirect(url_for("users.edit", user_id=user_id), 303)


def _details() -> accounts.Details:
    return accounts.Details(
        name=entered("name"),
        chat_name=entered("chat_name"),
        role=entered("role"),
        group_id=request.form.get("group_id", 0, type=int),
    )


def _edit_page(user: User, refused: Refused | None = None) -> str:
    open_ones = signins.open_ones(database(), user.id, now())
    return _form("users/edit.html", refused, user=user, sign_ins=open_ones, is_me=user.id == me().id)


def _form(template: str, refused: Refused | None = None, **values: object) -> str:
    found = groups.summaries(database(), company().id)
    return render_template(template, groups=found, roles=list(UserRole), errors=messages(refused), **values)


def _user_or_404(user_id: int) -> User:
    return accounts.find(database(), company().id, user_id) or abort(404)
