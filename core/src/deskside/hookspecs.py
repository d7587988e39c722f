"""The hooks: each a typed function that says when it is called, what to return, and what an error does.

Hooks wire; traffic never passes one. Implementations may take fewer arguments than specified.
"""

import pluggy

from deskside.agree import Unavailable
from deskside.declare import ChannelSpec, Feature, PluginInfo, WebModule
from deskside.pages import GatewayProgram, PanelPages, PanelProgram
from deskside.scoped import Machine, PluginSession

hookspec = pluggy.HookspecMarker("deskside")
hookimpl = pluggy.HookimplMarker("deskside")


@hookspec
def deskside_plugin() -> PluginInfo:  # type: ignore[empty-body]
    """Called once at load: say who you are.

    Return a PluginInfo whose name is the name of your entry points.

    Implemented in: plugin.py.
    Combined: one answer per plugin.
    On error: the plugin is refused.
    """


@hookspec
def deskside_features() -> tuple[Feature, ...]:  # type: ignore[empty-body]
    """Called once at load: declare the switches you bring.

    Return features whose keys begin with your own name.

    Implemented in: plugin.py.
    Combined: all answers, by key.
    On error: the plugin is refused.
    """


@hookspec
def deskside_channels() -> tuple[ChannelSpec, ...]:  # type: ignore[empty-body]
    """Called once at load: declare the channels your features open.

    Return specifications; every message field on them has a limit.

    Implemented in: plugin.py.
    Combined: all answers, by full name.
    On error: the plugin is refused.
    """


@hookspec
def deskside_web_modules() -> tuple[WebModule, ...]:  # type: ignore[empty-body]
    """Called once at load: declare the page modules in your `web/` folder.

    Return one module per page role at most, and one for the console.

    Implemented in: plugin.py.
    Combined: all answers.
    On error: the plugin is refused.
    """


@hookspec
def deskside_probe(machine: Machine) -> tuple[Unavailable, ...]:  # type: ignore[empty-body]
    """Called once before a session: say which of your features this machine cannot do.

    Return one Unavailable per feature, with the text key of the reason; an empty tuple if all work.

    Implemented in: host.py.
    Combined: all answers.
    On error: all features of the plugin are unavailable.
    """


@hookspec
def deskside_provide(service: str, scope: PluginSession) -> object | None:
    """Called when a plugin of the same program asks for a service, once per session.

    Return the object that answers for the service, or None if it is not yours. In qt.py it is called
    on the Qt thread, and the caller gets a proxy.

    Implemented in: host.py, viewer.py, qt.py.
    Combined: first answer; only plugins that declare the key in PluginInfo.provides are asked.
    On error: the caller is told that the service is missing.
    """


@hookspec
def deskside_panel_pages(panel: PanelProgram) -> PanelPages | None:
    """Called once when the panel is made: bring pages of your own.

    Return your pages, or None. They stand under `/plugins/<your name>/` of the panel, behind its sign-in;
    templates that extend `inside.html` get its frame.

    Implemented in: admin.py.
    Combined: all answers; one place of the menu per plugin.
    On error: the plugin has no pages.
    """


@hookspec
def deskside_routes(gateway: GatewayProgram) -> tuple[object, ...]:  # type: ignore[empty-body]
    """Called once when the gateway is made: bring public pages and endpoints of your own.

    Return Starlette routes. They stand under `/plugin/<your name>/`, and anybody may ask for them.

    Implemented in: gateway.py.
    Combined: all answers.
    On error: the plugin has no routes.
    """


@hookspec
async def deskside_run_session(session: PluginSession) -> None:
    """Called when the first of your features is granted in a session; cancelled with the last.

    Return when you have nothing more to do: you are called again only once one of your features is granted
    that was off in between. Clean up in `finally`.

    Implemented in: host.py, viewer.py.
    Combined: each, with an object scoped to the plugin and session.
    On error: the plugin is stopped on both sides for this session, with a retry.
    """
