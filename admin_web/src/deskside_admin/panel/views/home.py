"""The first page after signing in."""

from flask import Blueprint, render_template

from deskside_admin.model import LicenceKind, LicenceRow
from deskside_admin.panel.context import company, database, me, now, panel
from deskside_admin.service import accounts, features, groups, licences

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """Show where things stand and what to do next."""
    in_force = features.effective(database(), panel().catalogue, me())
    return render_template(
        "home.html",
        users=accounts.active_count(database(), company().id),
        groups=len(groups.summaries(database(), company().id)),
        features=len(in_force),
        trial=_trial(),
    )


def _trial() -> LicenceRow | None:
    row = licences.in_force(database())
    is_running = row is not None and row.kind == LicenceKind.TRIAL and not licences.has_ended(row, now())
    return row if is_running else None
