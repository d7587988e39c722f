"""What agents sent about the product: for their company's administrators, and for who runs the server."""

from flask import Blueprint, render_template, request

from deskside_admin.panel.context import company, database
from deskside_admin.service import feedback

bp = Blueprint("feedback", __name__)

PAGE = 50


@bp.get("/feedback")
def show() -> str:
    """List the company's."""
    return _list(company().id)


@bp.get("/server/feedback")
def everywhere() -> str:
    """List what came from all companies."""
    return _list(None)


def _list(company_id: int | None) -> str:
    words, after = request.args.get("q", "")[:80], request.args.get("after", 0, type=int)
    found = feedback.search(database(), company_id, words, after, PAGE + 1)
    return render_template(
        "feedback/list.html",
        messages=found[:PAGE],
        more=len(found) > PAGE,
        words=words,
        after=after,
        is_everywhere=company_id is None,
    )
