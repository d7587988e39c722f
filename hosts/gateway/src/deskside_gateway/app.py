"""The gateway's ASGI application: routes, errors, headers, and the panel mounted."""

import hmac
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

from a2wsgi import WSGIMiddleware
from anyio import to_thread
from attrs import frozen
from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from deskside_gateway.headers import SecurityHeaders
from deskside_gateway.pages.render import Pages

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


def create_app(parts: Parts) -> Starlette:
    """Return the application."""
    return Starlette(
        routes=[
            Route("/", _home(parts.pages)),
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


def _home(pages: Pages) -> Answer:
    async def home(request: Request) -> Response:
        return pages.draw(request, "home")

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
