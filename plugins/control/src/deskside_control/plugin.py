"""What this plugin is and offers."""

from deskside.api import (
    ChannelSpec,
    Consent,
    Ends,
    Feature,
    Kind,
    Lane,
    PluginInfo,
    Policy,
    Role,
    Side,
    WebModule,
    hookimpl,
)
from deskside_control.messages import MESSAGES

GEOMETRY = "screen.geometry/1"
TAKE = "control.take"
MOUSE = "control.mouse"
KEYBOARD = "control.keyboard"
SECURE_ATTENTION = "control.secure_attention"
SIMULTANEOUS = "control.simultaneous"
AUTO_START = "control.auto_start"
COMPUTERS = (Kind.PC, Kind.DESK)
STEERED = (*COMPUTERS, Kind.ANDROID, Kind.ANDROID_SDK)
FEATURES = (TAKE, MOUSE, KEYBOARD, SECURE_ATTENTION, SIMULTANEOUS, AUTO_START)


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who we are."""
    return PluginInfo(name="control", version="0.1")


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """Declare the switches; mouse and keyboard need a picture, and stop with it."""
    return (
        Feature(key=TAKE),
        Feature(
            key=MOUSE,
            consent=Consent.ONCE,
            indicator=True,
            needs=(GEOMETRY,),
            requires=(TAKE,),
            kinds=STEERED,
            source="O-001",
        ),
        Feature(
            key=KEYBOARD,
            consent=Consent.ONCE,
            indicator=True,
            needs=(GEOMETRY,),
            requires=(TAKE,),
            kinds=STEERED,
            source="O-002",
        ),
        Feature(key=SECURE_ATTENTION, requires=(KEYBOARD,), kinds=COMPUTERS, source="O-006"),
        Feature(key=SIMULTANEOUS, policy=Policy.NONE, kinds=COMPUTERS, source="O-004"),
        Feature(key=AUTO_START, policy=Policy.NONE, kinds=COMPUTERS, source="O-003"),
    )


@hookimpl
def deskside_channels() -> tuple[ChannelSpec, ...]:
    """Declare one road for both, so that a click and the key held with it stay in order."""
    return (
        ChannelSpec(
            name="input",
            feature=TAKE,
            messages=MESSAGES,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
            lane=Lane.CONTROL,
            senders=(Role.AGENT,),
            window_bytes=64 * 1024,
        ),
    )


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """Declare the agent's part of the page."""
    return (WebModule(role=Role.AGENT, path="agent.js"),)
