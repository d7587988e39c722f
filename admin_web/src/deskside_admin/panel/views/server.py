"""The server's companies, for whoever runs it: who they are, what they use, and their licences."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import Company
from deskside_admin.panel import sold
from deskside_admin.panel.context import database, entered, now, panel, say
from deskside_admin.panel.templating import messages
from deskside_admin.service import installing, onboarding, usage
from deskside_admin.service.installing import Loss
from deskside_admin.service.outcome import Refused

bp = Blueprint("server", __name__, url_prefix="/server")

PAGE = 50


@bp.get("/")
def show() -> str:
    """List the companies with their usage."""
    return _list()


@bp.post("/companies")
def add() -> str | tuple[str, int]:
    """Add a company, and show the link for its first administrator this once."""
    company = onboarding.add(database(), entered("name"), now())
    if isinstance(company, Refused):
        return _list(company), 422
    return _new_link(company)


@bp.get("/companies/<int:company_id>")
def company(company_id: int) -> str:
    """Show one company's usage and licences."""
    return _page(_company_or_404(company_id))


@bp.post("/companies/<int:company_id>/link")
def link(company_id: int) -> str | tuple[str, int]:
    """Make another link for a company that nobody manages yet."""
    return _new_link(_company_or_404(company_id))


@bp.post("/companies/<int:company_id>/licence")
def install(company_id: int) -> str | Response | tuple[str, int]:
    """Put a licence in force; ask first if the company would have less."""
    company = _company_or_404(company_id)
    checked = installing.check(database(), uploaded(), panel().issuer)
    if isinstance(checked, Refused):
        return _page(company, checked), 422
    if no := installing.why_not(database(), company, checked, now()):
        return _page(company, no), 422
    loss = installing.loss(database(), company, checked.licence, now())
    if loss and not entered("confirmed"):
        return _confirm(company, checked.token, loss)
    installing.install(database(), company, checked, now())
    database().commit()
    flash(say("server.installed"))
    return redirect(url_for("server.company", company_id=company_id), 303)


def uploaded() -> str:
    """Return the signed text that was pasted or sent as a file."""
    file = request.files.get("file")
    sent = file.read().decode("utf-8", "replace") if file else ""
    return entered("token").strip() or sent


def _list(refused: Refused | None = None) -> str:
    words, after = request.args.get("q", ""), request.args.get("after", 0, type=int)
    found = usage.of_companies(database(), now(), words, after=after, most=PAGE + 1)
    return render_template(
        "server/companies.html",
        companies=found[:PAGE],
        more=len(found) > PAGE,
        words=words,
        after=after,
        errors=messages(refused),
    )


def _page(company: Company, refused: Refused | None = None) -> str:
    return render_template(
        "server/company.html",
        used=usage.of_company(database(), company, now()),
        rows=installing.history(database(), company.id),
        now=now(),
        server_key=panel().issuer.public_key,
        is_managed=onboarding.has_administrator(database(), company.id),
        errors=messages(refused),
    )


def _confirm(company: Company, token: str, loss: Loss) -> str:
    features = sold.titles(loss.features)
    return render_template("server/confirm.html", company=company, token=token, loss=loss, features=features)


def _new_link(company: Company) -> str | tuple[str, int]:
    token = onboarding.make_link(database(), company, now())
    if isinstance(token, Refused):
        return _page(company, token), 422
    database().commit()
    return render_template(
        "server/link.html", company=company, link=url_for("setup.form", token=token, _external=True)
    )


def _company_or_404(company_id: int) -> Company:
    return database().get(Company, company_id) or abort(404)
