"""What drawing is: the board everyone sees, and the agent's right to draw on it."""

from deskside.api import (
    ChannelSpec,
    Choice,
    Consent,
    Ends,
    Feature,
    Kind,
    Number,
    PluginInfo,
    Role,
    Side,
    WebModule,
    hookimpl,
)
from deskside_drawing.messages import BOARD, DRAW, GEOMETRY, OVERLAY, PENS, STROKES, Vanish

SHOWN = Feature(
    key=BOARD,
    kinds=(Kind.PC, Kind.DESK, Kind.ANDROID, Kind.IOS, Kind.VISUAL, Kind.ANDROID_SDK, Kind.IOS_SDK),
    needs=(OVERLAY,),
    source="O-007",
    options=(
        Number("most_strokes", default=500, minimum=10, maximum=2000),
        Choice("vanish", tuple(Vanish), default=Vanish.SWITCH),
    ),
)
AGENT = Feature(key=DRAW, consent=Consent.ONCE, indicator=True, needs=(GEOMETRY, OVERLAY), requires=(BOARD,))


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(name="drawing", version="0.1", provides=(OVERLAY,))


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """The customer's own drawing needs no question; the agent's does."""
    return (SHOWN, AGENT)


@hookimpl
def deskside_channels() -> tuple[ChannelSpec, ...]:
    """Strokes between pages and the customer's machine, and who has which colour."""
    return (
        ChannelSpec(name="strokes", feature=BOARD, messages=STROKES, ends=Ends.HOST_PAGE, owner=Side.HOST),
        ChannelSpec(name="pens", feature=BOARD, messages=PENS, ends=Ends.HOST_VIEWER, owner=Side.VIEWER),
    )


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """The agent's tools."""
    return (WebModule(role=Role.AGENT, path="agent.js"),)
