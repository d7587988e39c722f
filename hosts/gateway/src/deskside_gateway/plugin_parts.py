"""What plugins bring to the gateway and to the panel in it."""

import logging
from collections.abc import Sequence

from starlette.routing import BaseRoute, Mount

from deskside.api import GatewayProgram
from deskside.calls import Answer, collect
from deskside.declare import Side
from deskside.loader import Allow, Plugins, load
from deskside.restarting import left_out

log = logging.getLogger(__name__)

PREFIX = "/plugin"


def routes_of(plugins: Plugins, address: str) -> Sequence[BaseRoute]:
    """Return the routes of all plugins, each under its plugin's name."""
    answers = collect(plugins.manager.hook.deskside_routes, gateway=GatewayProgram(address=address))
    found = {one.plugin: one.value for one in answers if isinstance(one, Answer) and one.value}
    mounted = []
    for name, routes in found.items():
        if isinstance(routes, tuple) and all(isinstance(one, BaseRoute) for one in routes):
            mounted.append(Mount(f"{PREFIX}/{name}", routes=list(routes)))
        else:
            log.warning("plugin %s has no routes: deskside_routes must return a tuple of routes", name)
    return mounted


def for_panel(allow: Allow, known: Plugins) -> Plugins:
    """Load the parts for the panel; name in the log what is left out only here."""
    plugins = load(Side.ADMIN, allow, without=left_out())
    before = {one.name for one in known.refused}
    for one in plugins.refused:
        if one.name not in before:
            log.warning("plugin %s of %s: no pages, %s", one.name, one.distribution, one.reason)
    return plugins
