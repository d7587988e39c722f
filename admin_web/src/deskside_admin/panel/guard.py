"""Who may see what: nothing without a sign-in except what is listed, the rest by role."""

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import UserRole
from deskside_admin.panel.context import database, me, now
from deskside_admin.service import signins

TOKEN = "signin"  # noqa: S105 - the name of an entry, not a secret
PUBLIC = frozenset({"look", "setup", "signin"})
EVERYBODY = frozenset({"home", "account", "history"})
PASSWORD_PAGE = "account.password"  # noqa: S105 - the name of a page


def install(app: Flask) -> None:
    """Ask at every request, before anything else looks at it."""
    app.before_request(_check)


def remember(token: str) -> None:
    """Start a fresh cookie that holds this sign-in."""
    session.clear()
    session[TOKEN] = token


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint == "static" or request.blueprint in PUBLIC:
        return None
    g.signed_in = signins.look_up(database(), session.get(TOKEN, ""), now())
    database().commit()
    if g.signed_in is None:
        session.clear()
        return redirect(url_for("signin.form", next=_way_back()), 303)
    if me().password_due and request.endpoint != PASSWORD_PAGE:
        return redirect(url_for(PASSWORD_PAGE), 303)
    if request.blueprint not in EVERYBODY and me().role != UserRole.ADMIN:
        abort(403)
    return None


def _way_back() -> str | None:
    wanted = request.full_path.rstrip("?")
    return wanted if request.method == "GET" and wanted != "/" else None
