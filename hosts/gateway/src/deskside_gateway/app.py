"""The gateway's ASGI application: routes, errors, headers, and the panel mounted."""

import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

from a2wsgi import WSGIMiddleware
from anyio import create_task_group, to_thread
from attrs import frozen
from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from deskside_gateway import ending, joining, sockets
from deskside_gateway.broker import LOCATOR
from deskside_gateway.hub import Hub
from deskside_gateway.pages.render import House, Pages
from deskside_gateway.tidying import Tidying
from deskside_gateway.watch import Watch
from deskside_viewer.headers import SecurityHeaders

log = logging.getLogger(__name__)

PANEL_THREADS = 8
Answer = Callable[[Request], Awaitable[Response]]


@frozen(kw_only=True)
class Parts:
    """What the application is made of."""

    pages: Pages
    panel: Flask
    metrics: CollectorRegistry
    metrics_token: str
    is_ready: Callable[[], bool]
    """Tell, blocking, whether the database answers."""
    house: Callable[[], House]
    """Tell, blocking, whose server this is."""
    hub: Hub
    of_plugins: Sequence[BaseRoute] = ()


@frozen(kw_only=True)
class Guest:
    """A program that runs inside this one: its pages, and what runs as long as the server does."""

    routes: Sequence[BaseRoute] = ()
    life: Callable[[], AbstractAsyncContextManager[None]] = nullcontext


NOBODY = Guest()


def create_app(parts: Parts, guest: Guest = NOBODY) -> Starlette:
    """Return the application."""
    return Starlette(
        lifespan=_life(parts.hub, guest),
        routes=[
            *sockets.routes(parts.hub),
            *joining.routes(parts.hub, parts.pages.texts, parts.metrics),
            *guest.routes,
            *parts.of_plugins,
            Route("/", _home(parts)),
            Route("/c/{locator:str}", _home(parts)),
            Route(f"{ending.PATH}/{{ticket:str}}", ending.page(parts.hub, parts.pages)),
            Route("/healthz", _alive),
            Route("/readyz", _ready(parts.is_ready)),
            Route("/metrics", _metrics(parts)),
            Mount("/look", StaticFiles(directory=_folder("deskside", "look"))),
            Mount("/static", StaticFiles(directory=_folder("deskside_gateway", "static"))),
            Mount("/admin", WSGIMiddleware(parts.panel, workers=PANEL_THREADS)),  # type: ignore[arg-type]
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: _refused(parts.pages), Exception: _failed(parts.pages)},
    )


def _folder(package: str, name: str) -> Path:
    return Path(str(files(package) / name))


def _life(hub: Hub, guest: Guest) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with create_task_group() as tasks:
            hub.background = tasks
            tasks.start_soon(Watch(hub).run)
            tasks.start_soon(Tidying(hub.store).run)
            async with guest.life():
                yield
            hub.background = None
            tasks.cancel_scope.cancel()

    return life


def _home(parts: Parts) -> Answer:
    async def home(request: Request) -> Response:
        if not LOCATOR.fullmatch(request.path_params.get("locator", "0000")):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        house = await to_thread.run_sync(parts.house)
        address = parts.hub.address or str(request.base_url).rstrip("/")
        return parts.pages.draw(request, "home", house=house, address=address)

    return home


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


def _ready(is_ready: Callable[[], bool]) -> Answer:
    async def ready(_: Request) -> Response:
        if await to_thread.run_sync(is_ready):
            return PlainTextResponse("ready\n")
        return PlainTextResponse("the database does not answer\n", HTTPStatus.SERVICE_UNAVAILABLE)

    return ready


def _metrics(parts: Parts) -> Answer:
    async def metrics(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {parts.metrics_token}".encode()):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return Response(generate_latest(parts.metrics), media_type=CONTENT_TYPE_LATEST)

    return metrics


def _refused(pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refused(request: Request, error: Exception) -> Response:
        status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
        shown = status if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED) else HTTPStatus(500)
        return pages.draw(request, "error", status, kind=shown.value)

    return refused


def _failed(pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def failed(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return pages.draw(request, "error", HTTPStatus.INTERNAL_SERVER_ERROR, kind=500)

    return failed
