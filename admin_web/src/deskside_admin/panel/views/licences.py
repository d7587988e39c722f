"""The company's own licence: what was sold, how much of it is taken, and until when."""

from flask import Blueprint, render_template

from deskside_admin.panel import sold
from deskside_admin.panel.context import company, database, now, panel
from deskside_admin.service import licences, usage

bp = Blueprint("licences", __name__, url_prefix="/licence")


@bp.get("/")
def show() -> str:
    """Show the licence in force."""
    missing = licences.missing(database(), company().id, panel().catalogue, now())
    return render_template(
        "licences/show.html",
        used=usage.of_company(database(), company(), now()),
        now=now(),
        content=licences.content(licences.in_force(database(), company().id)),
        contained=sold.contained(missing),
        missing=sold.parts(missing),
        caps=sold.caps(licences.caps(database(), company().id)),
    )
