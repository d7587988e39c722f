"""Who may see what: nothing without a sign-in except what is listed, the rest by the table of menus."""

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel import menus
from deskside_admin.panel.context import database, me, now, signed_in
from deskside_admin.service import signins

TOKEN = "signin"  # noqa: S105 - the name of an entry, not a secret
WHY = "why"
"""Why the sign-in before is over, until the sign-in page has told it."""
PUBLIC = frozenset({"look", "setup", "signin"})
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
        why = signins.why_ended(database(), session.get(TOKEN, ""), now())
        session.clear()
        if why:
            session[WHY] = why
        return redirect(url_for("signin.form", next=_way_back()), 303)
    if signed_in().password_due and request.endpoint != PASSWORD_PAGE:
        return redirect(url_for(PASSWORD_PAGE), 303)
    if not menus.may_open(request.endpoint, me()):
        abort(403)
    return None


def _way_back() -> str | None:
    wanted = request.full_path.rstrip("?")
    return wanted if request.method == "GET" and wanted != "/" else None
