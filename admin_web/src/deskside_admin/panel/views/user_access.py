"""What ends, begins or proves a user's access: password, lock, stop, deletion; and his photo."""

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel.context import database, entered, now, say
from deskside_admin.panel.reach import managed_user_or_404, user_or_404
from deskside_admin.panel.templating import messages
from deskside_admin.panel.views.users import bp, edit_page
from deskside_admin.service import accounts, photos, removal, signins
from deskside_admin.service.outcome import Refused


@bp.post("/<int:user_id>/password")
def reset_password(user_id: int) -> str:
    """Replace a forgotten password, and show the generated one this once."""
    user = managed_user_or_404(user_id)
    password = accounts.reset_password(database(), user, now())
    database().commit()
    return render_template("users/password.html", user=user, password=password, is_new=False)


@bp.post("/<int:user_id>/own-password")
def give_password(user_id: int) -> Response | tuple[str, int]:
    """Replace a password by one that was typed twice."""
    user = managed_user_or_404(user_id)
    outcome = accounts.give_password(database(), user, entered("password"), entered("repeated"), now())
    if isinstance(outcome, Refused):
        return edit_page(user, outcome), 422
    return _back(user_id, "users.password_given")


@bp.post("/<int:user_id>/unlock")
def unlock(user_id: int) -> Response:
    """Let a user try again who was locked out after wrong passwords."""
    user = managed_user_or_404(user_id)
    signins.unlock(database(), user)
    return _back(user_id, "users.unlocked")


@bp.post("/<int:user_id>/active")
def set_active(user_id: int) -> Response | tuple[str, int]:
    """Stop a user, or let him in again."""
    user = managed_user_or_404(user_id)
    active = entered("active") == "yes"
    outcome = accounts.set_active(database(), user, active=active, now=now())
    if isinstance(outcome, Refused):
        return edit_page(user, outcome), 422
    return _back(user_id, "users.activated" if active else "users.stopped")


@bp.post("/<int:user_id>/sign-ins/<int:sign_in_id>/end")
def end_sign_in(user_id: int, sign_in_id: int) -> Response:
    """End one sign-in of a user."""
    user = managed_user_or_404(user_id)
    if not signins.revoke(database(), user.id, sign_in_id, now(), "signin.ended.administrator"):
        abort(404)
    return _back(user_id, "users.sign_in_ended")


@bp.route("/<int:user_id>/delete", methods=["GET", "POST"])
def delete(user_id: int) -> str | Response | tuple[str, int]:
    """Say what goes with a stopped user; delete him once his login name has been typed."""
    user = managed_user_or_404(user_id)
    outcome = None
    if request.method == "POST":
        name = user.name
        outcome = removal.delete_for_good(database(), user, entered("login_name"))
        if outcome is None:
            database().commit()
            flash(say("users.deleted", name=name))
            return redirect(url_for("users.show_stopped"), 303)
    page = render_template(
        "users/delete.html",
        user=user,
        belongings=removal.belongings(database(), user),
        errors=messages(outcome),
    )
    return page, 422 if outcome else 200


@bp.get("/<int:user_id>/photo")
def photo(user_id: int) -> FlaskResponse:
    """Show a user's photo."""
    found = photos.find(database(), user_or_404(user_id)) or abort(404)
    return FlaskResponse(found.picture, mimetype=found.kind)


@bp.post("/<int:user_id>/photo")
def keep_photo(user_id: int) -> Response | tuple[str, int]:
    """Keep the photo that was sent."""
    user = managed_user_or_404(user_id)
    sent = request.files.get("photo")
    raw = sent.read(photos.LARGEST_BYTES + 1) if sent else b""
    request.close()
    outcome = photos.keep(database(), user, raw)
    if isinstance(outcome, Refused):
        return edit_page(user, outcome), 422
    return _back(user_id, "users.photo_kept")


@bp.post("/<int:user_id>/photo/remove")
def remove_photo(user_id: int) -> Response:
    """Take a user's photo away."""
    photos.remove(database(), managed_user_or_404(user_id))
    return _back(user_id, "users.photo_removed")


def _back(user_id: int, said: str) -> Response:
    database().commit()
    flash(say(said))
    return redirect(url_for("users.edit", user_id=user_id), 303)
