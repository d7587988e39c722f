"""What every template can use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g, request

from deskside.licence import not_sold
from deskside_admin.model import User
from deskside_admin.panel import language, menus
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
        text = say(problem.reason, **problem.values)
        found[problem.entry] = f"{found[problem.entry]} {text}" if problem.entry in found else text
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


def licence_note(company_id: int) -> str:
    """Return what everybody should know about the licence, empty if all is well."""
    row = licences.in_force(database(), company_id)
    if row is None or not licences.why_not(row, now()):
        return ""
    if row.revoked is not None and not licences.has_ended(row, now()):
        return say("licence.revoked_note", moment=moment(row.revoked))
    if now() < row.starts:
        return say("licence.early_note", moment=moment(row.starts))
    return say(f"licence.{row.kind}_ended", moment=moment(row.ends))


def why_not_sold(company_id: int) -> str:
    """Return what the licence in force says to a feature that it does not contain."""
    no = not_sold(licences.content(licences.in_force(database(), company_id)))
    return say(no.reason, **no.values)


def _common() -> dict[str, Any]:
    found = g.get("signed_in")
    return {
        "t": say,
        "language": g.language,
        "languages": language.links() if request.method == "GET" else [],
        "signed_in": found,
        "licence_note": licence_note(found.company.id) if found is not None else "",
        "why_not_sold": lambda: why_not_sold(found.company.id) if found is not None else "",
        "menu": _menu(found.user) if found is not None else [],
        "here": menus.place_of(request.endpoint or ""),
        "may": lambda endpoint: found is not None and menus.may_open(endpoint, found.user),
    }


def _menu(user: User) -> list[menus.Place]:
    """Return the user's places, of the pages that this panel has."""
    return [place for place in menus.places(user) if place.endpoint in current_app.view_functions]
