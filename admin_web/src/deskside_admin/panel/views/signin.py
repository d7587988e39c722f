"""Signing in, its second step, and signing out."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel import guard
from deskside_admin.panel.context import database, entered, now, panel, remote_address, say
from deskside_admin.panel.templating import messages
from deskside_admin.service import companies, second_step, signins
from deskside_admin.service.mail import Letter
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.second_step import Asked
from deskside_admin.service.signins import Door

bp = Blueprint("signin", __name__)

OWN_PAGE = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_/-]*)?(?:\?[^\\\s#]*)?")
SECOND, SENT_TO = "second", "sent_to"


@bp.get("/sign-in")
def form() -> str:
    """Show the form, with the reason if a sign-in is over."""
    return _show(why=session.pop(guard.WHY, ""))


@bp.post("/sign-in")
def enter() -> Response | tuple[str, int]:
    """Check the password, then go where the person wanted to go, perhaps by way of a second step."""
    attempt = signins.Attempt(
        company_id=_company_id(),
        login_name=entered("login_name"),
        password=entered("password"),
        address=remote_address(),
    )
    entered_by = signins.sign_in(database(), attempt, now(), _door())
    outcome = _ask(entered_by) if isinstance(entered_by, Asked) else entered_by
    if isinstance(outcome, Refused):
        return _show(outcome), 429 if outcome.reason == "signin.wait" else 422
    if outcome is None:
        return redirect(url_for("signin.second", next=request.args.get("next")), 303)
    guard.remember(outcome)
    return redirect(_wanted_page(), 303)


@bp.get("/sign-in/second")
def second() -> str | Response:
    """Ask for the second proof."""
    if _waiting() is None:
        return redirect(url_for("signin.form", next=request.args.get("next")), 303)
    return _show_second()


@bp.post("/sign-in/second")
def prove() -> Response | tuple[str, int]:
    """Check the second proof."""
    outcome = signins.finish(database(), session.get(SECOND, ""), entered("code"), now(), _door())
    if not isinstance(outcome, Refused):
        guard.remember(outcome)
        return redirect(_wanted_page(), 303)
    if _waiting() is None:
        session.clear()
        return _show(refused(outcome.reason)), 422
    return _show_second(outcome), 422


@bp.post("/sign-in/second/again")
def send_again() -> Response | tuple[str, int]:
    """Send another code to the same address."""
    outcome: Asked | Refused | None = second_step.again(database(), session.get(SECOND, ""), now())
    database().commit()
    if isinstance(outcome, Asked):
        outcome = _ask(outcome)
    if isinstance(outcome, Refused):
        session.clear()
        return _show(outcome), 422
    flash(say("signin.second.sent_again"))
    return redirect(url_for("signin.second", next=request.args.get("next")), 303)


@bp.post("/sign-out")
def leave() -> Response:
    """End this sign-in."""
    if found := signins.look_up(database(), session.get(guard.TOKEN, ""), now()):
        signins.revoke(database(), found.user.id, found.sign_in_id, now())
        database().commit()
    session.clear()
    flash(say("signin.signed_out"))
    return redirect(url_for("signin.form"), 303)


def _ask(asked: Asked) -> Refused | None:
    """Send the code, if it goes by mail, and remember which second step this browser is in."""
    if asked.by_mail:
        letter = Letter(
            to=asked.to,
            subject=say("mail.code.subject"),
            text=say("mail.code.text", code=asked.code, address=remote_address()),
        )
        if no := panel().mailer.send(letter):
            return no
    session.clear()
    session[SECOND] = asked.token
    session[SENT_TO] = _masked(asked.to)
    return None


def _masked(address: str) -> str:
    """Return enough of an address to recognise one's own."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••{at}{domain}" if at else ""


def _waiting() -> object:
    return second_step.find(database(), session.get(SECOND, ""), now())


def _door() -> Door:
    return Door(box=panel().box, mail_is_on=panel().mailer.is_on)


def _show(refused: Refused | None = None, why: str = "") -> str:
    only = companies.only_one(database())
    return render_template("signin.html", only=only, errors=messages(refused), why=why)


def _show_second(refused: Refused | None = None) -> str:
    return render_template("second.html", sent_to=session.get(SENT_TO, ""), errors=messages(refused))


def _company_id() -> int:
    if only := companies.only_one(database()):
        return only.id
    number = entered("company").strip()
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0


def _wanted_page() -> str:
    wanted = request.args.get("next", "")
    if OWN_PAGE.fullmatch(wanted):
        return request.script_root + wanted
    return url_for("home.show")
