"""Run the viewer as a program of its own."""

import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from deskside.errors import DesksideError
from deskside.loader import allowed_by
from deskside.settings import Settings
from deskside_line import proxies
from deskside_line.roads import hush_libraries
from deskside_viewer.app import load_plugins, routes, words_of
from deskside_viewer.connecting import Choice
from deskside_viewer.connection import Connection
from deskside_viewer.connection_file import ConnectionFile
from deskside_viewer.headers import SecurityHeaders
from deskside_viewer.hub import Hub
from deskside_viewer.log_file import LogFile
from deskside_viewer.remote import RemoteGateway
from deskside_viewer.store import SessionStore

KEY_BYTES = 32


class CannotStart(DesksideError):
    """Raised when the viewer cannot start; its text says what to change."""


def viewer(settings: Settings) -> int:
    """Serve console and session pages until told to stop."""
    _log_to_terminal(settings.text("log_level").upper())
    folder, secret = Path(settings.text("data")), _node_secret(settings)
    connection = _connection(settings)
    file = ConnectionFile.of(folder, settings)
    if not secret:
        connection = file.read() or connection
    elif not connection.address:
        raise CannotStart("say where the server is: --gateway https://help.example.com")
    gateway = RemoteGateway(connection.address, secret, settings.text("address"), connection.proxies)
    hub = make_hub(gateway, folder, settings.text("plugins"), sealed_to_agent=not secret)
    gateway.push, gateway.again = hub.push, hub.hold_again
    choice = None if secret else Choice(gateway, file, connection)
    log = None if secret else LogFile(folder.absolute() / "log")
    if log is not None:
        log.go_on()
    _serve(_application(gateway, routes(hub, choice, log), hub), settings, gateway)
    return 0


def _log_to_terminal(level: str) -> None:
    logging.basicConfig(stream=sys.stderr, level=level)
    for one in logging.getLogger().handlers:
        # The log file may want more than the terminal.
        one.setLevel(level)
    hush_libraries()


def _connection(settings: Settings) -> Connection:
    """Return the connection that the settings describe; one without TLS only where that was said."""
    address = settings.text("gateway").rstrip("/")
    try:
        found = Connection.to(address, proxies.given_in(settings))
    except ValueError:
        raise CannotStart(
            f"{address[:80]} is no server's address: it looks like https://help.example.com"
        ) from None
    if found.is_open_to_others and not settings.flag("plain"):
        raise CannotStart(
            f"{address} is not protected by TLS: passwords could be read on the way. "
            "Use https://, or say --plain if that is what you want"
        )
    return found


def make_hub(gateway: RemoteGateway, folder: Path, allowed: str, *, sealed_to_agent: bool) -> Hub:
    """Return the viewer's state."""
    plugins = load_plugins(allowed_by(allowed))
    for one in plugins.refused:
        logging.getLogger(__name__).warning("plugin %s of %s: %s", one.name, one.distribution, one.reason)
    store = SessionStore(folder / "sessions", _key(folder))
    return Hub(gateway, plugins, words_of(plugins), store, sealed_to_agent=sealed_to_agent)


def _application(gateway: RemoteGateway, pages: Sequence[BaseRoute], hub: Hub) -> SecurityHeaders:
    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with gateway.life(), hub.life():
            yield

    look = Mount("/look", StaticFiles(directory=Path(str(files("deskside") / "look"))))
    return SecurityHeaders(Starlette(routes=[*pages, look], lifespan=life))


def _node_secret(settings: Settings) -> str:
    path = settings.text("node_secret_file")
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise CannotStart(f"the node secret {path} cannot be read: {error.strerror}") from None


def _key(folder: Path) -> bytes:
    path = folder / "viewer.secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            unfinished = path.with_suffix(f".{secrets.token_hex(4)}")
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(KEY_BYTES))
            unfinished.replace(path)
        return bytes.fromhex(path.read_text())
    except (OSError, ValueError) as error:
        raise CannotStart(f"{path} cannot be used: {error}; remove it to make a new one") from None


class _Server(uvicorn.Server):
    """Say the address once the port is open."""

    def __init__(self, config: uvicorn.Config, gateway: RemoteGateway) -> None:
        super().__init__(config)
        self._gateway = gateway

    async def startup(self, *arguments: object, **named: object) -> None:
        await super().startup(*arguments, **named)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            sys.stdout.write(f"The viewer is ready at http://{host}:{port}/console\n")
            sys.stdout.flush()


def _serve(app: SecurityHeaders, settings: Settings, gateway: RemoteGateway) -> None:
    config = uvicorn.Config(
        app,
        host=settings.text("listen"),
        port=settings.number("port"),
        ws="websockets-sansio",
        ws_max_size=2 * 1024 * 1024,
        ws_ping_timeout=60.0,
        ws_per_message_deflate=False,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    try:
        _Server(config, gateway).run()
    except SystemExit as error:
        where = f"{settings.text('listen')}:{settings.number('port')}"
        raise CannotStart(f"cannot listen on {where}; choose another with --listen or --port") from error
