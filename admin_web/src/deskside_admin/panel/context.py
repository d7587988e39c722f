"""What every view reaches for: the database of this request, the time, and who is signed in."""

from datetime import datetime

from attrs import frozen
from flask import current_app, g, request
from sqlalchemy import Engine
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.texts import Texts
from deskside_admin.model import Company, User
from deskside_admin.service.clock import Clock
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.mail import Mailer
from deskside_admin.service.sealing import Box
from deskside_admin.service.signins import SignedIn


@frozen
class Panel:
    """What the application was made from."""

    engine: Engine
    issuer: Issuer
    texts: Texts
    clock: Clock
    box: Box
    mailer: Mailer

    @property
    def catalogue(self) -> Catalogue:
        """Return everything that can be switched."""
        return self.issuer.catalogue


def panel() -> Panel:
    """Return what the present application was made from."""
    made: Panel = current_app.extensions["deskside"]
    return made


def database() -> Session:
    """Return this request's database session; what is not committed by a view is undone."""
    if "database" not in g:
        g.database = Session(panel().engine, expire_on_commit=False)
    opened: Session = g.database
    return opened


def close_database(error: BaseException | None) -> None:
    """Give this request's database connection back."""
    del error
    if opened := g.pop("database", None):
        opened.close()


def now() -> datetime:
    """Return the present moment by the application's clock."""
    return panel().clock()


def signed_in() -> SignedIn:
    """Return who is signed in; only for pages behind the guard."""
    found: SignedIn = g.signed_in
    return found


def me() -> User:
    """Return the signed-in user."""
    return signed_in().user


def company() -> Company:
    """Return the signed-in user's company."""
    return signed_in().company


def say(key: str, **values: object) -> str:
    """Return a text of the panel in the reader's language."""
    return panel().texts.say(g.language, key, **values)


def entered(name: str) -> str:
    """Return one entry of the submitted form, empty if it is missing."""
    return request.form.get(name, "")


def remote_address() -> str:
    """Return the address the request came from, as the gateway judged it."""
    return request.remote_addr or ""
