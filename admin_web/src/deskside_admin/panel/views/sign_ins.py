"""The history of signing in and out: agents see their own, leaders their group's, administrators all."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, render_template, request

from deskside_admin.model import SignInKind
from deskside_admin.panel.context import database, say
from deskside_admin.panel.reach import scope
from deskside_admin.service import sign_in_history
from deskside_admin.service.sign_in_history import WHATS, Wanted

bp = Blueprint("sign_ins", __name__, url_prefix="/sign-ins")

PAGE = 50
A_DAY = timedelta(days=1)


@bp.get("/")
def show() -> str:
    """List entries, fifty at a time, the latest first."""
    asked = request.args
    what, kind = asked.get("what", ""), asked.get("kind", "")
    first, last = _day(asked.get("first", "")), _day(asked.get("last", ""))
    wanted = Wanted(
        words=asked.get("q", "")[:80],
        what=what if what in WHATS else "",
        kind=kind if kind in set(SignInKind) else "",
        first=first,
        until=last + A_DAY if last else None,
        after=asked.get("after", 0, type=int),
    )
    found = sign_in_history.search(database(), scope(), wanted, PAGE + 1)
    chosen = {
        "q": wanted.words,
        "what": wanted.what,
        "kind": wanted.kind,
        "first": f"{first:%Y-%m-%d}" if first else "",
        "last": f"{last:%Y-%m-%d}" if last else "",
    }
    return render_template(
        "sign_ins/list.html",
        entries=found[:PAGE],
        more=len(found) > PAGE,
        chosen={key: one for key, one in chosen.items() if one},
        after=wanted.after,
        whats=WHATS,
        kinds=list(SignInKind),
        has_others=scope().user_id is None,
        why=_why,
    )


def _why(reason: str) -> str:
    key = f"sign_ins.why.{reason}"
    text = say(key)
    return say(reason) if text == key else text


def _day(text: str) -> datetime | None:
    """Return where a day begins, in UTC as all times in the panel; the last years are not searchable days."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(found, time(), UTC) if 2000 <= found.year < 2200 else None
