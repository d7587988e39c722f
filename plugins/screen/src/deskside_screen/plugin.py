"""What this plugin is and offers."""

from deskside.api import (
    ChannelSpec,
    Choice,
    Consent,
    Ends,
    Feature,
    Lane,
    Number,
    PluginInfo,
    Role,
    Side,
    WebModule,
    hookimpl,
)
from deskside_screen.messages import FRAMES, VIEW
from deskside_screen.messages import RESUME as RESUME_MESSAGES

SEE = "screen.view"
RESUME = "screen.resume"
GEOMETRY = "screen.geometry/1"
DESKTOP = "screen.desktop/1"
"""Where pictures come from, if not from this machine's own screen."""


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who we are."""
    return PluginInfo(name="screen", version="0.1", provides=(GEOMETRY, DESKTOP))


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """Declare the picture, and asking the customer to go on with it."""
    return (
        Feature(
            key=SEE,
            indicator=True,
            can_pause=True,
            options=(
                Choice("detection", ("fast", "graphics"), default="fast"),
                Number("quality", default=80, minimum=30, maximum=95),
                Number("pictures_per_second", default=60, minimum=1, maximum=60),
            ),
        ),
        Feature(key=RESUME, consent=Consent.EACH),
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
        ChannelSpec(
            name="view",
            feature=SEE,
            messages=VIEW,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
            lane=Lane.CONTROL,
            senders=(Role.AGENT, Role.OBSERVER),
            window_bytes=64 * 1024,
        ),
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


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """Declare the page's part; whoever only watches sees the same."""
    return tuple(WebModule(role=role, path="agent.js") for role in (Role.AGENT, Role.OBSERVER))
