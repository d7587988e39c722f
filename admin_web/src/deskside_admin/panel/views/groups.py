"""Groups: their order, their names, and what leads on from them."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import Group
from deskside_admin.panel import menus
from deskside_admin.panel.context import company, database, entered, me, say
from deskside_admin.panel.reach import group_or_404, scope
from deskside_admin.panel.templating import messages
from deskside_admin.service import groups
from deskside_admin.service.outcome import Refused
from deskside_admin.service.versions import is_conflict

bp = Blueprint("groups", __name__, url_prefix="/groups")

IDS = re.compile(r"[0-9]{1,9}(?:,[0-9]{1,9}){0,999}")


@bp.get("/")
def show() -> str:
    """List the groups in their order."""
    words = request.args.get("q", "")
    found = groups.summaries(database(), company().id, words, only=scope().group_id)
    # Of a part of the groups nobody can say in which order the whole should stand.
    may_arrange = not words and len(found) > 1 and menus.may_open("groups.arrange", me())
    return render_template("groups/list.html", groups=found, words=words, may_arrange=may_arrange)


@bp.route("/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Add a group."""
    if request.method == "GET":
        return render_template("groups/new.html", errors={})
    group = groups.create(database(), company().id, entered("name"))
    if isinstance(group, Refused):
        return render_template("groups/new.html", errors=messages(group)), 422
    database().commit()
    flash(say("groups.created"))
    return redirect(url_for("features.of_group", group_id=group.id), 303)


@bp.route("/<int:group_id>", methods=["GET", "POST"])
def edit(group_id: int) -> str | Response | tuple[str, int]:
    """Change a group's name and external ID."""
    group = group_or_404(group_id)
    if request.method == "GET":
        return _page(group)
    version = request.form.get("version", 0, type=int)
    outcome = groups.change(database(), group, entered("name"), entered("external_id"), version)
    if isinstance(outcome, Refused):
        return _page(group, outcome), 422
    database().commit()
    flash(say("groups.saved"))
    return redirect(url_for("groups.edit", group_id=group_id), 303)


@bp.post("/<int:group_id>/move")
def move(group_id: int) -> Response:
    """Let a group change places with its neighbour; the page goes on where the finger was."""
    group = group_or_404(group_id)
    way = "up" if entered("way") == "up" else "down"
    groups.move(database(), group, up=way == "up")
    database().commit()
    flash(say("groups.moved", name=group.name))
    return redirect(url_for("groups.show", _anchor=f"{way}-{group.id}"), 303)


@bp.post("/order")
def arrange() -> Response:
    """Keep the order that the list was dragged into."""
    ids = entered("ids")
    wanted = [int(one) for one in ids.split(",")] if IDS.fullmatch(ids) else []
    no = groups.arrange(database(), company().id, wanted)
    if no is None:
        database().commit()
    flash(say("groups.arranged" if no is None else no.reason))
    return redirect(url_for("groups.show"), 303)


@bp.post("/<int:group_id>/delete")
def delete(group_id: int) -> Response | tuple[str, int]:
    """Delete a group that nobody is in."""
    group = group_or_404(group_id)
    name = group.name
    if no := groups.delete_empty(database(), group):
        return _page(group, no), 422
    database().commit()
    flash(say("groups.deleted", name=name))
    return redirect(url_for("groups.show"), 303)


def _page(group: Group, refused: Refused | None = None) -> str:
    people = groups.people(database(), group)
    return render_template(
        "groups/edit.html",
        group=group,
        people=people,
        is_conflict=is_conflict(refused),
        errors=messages(refused),
    )
