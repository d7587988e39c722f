"""The viewer's pages as routes, alone or inside another program's application."""

from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from deskside import texts
from deskside.declare import Side
from deskside.loader import Allow, Plugins, load
from deskside.restarting import left_out
from deskside.texts import Texts
from deskside_line.checks import words as line_words
from deskside_viewer.asking import Asking
from deskside_viewer.boot import PREFIX, WebFolders
from deskside_viewer.company_pages import CompanyPages
from deskside_viewer.connecting import Choice, Connecting
from deskside_viewer.console import Console
from deskside_viewer.hub import Hub
from deskside_viewer.log_file import LogFile
from deskside_viewer.own_settings import OwnSettings
from deskside_viewer.people import Agents
from deskside_viewer.presence import Presences
from deskside_viewer.render import WEB, Pages
from deskside_viewer.session_pages import Elsewhere, SessionPages
from deskside_viewer.signing_in import SigningIn

YEAR = "public, max-age=31536000, immutable"


def words_of(plugins: Plugins) -> Texts:
    """Return every word the viewer's pages can show."""
    own = texts.load("deskside").with_more(texts.load("deskside_viewer")).with_more(line_words())
    return plugins.catalogue.texts().with_more(own)


def load_plugins(allow: Allow) -> Plugins:
    """Load the viewer's parts of what is allowed."""
    return load(Side.VIEWER, allow, without=left_out())


def routes(
    hub: Hub, choice: Choice | None = None, log: LogFile | None = None, elsewhere: Elsewhere | None = None
) -> Sequence[BaseRoute]:
    """Return all routes of the viewer; an agent's own has a choice of servers, and a log file."""
    web = WebFolders.of(hub.plugins)
    presences = Presences(hub.gateway, hub.start)
    agents = Agents(hub.gateway, presences)
    if log:
        agents.seen = log.follow
    pages = Pages(hub.words, choice.for_page) if choice else Pages(hub.words)
    hub.signed_out = agents.signed_out
    asking = Asking(agents, hub.words)
    doors = CompanyPages(hub, asking, pages)
    return [
        *(Connecting(hub, asking, pages, choice).routes() if choice else ()),
        *SigningIn(hub, asking, pages).routes(),
        *OwnSettings(hub, asking, pages, str(log.path) if log else "").routes(),
        *doors.routes(),
        *Console(hub, agents, pages, asking, web, doors).routes(),
        *SessionPages(hub, agents, pages, web, elsewhere).routes(),
        *files_of(web),
    ]


def files_of(web: WebFolders) -> Sequence[BaseRoute]:
    """Return the routes of what pages load: the viewer's own files and those of plugins."""
    return [
        Route(PREFIX + "/{plugin}/{digest}/{path:path}", _plugin_file(web)),
        Mount(WEB, StaticFiles(directory=Path(str(files("deskside_viewer") / "web")))),
    ]


def _plugin_file(web: WebFolders) -> Callable[[Request], Awaitable[Response]]:
    async def plugin_file(request: Request) -> Response:
        name, path = request.path_params["plugin"], request.path_params["path"]
        content = web.read(name, path) if web.digests.get(name) == request.path_params["digest"] else None
        if content is None:
            return PlainTextResponse("there is no such file\n", 404)
        kind = "text/javascript" if path.endswith(".js") else guess_type(path)[0]
        return Response(
            content, media_type=kind or "application/octet-stream", headers={"Cache-Control": YEAR}
        )

    return plugin_file
