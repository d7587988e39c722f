"""What this plugin is and offers."""

from deskside.api import (
    ChannelSpec,
    Choice,
    Consent,
    Ends,
    Feature,
    Kind,
    Lane,
    Message,
    Number,
    PluginInfo,
    Policy,
    Role,
    Side,
    WebModule,
    hookimpl,
)
from deskside_screen.messages import (
    BEST_QUALITY,
    CURSOR,
    FRAMES,
    LEAST_QUALITY,
    LOOK,
    VIEW,
    Colours,
    Detection,
    Look,
    Network,
)
from deskside_screen.messages import RESUME as RESUME_MESSAGES

SEE = "screen.view"
RESUME = "screen.resume"
REMOVE_WALLPAPER = "screen.remove_wallpaper"
OUTLINE_MOVES = "screen.outline_moves"
LOOKS = {Look.WALLPAPER: REMOVE_WALLPAPER, Look.OUTLINE: OUTLINE_MOVES}
GEOMETRY = "screen.geometry/1"
MASKS = "screen.masks/1"
DESKTOP = "screen.desktop/1"
"""Where pictures come from, if not from this machine's own screen."""


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who we are."""
    return PluginInfo(name="screen", version="0.1", provides=(GEOMETRY, MASKS, DESKTOP))


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """Declare the picture, and asking the customer to go on with it."""
    return (
        Feature(
            key=SEE,
            indicator=True,
            can_pause=True,
            options=(
                Choice("network", tuple(Network), default=Network.NORMAL),
                Choice("detection", tuple(Detection), default=Detection.FAST),
                Choice("colours", tuple(Colours), default=Colours.TRUE),
                Number("quality", default=80, minimum=LEAST_QUALITY, maximum=BEST_QUALITY),
                Number("pictures_per_second", default=60, minimum=1, maximum=60),
            ),
        ),
        Feature(key=RESUME, consent=Consent.EACH),
        Feature(key=REMOVE_WALLPAPER, requires=(SEE,), kinds=(Kind.PC,), source="O-131"),
        Feature(key=OUTLINE_MOVES, policy=Policy.NONE, requires=(SEE,), kinds=(Kind.PC,), source="O-132"),
    )


@hookimpl
def deskside_channels() -> tuple[ChannelSpec, ...]:
    """Declare the roads of the pictures, of what they show, and of asking for more."""
    return (
        ChannelSpec(
            name="frames",
            feature=SEE,
            messages=FRAMES,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
            lane=Lane.MEDIA,
            senders=(),
        ),
        _spoken("view", VIEW, 64),
        # Apart, with little room: an old place of the pointer is of no use to anybody.
        _spoken("cursor", CURSOR, 1),
        _spoken("look", LOOK, 16),
        # Apart, because nothing passes on the channels of a paused feature.
        ChannelSpec(
            name="resume",
            feature=RESUME,
            messages=RESUME_MESSAGES,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
            lane=Lane.CONTROL,
            senders=(Role.AGENT,),
            window_bytes=64 * 1024,
        ),
    )


def _spoken(name: str, messages: tuple[type[Message], ...], window_kib: int) -> ChannelSpec:
    """Return a road on which pages ask and the customer's machine answers."""
    return ChannelSpec(
        name=name,
        feature=SEE,
        messages=messages,
        ends=Ends.HOST_PAGE,
        owner=Side.HOST,
        lane=Lane.CONTROL,
        senders=(Role.AGENT, Role.OBSERVER),
        window_bytes=window_kib * 1024,
    )


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """Declare the page's part; whoever only watches sees the same."""
    return tuple(WebModule(role=role, path="agent.js") for role in (Role.AGENT, Role.OBSERVER))
