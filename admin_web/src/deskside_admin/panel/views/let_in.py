"""Back in by the one-time link that whoever runs the server has made."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import Company, User
from deskside_admin.panel import guard
from deskside_admin.panel.context import database, entered, now, remote_address
from deskside_admin.panel.templating import messages
from deskside_admin.panel.views.signin import bp
from deskside_admin.service import code_generator, let_in, signins
from deskside_admin.service.outcome import Problem, Refused, gathered


@bp.get("/let-in/<token>")
def let_in_form(token: str) -> str:
    """Show the form, as long as the link is good."""
    return _show(token, let_in.find(database(), token, now()) or abort(404))


@bp.post("/let-in/<token>")
def let_in_use(token: str) -> Response | tuple[str, int]:
    """Keep the new password, and sign its owner in without a second step, this once."""
    user = let_in.find(database(), token, now()) or abort(404)
    if entered("password") != entered("repeated"):
        return _show(token, user, gathered([Problem("entry.not_equal", "repeated")])), 422
    forget = entered("forget_generator") == "yes"
    outcome = let_in.use(database(), token, entered("password"), now(), forget_generator=forget)
    if isinstance(outcome, Refused):
        return _show(token, user, outcome), 422
    guard.remember(signins.open_for(database(), outcome, remote_address(), now()))
    database().commit()
    return redirect(url_for("home.show"), 303)


def _show(token: str, user: User, refused: Refused | None = None) -> str:
    return render_template(
        "let_in.html",
        token=token,
        user=user,
        level=database().get_one(Company, user.company_id).password_level,
        has_generator=code_generator.is_enrolled(user),
        errors=messages(refused),
    )
