"""Start order: lock, migrate, build, listen; then say where."""

import datetime
import logging
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from deskside.settings import Settings
from deskside_admin import database
from deskside_admin.service import setup
from deskside_gateway import data
from deskside_gateway.app import Guest
from deskside_gateway.build import Built, CannotStart, build
from deskside_gateway.demo import tell_demo
from deskside_gateway.door import Door
from deskside_gateway.hub import Hub
from deskside_gateway.listening import Sockets, allow_many_connections, protocol_with
from deskside_gateway.viewer_inside import customers_pages, viewer_for

MAX_SOCKET_MESSAGE = 2 * 1024 * 1024
PONG_LIMIT_S = 60.0
"""Long enough for an answer that stands behind a full window on a slow line."""
LOG_LEVELS = ("debug", "info", "warning", "error")


def up(settings: Settings) -> int:
    """Run gateway, viewer and panel in this process until it is told to stop."""
    folder = Path(settings.text("data")).resolve()
    return run(settings, viewer_for(folder, settings.text("plugins"), has_demo=settings.flag("demo")))


def gateway(settings: Settings) -> int:
    """Run gateway and panel without a viewer until it is told to stop."""
    return run(settings, customers_pages(settings.text("plugins")))


def run(settings: Settings, invite: Callable[[Hub], Guest]) -> int:
    """Run the gateway, with what is invited inside it, until it is told to stop."""
    _log_to_console(settings.text("log_level"))
    allow_many_connections()
    folder = data.open_folder(Path(settings.text("data")))
    with data.locked(folder):
        engine = _open_database(settings, folder)
        try:
            built = build(settings, folder, engine, invite)
            if settings.flag("demo"):
                tell_demo(engine, folder)
            _serve(built, settings, lambda address: _greet(engine, built.hub, address))
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
    # Below this the server writes addresses of sockets with the tickets in them.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _open_database(settings: Settings, folder: Path) -> Engine:
    address = settings.text("database") or f"sqlite:///{folder / 'deskside.db'}"
    try:
        engine = database.engine_for(address)
        database.migrate(engine)
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise CannotStart(f"the database cannot be used: {database.why(error)}") from None
    return engine


def _greet(engine: Engine, hub: Hub, address: str) -> None:
    hub.address = address
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


def _serve(built: Built, settings: Settings, greet: Callable[[str], None]) -> None:
    proxies = settings.text("trusted_proxies")
    config = uvicorn.Config(
        built.app,
        host=settings.text("listen"),
        port=settings.number("port"),
        http=protocol_with(Door(is_exempt=_is_one_of(proxies))),
        ws=Sockets,
        ws_max_size=MAX_SOCKET_MESSAGE,
        ws_ping_timeout=PONG_LIMIT_S,
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


def _is_one_of(proxies: str) -> Callable[[str], bool]:
    listed = {one.strip() for one in proxies.split(",")}
    return lambda address: address in listed or "*" in listed
