"""What everybody may do with his own account: what customers see, the password, the second proof."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from deskside_admin.panel.context import company, database, entered, me, now, panel, say, signed_in
from deskside_admin.panel.templating import messages
from deskside_admin.service import code_generator, own_details, own_password, passwords, signins, throttle
from deskside_admin.service.outcome import Problem, Refused, gathered, refused
from deskside_admin.service.tokens import digest

bp = Blueprint("account", __name__, url_prefix="/account")

ELSEWHERE = "signin.ended.password"


@bp.get("/")
def details() -> str:
    """Show what customers see of one."""
    return render_template("account/details.html", errors={})


@bp.post("/")
def keep_details() -> Response | tuple[str, int]:
    """Keep what customers see of one."""
    shown = own_details.Shown(**{name: entered(name) for name in own_details.ENTRIES})
    version = request.form.get("version", 0, type=int)
    outcome = own_details.change(database(), me(), shown, version)
    if isinstance(outcome, Refused):
        return render_template("account/details.html", errors=messages(outcome)), 422
    database().commit()
    flash(say("account.details_saved"))
    return redirect(url_for("account.details"), 303)


@bp.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change one's own password; every other sign-in ends."""
    if request.method == "GET":
        return render_template("account/password.html", errors={})
    outcome = _change_password()
    database().commit()
    if isinstance(outcome, Refused):
        return render_template("account/password.html", errors=messages(outcome)), 422
    signins.revoke_all(database(), me().id, now(), but=signed_in().sign_in_id, why=ELSEWHERE)
    database().commit()
    flash(say("account.password_changed"))
    return redirect(url_for("home.show"), 303)


@bp.get("/second-step")
def second_step() -> str:
    """Show whether a code generator is asked, and how to begin or end that."""
    return _second_step()


@bp.post("/second-step/begin")
def begin_second_step() -> str | tuple[str, int]:
    """Make a secret for the code generator, for somebody who knows the password."""
    if no := _not_me():
        return _second_step(no), 422
    return _enrol(panel().box.seal(code_generator.new_secret(), _purpose()))


@bp.post("/second-step/on")
def switch_on_second_step() -> str | Response | tuple[str, int]:
    """Ask for codes from now on, once one has been shown; tell the recovery codes."""
    secret = panel().box.open(entered("sealed"), _purpose())
    if secret is None or code_generator.is_enrolled(me()):
        return redirect(url_for("account.second_step"), 303)
    outcome = code_generator.enrol(database(), me(), secret, entered("code"), panel().box, now())
    if isinstance(outcome, Refused):
        return _enrol(entered("sealed"), outcome), 422
    signins.revoke_all(database(), me().id, now(), but=signed_in().sign_in_id, why=ELSEWHERE)
    database().commit()
    return render_template("account/recovery.html", codes=outcome)


@bp.post("/second-step/recovery")
def renew_recovery() -> str | tuple[str, int]:
    """Make new recovery codes."""
    if no := _not_me():
        return _second_step(no), 422
    codes = code_generator.renew_recovery(database(), me())
    database().commit()
    return render_template("account/recovery.html", codes=codes)


@bp.post("/second-step/off")
def switch_off_second_step() -> Response | tuple[str, int]:
    """Ask for no more codes."""
    if no := _not_me():
        return _second_step(no), 422
    code_generator.remove(database(), me())
    database().commit()
    flash(say("account.second_step_off"))
    return redirect(url_for("account.second_step"), 303)


def _second_step(refused: Refused | None = None) -> str:
    return render_template(
        "account/second_step.html",
        is_on=code_generator.is_enrolled(me()),
        recovery_left=code_generator.recovery_left(database(), me()),
        errors=messages(refused),
    )


def _enrol(sealed: str, refused: Refused | None = None) -> str:
    secret = panel().box.open(sealed, _purpose()) or ""
    address = code_generator.text_for_app(me(), company(), secret)
    return render_template(
        "account/enrol.html",
        sealed=sealed,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        address=address,
        picture=Markup(segno.make(address, micro=False).svg_inline(scale=5, border=4)),  # noqa: S704 - made here
        errors=messages(refused),
    )


def _purpose() -> str:
    """A sealed secret is for the sign-in in which it was made: a copied form is worth nothing elsewhere."""
    return f"enrolment of {me().id} in {signed_in().sign_in_id}"


def _not_me() -> Refused | None:
    """Ask for the password again before the second proof changes; wrong ones cost time."""
    key = digest("own password", str(me().id))
    if wait := throttle.seconds_to_wait(database(), key, now()):
        return refused("signin.wait", "password", seconds=wait)
    if passwords.verify(me().password_hash, entered("password")):
        return None
    throttle.count(database(), key, now())
    database().commit()
    return refused("entry.password_wrong", "password")


def _change_password() -> Refused | None:
    if entered("new") != entered("repeated"):
        return gathered([Problem("entry.not_equal", "repeated")])
    outcome = own_password.change(database(), me(), entered("old"), entered("new"), now())
    return outcome if isinstance(outcome, Refused) else None
