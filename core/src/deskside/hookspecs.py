"""The hooks: each a typed function that says when it is called, what to return, and what an error does.

Hooks wire; traffic never passes one. Implementations may take fewer arguments than specified.
"""

import pluggy

from deskside.declare import ChannelSpec, Feature, PluginInfo, WebModule

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

    Return one module per page role at most.

    Implemented in: plugin.py.
    Combined: all answers.
    On error: the plugin is refused.
    """
