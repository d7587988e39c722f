"""Who is signed in right now; an administrator can end a sign-in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.panel.context import database, me, now, say
from deskside_admin.panel.context import signed_in as this_one
from deskside_admin.panel.reach import scope
from deskside_admin.service import ranks, signed_in, signins

bp = Blueprint("signed_in", __name__, url_prefix="/signed-in")

PAGE = 50
ENDED = "signin.ended.administrator"


@bp.get("/")
def show() -> str:
    """List open sign-ins, fifty at a time, the latest first."""
    words, after = request.args.get("q", "")[:80], request.args.get("after", 0, type=int)
    found = signed_in.search(database(), scope(), now(), words, after, PAGE + 1)
    return render_template(
        "signed_in/list.html",
        entries=found[:PAGE],
        more=len(found) > PAGE,
        words=words,
        after=after,
        busy=signed_in.busy(database(), scope()),
        mine=this_one().sign_in_id,
        may_end=lambda entry: ranks.may_manage(me(), entry.user),
    )


@bp.post("/<int:sign_in_id>/end")
def end(sign_in_id: int) -> Response:
    """End a sign-in: its page goes back to signing in and says why."""
    entry = signed_in.find(database(), scope(), sign_in_id, now()) or abort(404)
    if not ranks.may_manage(me(), entry.user):
        abort(403)
    signins.revoke(database(), entry.user.id, sign_in_id, now(), ENDED)
    database().commit()
    flash(say("signed_in.ended", name=entry.user.name))
    return redirect(url_for("signed_in.show"), 303)
