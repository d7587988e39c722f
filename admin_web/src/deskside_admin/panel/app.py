"""The application factory."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from deskside import texts
from deskside_admin.panel import errors, guard, headers, language, templating
from deskside_admin.panel.context import Panel, close_database
from deskside_admin.panel.views import BLUEPRINTS
from deskside_admin.service.clock import Clock, utc_now
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.mail import Mailer, NoMailer
from deskside_admin.service.sealing import Box

LARGEST_FORM = 1024 * 1024
NO_MAILER = NoMailer()


class PanelSessions(SecureCookieSessionInterface):
    """Keep the cookie to the folder that the panel is mounted under."""

    def get_cookie_path(self, app: Flask) -> str:
        """Return the folder of the present request's mount."""
        del app
        return language.cookie_path()


def create_panel(
    engine: Engine,
    issuer: Issuer,
    *,
    secret_key: bytes,
    cookie_secure: bool,
    clock: Clock = utc_now,
    mailer: Mailer = NO_MAILER,
) -> Flask:
    """Return the panel as a WSGI application; it may be mounted under any folder."""
    app = Flask("deskside_admin.panel")
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="deskside_panel",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=cookie_secure,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        # A form may stay open as long as the sign-in lasts.
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no referrer, so there is none to compare; the token in the form is what counts.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = PanelSessions()
    # What plugins bring to the menu and to pages of their own is said in their words.
    words = issuer.catalogue.texts().with_more(texts.load("deskside_admin"))
    app.extensions["deskside"] = Panel(engine, issuer, words, clock, Box.of(secret_key), mailer)
    for part in (language, guard, headers, templating, errors):
        part.install(app)
    app.teardown_appcontext(close_database)
    CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def setup_address(panel_address: str, token: str) -> str:
    """Return the address that the one-time link on the console shows."""
    return f"{panel_address.rstrip('/')}/setup/{token}"
