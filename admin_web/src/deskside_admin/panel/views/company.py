"""The company: its data, rules for signing in and for history, its agents' page, its licence at a glance."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from deskside_admin.model import PasswordLevel
from deskside_admin.panel.context import company, database, entered, now, panel, say
from deskside_admin.panel.templating import messages
from deskside_admin.service import company_pages, company_rules, licences, photos
from deskside_admin.service.company_rules import LIFETIMES, LOCK_MINUTES, MONTHS, Rules
from deskside_admin.service.outcome import Refused
from deskside_admin.service.versions import is_conflict

bp = Blueprint("company", __name__, url_prefix="/company")

NUMBER = re.compile(r"[0-9]{1,6}")


@bp.get("/")
def show() -> str:
    """Show everything a company's administrators decide."""
    return _page()


@bp.post("/")
def save() -> Response | tuple[str, int]:
    """Keep the page."""
    version = request.form.get("version", 0, type=int)
    has_mail = panel().mailer.is_on
    if no := company_rules.change(database(), company(), _rules(), version, has_mail=has_mail):
        return _page(no), 422
    return _back("company.saved")


@bp.get("/logo")
def logo() -> FlaskResponse:
    """Show the company's logo."""
    found = company_pages.logo(database(), company()) or abort(404)
    return FlaskResponse(found.picture, mimetype=found.kind)


@bp.post("/logo")
def keep_logo() -> Response | tuple[str, int]:
    """Keep the logo that was sent."""
    sent = request.files.get("logo")
    raw = sent.read(photos.LARGEST_BYTES + 1) if sent else b""
    request.close()
    if no := company_pages.keep_logo(database(), company(), raw):
        return _page(no), 422
    return _back("company.logo_kept")


@bp.post("/logo/remove")
def remove_logo() -> Response:
    """Take the company's logo away."""
    company_pages.remove_logo(database(), company())
    return _back("company.logo_removed")


def _back(said: str) -> Response:
    database().commit()
    flash(say(said))
    return redirect(url_for("company.show"), 303)


def _page(refused: Refused | None = None) -> str:
    row = licences.in_force(database(), company().id)
    return render_template(
        "company/edit.html",
        company=company(),
        licence=row,
        why_not=licences.why_not(row, now()),
        seats=licences.seats(database(), company().id, now()),
        supports=company_rules.ended_supports(database(), company().id),
        levels=list(PasswordLevel),
        lifetimes=LIFETIMES,
        months=MONTHS,
        usual_lock=LOCK_MINUTES,
        has_logo=company_pages.logo(database(), company()) is not None,
        is_conflict=is_conflict(refused),
        errors=messages(refused),
    )


def _rules() -> Rules:
    lasts = "lock_lasts" in request.form
    return Rules(
        name=entered("name"),
        site=entered("site"),
        mail=entered("mail"),
        telephone=entered("telephone"),
        contact_name=entered("contact_name"),
        contact_mail=entered("contact_mail"),
        contact_telephone=entered("contact_telephone"),
        password_level=entered("password_level"),
        password_days=_number("password_days"),
        lock_after_wrong="lock_after_wrong" in request.form,
        lock_minutes=(_number("lock_minutes") or -1) if lasts else 0,
        two_step="two_step" in request.form,
        keep_history="drop_history" not in request.form,
        keep_months=_number("keep_months"),
        own_page="own_page" in request.form,
        page_part=entered("page_part"),
        lists_names="lists_names" in request.form,
    )


def _number(name: str) -> int:
    text = entered(name).strip()
    return int(text) if NUMBER.fullmatch(text) else -1
