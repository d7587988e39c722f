"""The first page after signing in."""

from flask import Blueprint, render_template

from deskside_admin.model import LicenceKind, LicenceRow
from deskside_admin.panel import menus
from deskside_admin.panel.context import company, database, me, now, panel
from deskside_admin.service import groups, licences, usage
from deskside_admin.service.usage import Usage

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """Show where things stand and what to do next."""
    seen = menus.scope("users.show", me())
    found = groups.summaries(database(), company().id, only=seen.group_id)
    return render_template(
        "home.html",
        users=sum(one.users for one in found),
        groups=found,
        features=sum(not one.is_rule for one in panel().catalogue.features.values()),
        trial=_trial(),
        used=_used(),
    )


def _trial() -> LicenceRow | None:
    row = licences.in_force(database(), company().id)
    is_running = row is not None and row.kind == LicenceKind.TRIAL and not licences.has_ended(row, now())
    return row if is_running else None


def _used() -> Usage | None:
    """Return what the company uses, for those who may know."""
    if not menus.may_open("licences.show", me()):
        return None
    return usage.of_company(database(), company(), now())
