"""A viewer that serves the real pages, templates and texts, and plays the session's far ends."""

import socket
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import anyio
import uvicorn
from anyio.from_thread import BlockingPortal
from attrs import define, field
from hosts.viewer.web.far_ends import FarEnds
from hosts.viewer.web.probe import NUMBERS, SPECS
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from deskside import texts
from deskside.link import CORE
from deskside.messages import Codec
from deskside.wire import Packet
from deskside_viewer.headers import SecurityHeaders

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
VIEWER = ROOT / "hosts/viewer/src/deskside_viewer"
WORDS = texts.load("deskside").with_more(texts.load("deskside_viewer"))


def plugin(name: str, module: str, channels: list[str]) -> dict[str, object]:
    """Return boot data of a made-up plugin."""
    return {
        "name": name,
        "version": "0.1",
        "options": {"most": 5},
        "features": [{"key": "probe.use", "consent": "once", "indicator": True}],
        "channels": [
            {
                "name": one, "number": NUMBERS[one], "ends": str(SPECS[one].ends),
                "lane": str(SPECS[one].lane), "window": SPECS[one].window_bytes, "send": True,
                "messages": Codec.of(SPECS[one].messages).schema(),
            }
            for one in channels
        ],
        "modules": [{"url": f"/modules/{module}.js"}],
    }  # fmt: skip


@define(eq=False)
class StandIn:
    """Runs in a thread of its own; `do` runs something on its event loop."""

    far: FarEnds = field(factory=FarEnds)
    kind: str = "pc"
    plugins: list[dict[str, object]] = field(factory=lambda: [plugin("probe", "probe", list(SPECS))])
    console: dict[str, Any] = field(factory=dict)
    signed_in: bool = True
    why: str = ""
    """Why the sign-in before is over."""
    seats: dict[str, object] = field(factory=lambda: {"total": 2, "used": 1, "free": 1, "concurrent": True})
    group: list[dict[str, object]] = field(factory=list)
    """The others of the agent's group, where it shows them."""
    start_status: int = 200
    asked: list[tuple[str, object]] = field(factory=list)
    sockets: list[WebSocket] = field(factory=list)
    consoles: list[WebSocket] = field(factory=list)
    address: str = ""
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _portal: BlockingPortal | None = None

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._app(), log_level="error", ws="websockets-sansio", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: anyio.run(self._run, listener))
        self._thread.start()
        while self._portal is None or not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def do(self, step: Callable[..., Any], *arguments: object) -> Any:
        """Run a function or coroutine function on the server's loop and return its result."""
        assert self._portal is not None
        return self._portal.call(step, *arguments)

    def later(self, step: Callable[..., Awaitable[Any]], *arguments: object) -> Future[Any]:
        """Run a coroutine function on the server's loop beside the test."""
        assert self._portal is not None
        return self._portal.start_task_soon(step, *arguments)

    def drop(self, code: int = 0) -> None:
        """Close the page's socket: with a code, or as a cut line does."""
        self.do(self._drop, code)

    def push_console(self) -> None:
        """Tell open consoles the present state."""
        self.do(self._push_console)

    async def _run(self, listener: socket.socket) -> None:
        async with BlockingPortal() as self._portal, anyio.create_task_group() as tasks:
            for name in self.far.ports:
                tasks.start_soon(self.far.listen, name)
            assert self._server is not None
            await self._server.serve([listener])
            tasks.cancel_scope.cancel()

    async def _drop(self, code: int) -> None:
        for one in list(self.sockets):
            try:
                await one.close(code or 1012)
            except RuntimeError:
                continue

    async def _push_console(self) -> None:
        for one in list(self.consoles):
            await one.send_json(self.console)

    def _app(self) -> Starlette:
        routes = [
            Mount("/look", StaticFiles(directory=ROOT / "core/src/deskside/look")),
            Mount("/viewer", StaticFiles(directory=VIEWER / "web")),
            Mount("/modules", StaticFiles(directory=HERE / "modules")),
            Route(
                "/console", lambda request: self._page(request, "console" if self.signed_in else "sign_in")
            ),
            Route("/console/{rest:path}", self._posted, methods=["POST"]),
            WebSocketRoute("/console/socket", self._console_socket),
            Route("/session/{id}", lambda request: self._page(request, "session")),
            Route("/session/{id}/start", self._start),
            WebSocketRoute("/session/{id}/socket", self._socket),
        ]
        return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])

    def _page(self, request: Request, name: str) -> Response:
        language = texts.choose(request.headers.get("accept-language", "en"))
        drawn = Environment(
            loader=FileSystemLoader(VIEWER / "pages"), autoescape=True, undefined=StrictUndefined
        ).get_template(f"{name}.html")
        id_ = request.path_params.get("id", "")
        html = drawn.render(
            say=lambda key, **values: WORDS.say(language, key, **values), language=language, web="/viewer",
            texts=WORDS.all(language), start=f"/session/{id_}/start", home="/console", why=self.why,
            company=None,
        )  # fmt: skip
        return HTMLResponse(html)

    def _start(self, request: Request) -> Response:
        if self.start_status != 200:
            return JSONResponse({"reason": "refused.session.unknown"}, self.start_status)
        language = texts.choose(request.headers.get("accept-language", "en"))
        id_ = request.path_params["id"]
        now = self.far.now
        return JSONResponse(
            {
                "ticket": "t",
                "socket": f"/session/{id_}/socket",
                "core": CORE.schema(),
                "language": language,
                "session": {"id": id_, "number": now.number, "kind": self.kind, "began": now.began or None},
                "me": {"name": "Lee Jun", "role": str(self.far.role)},
                "texts": WORDS.all(language),
                "plugins": self.plugins,
            }
        )

    async def _posted(self, request: Request) -> Response:
        if request.path_params["rest"] == "seats":
            return JSONResponse(self.seats)
        if request.path_params["rest"] in ("used", "looked"):
            return JSONResponse({"minutes": 0})
        if request.path_params["rest"] == "group":
            return JSONResponse({"shown": bool(self.group), "people": self.group})
        self.asked.append((request.path_params["rest"], await request.json()))
        if request.path_params["rest"] == "sign-in" and self.asked[-1][1]["password"] != "right":
            body = {"reason": "refused.signed_out", "values": {}, "text": "Name and password do not fit."}
            return JSONResponse({**body, "reason": "refused.not_in_texts"}, 403)
        self.signed_in = True
        return JSONResponse({"id": "new-one", "name": "Lee Jun"})

    async def _console_socket(self, socket: WebSocket) -> None:
        await socket.accept()
        self.consoles.append(socket)
        await socket.send_json(self.console)
        try:
            while True:
                await socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):
            self.consoles.remove(socket)

    async def _socket(self, socket: WebSocket) -> None:
        await socket.accept()
        self.far.line_lost()
        self.far.close_code = 0
        self.sockets.append(socket)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._send, socket)
                while True:
                    data = (await socket.receive())["bytes"]
                    self.far.received(Packet.decode(data))
        except* (WebSocketDisconnect, RuntimeError, KeyError, TypeError):
            pass
        finally:
            self.sockets.remove(socket)
            self.far.line_lost()

    async def _send(self, socket: WebSocket) -> None:
        while True:
            packet = await self.far.next_packet()
            await socket.send_bytes(packet.encode())
