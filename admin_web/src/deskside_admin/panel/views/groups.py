"""Groups, and what they say about features."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import Group
from deskside_admin.panel.context import company, database, entered, panel, say
from deskside_admin.panel.feature_form import entered_rules, group_sections
from deskside_admin.panel.templating import messages
from deskside_admin.service import features, groups
from deskside_admin.service.outcome import Refused

bp = Blueprint("groups", __name__, url_prefix="/groups")


@bp.get("/")
def show() -> str:
    """List the groups."""
    words = request.args.get("q", "")
    found = groups.summaries(database(), company().id, words)
    return render_template("groups/list.html", groups=found, words=words)


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
    return redirect(url_for("groups.edit_features", group_id=group.id), 303)


@bp.route("/<int:group_id>/name", methods=["GET", "POST"])
def name(group_id: int) -> str | Response | tuple[str, int]:
    """Rename a group."""
    group = _group_or_404(group_id)
    if request.method == "GET":
        return render_template("groups/name.html", group=group, errors={})
    outcome = groups.rename(database(), group, entered("name"))
    if isinstance(outcome, Refused):
        return render_template("groups/name.html", group=group, errors=messages(outcome)), 422
    database().commit()
    flash(say("groups.renamed"))
    return redirect(url_for("groups.edit_features", group_id=group_id), 303)


@bp.get("/<int:group_id>/features")
def edit_features(group_id: int) -> str:
    """Show every installed feature with this group's settings."""
    group = _group_or_404(group_id)
    words = request.args.get("q", "").strip()
    catalogue = panel().catalogue
    rules = features.of_group(database(), catalogue, group.id)
    sections = group_sections(catalogue, g.language, rules, words)
    return _features_page(group, sections=sections, words=words, errors={})


@bp.post("/<int:group_id>/features")
def save_features(group_id: int) -> Response | tuple[str, int]:
    """Keep what the form says about the features it holds."""
    group = _group_or_404(group_id)
    catalogue = panel().catalogue
    wanted = entered_rules(catalogue, request.form)
    changed = features.set_for_group(database(), catalogue, group, wanted)
    if isinstance(changed, Refused):
        rules = {**features.of_group(database(), catalogue, group.id), **wanted}
        sections = group_sections(catalogue, g.language, rules)
        return _features_page(group, sections=sections, words="", errors=messages(changed)), 422
    database().commit()
    flash(say("groups.features_saved", count=changed, users=groups.active_users(database(), group)))
    words = request.args.get("q") or None
    return redirect(url_for("groups.edit_features", group_id=group_id, q=words), 303)


def _features_page(group: Group, **values: object) -> str:
    users = groups.active_users(database(), group)
    return render_template("groups/features.html", group=group, users=users, **values)


def _group_or_404(group_id: int) -> Group:
    return groups.find(database(), company().id, group_id) or abort(404)
