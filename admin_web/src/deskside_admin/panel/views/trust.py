"""Whose licences this server takes: trusted vendors, withdrawn licences, and everything installed so far."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from deskside_admin.model import Company
from deskside_admin.panel.context import database, entered, now, panel, say
from deskside_admin.panel.templating import messages
from deskside_admin.panel.views.server import uploaded
from deskside_admin.service import installing, vendors
from deskside_admin.service.outcome import Refused

bp = Blueprint("trust", __name__, url_prefix="/server")


@bp.get("/licences")
def licences() -> str:
    """List every licence so far."""
    return _licences()


@bp.post("/withdrawn")
def withdraw() -> str | Response | tuple[str, int]:
    """Take a vendor's list of licences that no longer count."""
    taken = vendors.install_revocations(database(), uploaded(), _of_settings(), now())
    if isinstance(taken, Refused):
        return _licences(taken), 422
    database().commit()
    count = len(taken.licences)
    flash(say("server.revoked", vendor=taken.vendor, serial=taken.serial, count=count))
    return redirect(url_for("trust.licences"), 303)


@bp.get("/vendors")
def show() -> str:
    """List the vendors whose keys count."""
    return _vendors()


@bp.post("/vendors")
def add() -> str | Response | tuple[str, int]:
    """Trust the vendor whose key was typed in."""
    vendor = vendors.add(database(), entered("public_key"), entered("name"), now())
    if isinstance(vendor, Refused):
        return _vendors(vendor), 422
    database().commit()
    flash(say("server.vendor_added", name=vendor.name))
    return redirect(url_for("trust.show"), 303)


@bp.post("/vendors/<public_key>/remove")
def remove(public_key: str) -> Response:
    """Trust a vendor no more."""
    vendors.remove(database(), public_key)
    database().commit()
    flash(say("server.vendor_removed"))
    return redirect(url_for("trust.show"), 303)


def _licences(refused: Refused | None = None) -> str:
    rows = installing.history(database())
    names = {row.company_id: database().get(Company, row.company_id) for row in rows if row.company_id}
    return render_template(
        "server/licences.html",
        rows=rows,
        names=names,
        now=now(),
        server_key=panel().issuer.public_key,
        errors=messages(refused),
    )


def _vendors(refused: Refused | None = None) -> str:
    found = vendors.trusted(database(), _of_settings())
    return render_template("server/vendors.html", vendors=found, errors=messages(refused))


def _of_settings() -> tuple[str, ...]:
    return panel().issuer.vendor_keys
