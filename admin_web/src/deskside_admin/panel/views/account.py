"""What everybody may do with his own account."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside.grants import Refusal
from deskside_admin.panel.context import database, entered, me, now, panel, say, signed_in
from deskside_admin.panel.feature_form import entered_choices, user_sections
from deskside_admin.panel.templating import messages
from deskside_admin.service import accounts, features, signins
from deskside_admin.service.outcome import Problem, Refused

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change one's own password; every other sign-in ends."""
    if request.method == "GET":
        return render_template("account/password.html", errors={})
    outcome = _change_password()
    if isinstance(outcome, Refused):
        return render_template("account/password.html", errors=messages(outcome)), 422
    signins.revoke_all(database(), me().id, now(), but=signed_in().sign_in_id)
    database().commit()
    flash(say("account.password_changed"))
    return redirect(url_for("home.show"), 303)


@bp.route("/features", methods=["GET", "POST"])
def own_features() -> str | Response | tuple[str, int]:
    """Show what is on for oneself, and change what the group leaves open."""
    catalogue = panel().catalogue
    rules = features.of_group(database(), catalogue, me().group_id)
    choices = features.of_user(database(), catalogue, me().id)
    outcome = None
    if request.method == "POST":
        choices = entered_choices(catalogue, request.form)
        outcome = features.set_for_user(database(), catalogue, me(), choices)
        if outcome is None:
            database().commit()
            flash(say("account.features_saved"))
            return redirect(url_for("account.own_features"), 303)
    sections = user_sections(catalogue, g.language, rules, choices)
    page = render_template("account/features.html", sections=sections, errors=messages(outcome), why=_why())
    return page, 422 if outcome else 200


def _why() -> dict[str, str]:
    found = features.effective(database(), panel().catalogue, me())
    return {key: say(one.reason) for key, one in found.items() if isinstance(one, Refusal)}


def _change_password() -> Refused | None:
    if entered("new") != entered("repeated"):
        return Refused((Problem("entry.not_equal", "repeated"),))
    outcome = accounts.change_password(database(), me(), entered("old"), entered("new"))
    return outcome if isinstance(outcome, Refused) else None
