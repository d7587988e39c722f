"""What a company says about the features that are its alone, drawn from what their owners declare."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from deskside_admin.panel import sold, why
from deskside_admin.panel.context import company, database, panel, say
from deskside_admin.panel.feature_form import company_sections, entered_rules, odd_entries
from deskside_admin.panel.list_form import redrawn, wants_redrawing
from deskside_admin.panel.option_form import Form
from deskside_admin.panel.templating import messages
from deskside_admin.service import company_options, groups, versions
from deskside_admin.service.outcome import Refused

bp = Blueprint("company_options", __name__, url_prefix="/company/options")


@bp.route("/", methods=["GET", "POST"])
def show() -> str | Response | tuple[str, int]:
    """Show and keep them."""
    form = request.form
    if request.method == "GET":
        return _page(MultiDict())
    if wants_redrawing(form):
        return _page(redrawn(form))
    if no := odd_entries(panel().catalogue, form):
        return _page(form, no), 422
    wanted = entered_rules(panel().catalogue, form)
    version = form.get("version", 0, type=int)
    changed = company_options.keep(database(), panel().catalogue, company(), wanted, version)
    if isinstance(changed, Refused):
        return _page(form, changed), 422
    database().commit()
    users = groups.active_users_of_company(database(), company().id)
    flash(say("groups.features_saved", count=changed, users=users))
    return redirect(url_for("company_options.show"), 303)


def _page(form: Form, refused: Refused | None = None) -> str:
    stored = company_options.of(database(), panel().catalogue, company().id)
    shown = {
        **stored,
        **{key: one for key, one in entered_rules(panel().catalogue, form).items() if key in stored},
    }
    return render_template(
        "company/options.html",
        sections=company_sections(sold.reader(), shown),
        users=groups.active_users_of_company(database(), company().id),
        licence_link=why.place_of_licence(),
        version=form.get("version", company().version),
        focus=form.get("focus", ""),
        is_conflict=versions.is_conflict(refused),
        errors=messages(refused),
    )
