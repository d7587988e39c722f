"""What every template can use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request

from deskside_admin.model import UserRole
from deskside_admin.panel import language
from deskside_admin.panel.context import database, now, say
from deskside_admin.service import licences
from deskside_admin.service.outcome import Refused


def install(app: Flask) -> None:
    """Make texts, languages and the signed-in user known to templates."""
    app.context_processor(_common)
    app.add_template_filter(moment)
    app.add_template_filter(clock)
    app.add_template_filter(duration)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}


def messages(refused: Refused | None) -> Mapping[str, str]:
    """Return what to show next to each entry; the key "" is for the page as a whole."""
    found: dict[str, str] = {}
    for problem in refused.problems if refused else ():
        found.setdefault(problem.entry, say(problem.reason, **problem.values))
    return found


def moment(time: datetime) -> str:
    """Return a moment as people read it, in UTC."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def clock(time: datetime) -> str:
    """Return the time of day with seconds, in UTC."""
    return f"{time:%H:%M:%S}"


def duration(span: timedelta) -> str:
    """Return how long something lasted, in hours, minutes and seconds."""
    minutes, seconds = divmod(max(0, round(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"


def licence_note() -> str:
    """Return what everybody should know about the licence, empty if all is well."""
    row = licences.in_force(database())
    if row is None or not licences.has_ended(row, now()):
        return ""
    return say(f"licence.{row.kind}_ended", moment=moment(row.ends))


def _common() -> dict[str, Any]:
    found = g.get("signed_in")
    return {
        "t": say,
        "language": g.language,
        "languages": language.links() if request.method == "GET" else [],
        "signed_in": found,
        "licence_note": licence_note() if found is not None else "",
        "is_admin": found is not None and found.user.role == UserRole.ADMIN,
    }
