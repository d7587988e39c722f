"""The support history: agents see their own, leaders their group's, administrators their company's."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel import menus
from deskside_admin.panel.context import database, me, panel, say
from deskside_admin.panel.events import in_words
from deskside_admin.panel.reach import scope
from deskside_admin.service import audit, history, sessions

bp = Blueprint("history", __name__, url_prefix="/history")

PAGE = 50


@bp.get("/")
def show() -> str:
    """List sessions, fifty at a time, the latest first."""
    shown = request.args.get("shown", "")
    wanted = history.Wanted(
        words=request.args.get("q", "")[:80],
        shown=shown if shown in history.SHOWN else "",
        after=request.args.get("after", "")[:32],
    )
    found = history.search(database(), scope(), wanted, PAGE + 1)
    return render_template(
        "history/list.html",
        entries=found[:PAGE],
        more=len(found) > PAGE,
        wanted=wanted,
        has_others=scope().user_id is None,
    )


@bp.get("/<session_id>")
def detail(session_id: str) -> str:
    """Show one session with what happened in it."""
    entry = _entry_or_404(session_id)
    events = [in_words(panel().catalogue, one) for one in audit.of_session(database(), session_id)]
    return render_template(
        "history/detail.html",
        row=entry.session,
        agent=entry.agent,
        events=events,
        may_end=entry.session.ended is None and menus.may_open("history.end", me()),
    )


@bp.post("/<session_id>/end")
def end(session_id: str) -> Response:
    """Ask whoever holds a session to end it."""
    entry = _entry_or_404(session_id)
    sessions.want_end(database(), entry.session, me().name)
    database().commit()
    flash(say("history.end_asked"))
    return redirect(url_for("history.detail", session_id=session_id), 303)


def _entry_or_404(session_id: str) -> history.Entry:
    return history.find(database(), scope(), session_id[:32]) or abort(404)
