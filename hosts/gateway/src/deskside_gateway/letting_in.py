"""`deskside let-in`: a way back in for whoever is locked out, made by whoever runs the server."""

import datetime
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from deskside.settings import Settings
from deskside_admin import database
from deskside_admin.service import let_in
from deskside_gateway.build import CannotStart


def print_link(settings: Settings, login_name: str, company: int | None) -> int:
    """Print a link with which a user chooses another password and signs in without a second step.

    The server may be running.

    :raises CannotStart: if there is no such user, or no database of this version
    """
    now = datetime.datetime.now(datetime.UTC)
    default = Path(settings.text("data")).resolve() / "deskside.db"
    if not settings.text("database") and not default.exists():
        raise CannotStart(f"there is no database {default}; say where with --data or --database")
    try:
        engine = database.engine_for(settings.text("database") or f"sqlite:///{default}")
        with Session(engine) as db:
            token = let_in.make_link(db, company, login_name, now)
            db.commit()
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise CannotStart(f"the database cannot be used: {reason}") from None
    if token is None:
        raise CannotStart(f"there is no active user {login_name!r} here; name the company with --company")
    link = f"{_address(settings)}/admin/let-in/{token}"
    sys.stdout.write(f"Lets {login_name} in (works once, for 1 hour): {link}\n")
    return 0


def _address(settings: Settings) -> str:
    scheme = "https" if settings.text("tls_certificate") else "http"
    otherwise = f"{scheme}://127.0.0.1:{settings.number('port')}"
    return settings.text("address").rstrip("/") or otherwise
