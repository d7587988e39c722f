"""Signing in and out."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel import guard
from deskside_admin.panel.context import database, entered, now, remote_address, say
from deskside_admin.panel.templating import messages
from deskside_admin.service import companies, signins
from deskside_admin.service.outcome import Refused

bp = Blueprint("signin", __name__)

OWN_PAGE = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_/-]*)?(?:\?[^\\\s#]*)?")


@bp.get("/sign-in")
def form() -> str:
    """Show the form."""
    return _show()


@bp.post("/sign-in")
def enter() -> Response | tuple[str, int]:
    """Check the password, then go where the person wanted to go."""
    attempt = signins.Attempt(
        company_id=_company_id(),
        login_name=entered("login_name"),
        password=entered("password"),
        address=remote_address(),
    )
    token = signins.sign_in(database(), attempt, now())
    if isinstance(token, Refused):
        return _show(token), 429 if token.reason == "signin.wait" else 422
    guard.remember(token)
    return redirect(_wanted_page(), 303)


@bp.post("/sign-out")
def leave() -> Response:
    """End this sign-in."""
    if found := signins.look_up(database(), session.get(guard.TOKEN, ""), now()):
        signins.revoke(database(), found.user.id, found.sign_in_id, now())
        database().commit()
    session.clear()
    flash(say("signin.signed_out"))
    return redirect(url_for("signin.form"), 303)


def _show(refused: Refused | None = None) -> str:
    only = companies.only_one(database())
    return render_template("signin.html", only=only, errors=messages(refused))


def _company_id() -> int:
    if only := companies.only_one(database()):
        return only.id
    number = entered("company").strip()
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0


def _wanted_page() -> str:
    wanted = request.args.get("next", "")
    if OWN_PAGE.fullmatch(wanted):
        return request.script_root + wanted
    return url_for("home.show")
