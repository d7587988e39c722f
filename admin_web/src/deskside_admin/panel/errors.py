"""Pages for what went wrong, in the reader's words."""

from flask import Flask, g, render_template
from werkzeug.exceptions import HTTPException

EXPLAINED = frozenset({400, 403, 404, 405, 413})


def install(app: Flask) -> None:
    """Answer every error with a page of our own."""
    app.register_error_handler(HTTPException, _page)


def _page(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    if "language" not in g:
        g.language = "en"
    return render_template("error.html", kind=str(code) if code in EXPLAINED else "other"), code
