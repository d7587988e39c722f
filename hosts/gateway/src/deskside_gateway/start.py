"""Start order: lock, migrate, build, listen; then say where."""

import datetime
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.applications import Starlette

from deskside import texts
from deskside.declare import Side
from deskside.errors import DesksideError
from deskside.loader import Plugins, load
from deskside.settings import Settings
from deskside_admin import database
from deskside_admin.panel import create_panel
from deskside_admin.service import setup
from deskside_gateway import data
from deskside_gateway.app import Parts, create_app
from deskside_gateway.pages.render import Pages

MAX_SOCKET_MESSAGE = 2 * 1024 * 1024
LOG_LEVELS = ("debug", "info", "warning", "error")


class CannotStart(DesksideError):
    """Raised when a program cannot start; its text says what to change."""


def up(settings: Settings) -> int:
    """Run gateway and panel in this process until it is told to stop."""
    _log_to_console(settings.text("log_level"))
    folder = data.open_folder(Path(settings.text("data")))
    with data.locked(folder):
        engine = _open_database(settings, folder)
        try:
            app = _build(settings, folder, engine)
            _serve(app, settings, lambda address: _greet(engine, address))
        finally:
            engine.dispose()
    return 0


def _log_to_console(level: str) -> None:
    if level not in LOG_LEVELS:
        raise CannotStart(f"log_level must be one of {', '.join(LOG_LEVELS)}")
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )


def _open_database(settings: Settings, folder: Path) -> Engine:
    address = settings.text("database") or f"sqlite:///{folder / 'deskside.db'}"
    try:
        engine = database.engine_for(address)
        database.migrate(engine)
    except (SQLAlchemyError, ImportError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise CannotStart(f"the database cannot be used: {reason}") from None
    return engine


def _build(settings: Settings, folder: Path, engine: Engine) -> Starlette:
    plugins = load_plugins(Side.GATEWAY, settings.text("plugins"))
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    panel = create_panel(
        engine,
        plugins.catalogue,
        secret_key=data.secret(folder, "panel"),
        cookie_secure=_is_secure(settings),
    )
    parts = Parts(
        pages=Pages(texts.load("deskside_gateway")),
        panel=panel,
        metrics=registry,
        metrics_token=data.secret(folder, "metrics").hex(),
        is_ready=lambda: _answers(engine),
    )
    return create_app(parts)


def load_plugins(side: Side, allowed: str) -> Plugins:
    """Load what the operator allows; name in the log what is left out."""
    names = {normal(one) for one in allowed.split(",") if one.strip()}
    plugins = load(side, lambda distribution: normal(distribution) in names)
    for one in plugins.refused:
        logging.getLogger(__name__).warning("plugin %s of %s: %s", one.name, one.distribution, one.reason)
    return plugins


def normal(distribution: str) -> str:
    """Return a distribution's name as package tools compare it."""
    return re.sub(r"[-_.]+", "-", distribution.strip()).lower()


def _is_secure(settings: Settings) -> bool:
    return bool(settings.text("tls_certificate")) or settings.text("address").startswith("https://")


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _greet(engine: Engine, address: str) -> None:
    with Session(engine) as db:
        token = setup.make_first_administrator_link(db, datetime.datetime.now(datetime.UTC))
        db.commit()
    sys.stdout.write(f"Deskside is ready at {address}\n")
    if token is not None:
        link = f"{address}/admin/setup/{token}"
        sys.stdout.write(f"Make the first administrator (works once, for 24 hours): {link}\n")
    sys.stdout.flush()


class _Server(uvicorn.Server):
    """Say the address once the port is open."""

    def __init__(self, config: uvicorn.Config, greet: Callable[[str], None], address: str) -> None:
        super().__init__(config)
        self._greet = greet
        self._address = address

    async def startup(self, *arguments: object, **named: object) -> None:
        await super().startup(*arguments, **named)  # type: ignore[arg-type]
        if not self.started:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.config.is_ssl else "http"
        shown = f"[{host}]" if ":" in host else host
        self._greet(self._address or f"{scheme}://{shown}:{port}")


def _serve(app: Starlette, settings: Settings, greet: Callable[[str], None]) -> None:
    proxies = settings.text("trusted_proxies")
    config = uvicorn.Config(
        app,
        host=settings.text("listen"),
        port=settings.number("port"),
        ws="websockets-sansio",
        ws_max_size=MAX_SOCKET_MESSAGE,
        ws_per_message_deflate=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or "",
        ssl_certfile=settings.text("tls_certificate") or None,
        ssl_keyfile=settings.text("tls_key") or None,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    try:
        server = _Server(config, greet, settings.text("address").rstrip("/"))
        server.run()
    except OSError as error:
        raise CannotStart(f"TLS cannot be set up: {error}") from None
    except SystemExit as error:
        where = f"{settings.text('listen')}:{settings.number('port')}"
        raise CannotStart(f"cannot listen on {where}; choose another with --listen or --port") from error
