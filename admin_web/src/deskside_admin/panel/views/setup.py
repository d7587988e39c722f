"""The first administrator, by the one-time link on the console."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel.context import database, entered, now, remote_address, say
from deskside_admin.panel.guard import remember
from deskside_admin.panel.templating import messages
from deskside_admin.service import onboarding, setup, signins
from deskside_admin.service.outcome import Problem, Refused

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("/<token>")
def form(token: str) -> str:
    """Show the form, as long as the link is good."""
    if not setup.is_open(database(), token, now()):
        abort(404)
    return _show(token)


@bp.post("/<token>")
def create(token: str) -> Response | tuple[str, int]:
    """Make company and administrator, and sign him in."""
    if not setup.is_open(database(), token, now()):
        abort(404)
    if entered("password") != entered("repeated"):
        return _show(token, Refused((Problem("entry.not_equal", "repeated"),))), 422
    first = setup.First(
        company=entered("company"),
        group=say("groups.first"),
        name=entered("name"),
        login_name=entered("login_name"),
        password=entered("password"),
    )
    user = setup.use_link(database(), token, first, now())
    if isinstance(user, Refused):
        return _show(token, user), 422
    remember(signins.open_for(database(), user, remote_address(), now()))
    database().commit()
    return redirect(url_for("home.show"), 303)


def _show(token: str, refused: Refused | None = None) -> str:
    known = onboarding.company_of(database(), token, now())
    return render_template(
        "setup.html", token=token, known=known, level=setup.LEVEL, errors=messages(refused)
    )
