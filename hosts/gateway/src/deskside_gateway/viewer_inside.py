"""`deskside up`: the viewer as a guest of the gateway."""

from collections.abc import Callable
from pathlib import Path

from deskside.declare import Side
from deskside.loader import allowed_by, load
from deskside.restarting import left_out
from deskside_gateway import data
from deskside_gateway.app import Guest
from deskside_gateway.hub import Hub
from deskside_gateway.inside import InsideGateway
from deskside_gateway.lent_pages import LentPages
from deskside_viewer.app import files_of, load_plugins, routes, words_of
from deskside_viewer.demo import DemoCustomer
from deskside_viewer.hub import Hub as Sessions
from deskside_viewer.store import SessionStore


def viewer_for(folder: Path, allowed: str, *, has_demo: bool) -> Callable[[Hub], Guest]:
    """Return what makes the viewer once the gateway's parts are there."""
    allow = allowed_by(allowed)

    def invite(hub: Hub) -> Guest:
        gateway = InsideGateway(hub)
        plugins = load_plugins(allow)
        store = SessionStore(folder / "sessions", data.secret(folder, "viewer"))
        sessions = Sessions(gateway, plugins, words_of(plugins), store)
        gateway.push = sessions.push
        if has_demo:
            sessions.demo = DemoCustomer(gateway.dial_as_customer, allow).help_me
        lent = LentPages(hub, plugins, sessions.words)
        return Guest(routes=[lent.line(), *routes(sessions, elsewhere=lent)], life=sessions.life)

    return invite


def customers_pages(allowed: str) -> Callable[[Hub], Guest]:
    """Return what makes the pages of customers on a server whose viewers are all elsewhere."""

    def invite(hub: Hub) -> Guest:
        plugins = load(Side.GATEWAY, allowed_by(allowed), without=left_out())
        lent = LentPages(hub, plugins, words_of(plugins))
        return Guest(routes=[*lent.routes(), *files_of(lent.web)])

    return invite
