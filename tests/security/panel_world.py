"""Two companies with somebody of every role in each, and a browser for whoever is asked for."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import define, field
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.test import TestResponse

from deskside.catalogue import Catalogue
from deskside_admin.database import engine_for, migrate
from deskside_admin.model import Company, Group, User, UserRole, Vendor
from deskside_admin.panel import create_panel
from deskside_admin.panel.guard import TOKEN
from deskside_admin.service import audit, company_pages, licences, photos, sessions, signins
from deskside_admin.service.entitling import Issuer

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "ab" * 32
PICTURE = bytes.fromhex(
    "47494638396101000100800000ff000000000021f90400000000002c00000000010001000002024401003b"
)


@define
class Firm:
    """A company: its groups, and the names of its people by what they are."""

    id: int
    groups: dict[str, int] = field(factory=dict)
    people: dict[str, int] = field(factory=dict)
    sessions: dict[str, str] = field(factory=dict)
    sign_ins: dict[str, int] = field(factory=dict)


@define
class World:
    """A panel over two companies."""

    engine: Engine
    panel: Flask
    home: Firm
    away: Firm

    def browser(self, who: str) -> "Visitor":
        """Return a browser in which one of the first company's people has signed in."""
        with Session(self.engine) as db:
            user = db.get_one(User, self.home.people[who])
            token = signins.open_for(db, user, "::1", NOW)
            db.commit()
        client = self.panel.test_client()
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        return Visitor(client)


@define
class Visitor:
    """A browser without scripts."""

    client: FlaskClient
    token: str = ""

    def call(self, method: str, path: str, *, with_token: bool = True, **entries: str) -> TestResponse:
        """Ask for a page, or send a form as a page would."""
        if method == "GET":
            return self.client.get(path)
        if with_token and not self.token:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/account/password").text)
            assert found is not None
            self.token = found[1]
        data: dict[str, Any] = {**entries, **({"csrf_token": self.token} if with_token else {})}
        return self.client.post(path, data=data)


def make(folder: Path, templates: BytecodeCache, issuer: Issuer | None = None) -> World:
    """Make both companies in a fresh SQLite file, on a server that knows no feature unless it is given."""
    engine = engine_for(f"sqlite:///{folder / 'data.db'}")
    migrate(engine)
    with Session(engine, expire_on_commit=False) as db:
        licences.start_trial(db, NOW)
        home, away = _company(db, "Home", 1), _company(db, "Away", 2)
        db.get_one(User, home.people["operator"]).operator = True
        db.add(Vendor(public_key=KEY, name="Vendor", added=NOW))
        db.commit()
    issuer = issuer or Issuer(Ed25519PrivateKey.generate(), Catalogue.of([]), ())
    panel = create_panel(engine, issuer, secret_key=b"k" * 32, cookie_secure=False, clock=lambda: NOW)
    panel.testing = True
    panel.jinja_env.bytecode_cache = templates
    return World(engine, panel, home, away)


def _company(db: Session, name: str, number: int) -> Firm:
    row = Company(name=name, created=NOW)
    db.add(row)
    db.flush()
    made = Firm(row.id)
    company_pages.keep_logo(db, row, PICTURE)
    for group in ("one", "two", "empty"):
        made.groups[group] = _group(db, row.id, group)
    _person(db, made, "operator", UserRole.ADMIN, "one")
    for role in UserRole:
        _person(db, made, str(role), role, "one")
    for other in ("colleague", "victim"):
        _person(db, made, other, UserRole.AGENT, "one")
    _person(db, made, "far", UserRole.AGENT, "two")
    for place, who in enumerate(made.people):
        user = db.get_one(User, made.people[who])
        made.sessions[who] = _support(db, user, f"{number}{place:021d}")
        signins.open_for(db, user, "::1", NOW - timedelta(minutes=place + 1))
        made.sign_ins[who] = signins.open_ones(db, user.id, NOW)[0].id
        photos.keep(db, user, PICTURE)
    return made


def _group(db: Session, company_id: int, name: str) -> int:
    row = Group(company_id=company_id, name=name)
    db.add(row)
    db.flush()
    return row.id


def _person(db: Session, company: Firm, name: str, role: UserRole, group: str) -> None:
    row = User(
        company_id=company.id, group_id=company.groups[group], login_name=name, name=name.title(),
        chat_name="", role=role, password_hash="", password_due=False, active=True, created=NOW,
    )  # fmt: skip
    db.add(row)
    db.flush()
    company.people[name] = row.id


def _support(db: Session, user: User, session_id: str) -> str:
    sessions.begin(db, user, session_id, "pc", NOW)
    event = audit.Event(
        session=session_id, side="host", number=1, at=NOW, plugin="core", name="session_began", details={}
    )
    audit.record(db, [event])
    return session_id
