"""What chat is: two switches, channels to pages and one to the customer's window."""

from deskside.api import (
    ChannelSpec,
    Ends,
    Feature,
    Kind,
    Number,
    PluginInfo,
    Policy,
    Role,
    Scope,
    Side,
    Tab,
    WebModule,
    hookimpl,
)
from deskside_chat.messages import DRAFTS, LINES, PREVIEW, SOUND, TEXT, WINDOW

CHAT = Feature(
    key=TEXT,
    kinds=(Kind.PC, Kind.DESK),
    source="O-015",
    options=(Number("most_lines", default=1000, minimum=50, maximum=2000),),
)
PREVIEWED = Feature(
    key=PREVIEW, policy=Policy.NONE, scope=Scope.GROUP, tab=Tab.CHAT, requires=(TEXT,), source="O-126"
)
HEARD = Feature(key=SOUND, scope=Scope.COMPANY, tab=Tab.CHAT, requires=(TEXT,), source="O-140")


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(name="chat", version="0.1", provides=(WINDOW,))


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """Chat, whether agents see what a customer has not sent yet, and whether lines are heard."""
    return (CHAT, PREVIEWED, HEARD)


@hookimpl
def deskside_channels() -> tuple[ChannelSpec, ...]:
    """Lines to and from every page and the customer's machine, and what customers have not sent yet."""
    return (
        ChannelSpec(
            name="lines",
            feature=TEXT,
            messages=LINES,
            ends=Ends.VIEWER_PAGE,
            owner=Side.VIEWER,
            senders=(Role.AGENT, Role.OBSERVER, Role.CUSTOMER),
        ),
        ChannelSpec(
            name="drafts",
            feature=PREVIEW,
            messages=DRAFTS,
            ends=Ends.VIEWER_PAGE,
            owner=Side.VIEWER,
            senders=(Role.CUSTOMER,),
        ),
        ChannelSpec(
            name="desk",
            feature=TEXT,
            messages=(*LINES, *DRAFTS),
            ends=Ends.HOST_VIEWER,
            owner=Side.VIEWER,
        ),
    )


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """A panel on either page."""
    return (
        WebModule(role=Role.AGENT, path="agent.js"),
        WebModule(role=Role.OBSERVER, path="agent.js"),
        WebModule(role=Role.CUSTOMER, path="customer.js"),
    )
