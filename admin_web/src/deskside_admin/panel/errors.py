"""Pages for what went wrong, in the reader's words."""

import logging

from flask import Flask, g, render_template
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable

from deskside_admin import database
from deskside_admin.panel.context import close_database

log = logging.getLogger(__name__)

EXPLAINED = frozenset({400, 403, 404, 405, 413, 503})


def install(app: Flask) -> None:
    """Answer every error with a page of our own."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(SQLAlchemyError, _database)
    for error in (DataError, OverflowError):
        app.register_error_handler(error, _impossible)


def _impossible(error: DataError | OverflowError) -> tuple[str, int]:
    # A number too large for a column, a text with a zero byte: no row can have it, so there is none.
    log.debug("a value that cannot be stored was asked for: %s", type(error).__name__)
    return _alone(NotFound())


def _database(error: SQLAlchemyError) -> tuple[str, int]:
    if not database.is_unusable(error):
        raise error
    log.error("the database cannot be used: %s", database.why(error))
    return _alone(ServiceUnavailable())


def _alone(error: HTTPException) -> tuple[str, int]:
    """Draw a page for nobody in particular: what it would say about the reader is in the database."""
    close_database(error)
    g.pop("signed_in", None)
    return _page(error)


def _page(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    if "language" not in g:
        g.language = "en"
    return render_template("error.html", kind=str(code) if code in EXPLAINED else "other"), code
