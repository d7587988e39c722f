"""What this plugin is: two directions, each a feature with channels of its own, and drag and drop."""

from deskside.api import (
    ChannelSpec,
    Consent,
    Ends,
    Feature,
    Kind,
    Lane,
    Message,
    Number,
    PluginInfo,
    Role,
    Side,
    WebModule,
    hookimpl,
)
from deskside_file_transfer.messages import DATA, FETCH_OFFERS, PERMITS, SEND_OFFERS

SEND = "file_transfer.send"
FETCH = "file_transfer.fetch"
DROP = "file_transfer.drop"
WINDOWS = "file_transfer.windows/1"
MOST_MB = 1024 * 1024
BULK_WINDOW = 4 * 1024 * 1024
COMPUTERS = (Kind.PC, Kind.DESK)


def _feature(direction: str) -> Feature:
    return Feature(
        key=f"file_transfer.{direction}",
        consent=Consent.EACH,
        indicator=True,
        kinds=(*COMPUTERS, Kind.ANDROID, Kind.ANDROID_SDK),
        source="O-010",
        options=(
            Number(f"{direction}_limit_mb", default=2048, minimum=1, maximum=MOST_MB),
            Number(f"{direction}_total_mb", default=20_480, minimum=1, maximum=MOST_MB),
        ),
    )


def _channels(direction: str, offers: tuple[type[Message], ...]) -> tuple[ChannelSpec, ...]:
    """Return the channels of a direction: what is agreed on, the bytes, and the viewer's leave."""
    feature = f"file_transfer.{direction}"
    return (
        ChannelSpec(
            name=f"{direction}_offers",
            feature=feature,
            messages=offers,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
        ),
        ChannelSpec(
            name=f"{direction}_data",
            feature=feature,
            messages=DATA,
            ends=Ends.HOST_PAGE,
            owner=Side.HOST,
            lane=Lane.BULK,
            window_bytes=BULK_WINDOW,
            recordable=False,
        ),
        ChannelSpec(
            name=f"{direction}_permits",
            feature=feature,
            messages=PERMITS,
            ends=Ends.HOST_VIEWER,
            owner=Side.VIEWER,
        ),
    )


FEATURES = (
    _feature("send"),
    _feature("fetch"),
    # It serves both directions, so it requires neither: agents drop to send, customers to be fetched from.
    Feature(key=DROP, kinds=COMPUTERS, source="O-011"),
)
CHANNELS = (*_channels("send", SEND_OFFERS), *_channels("fetch", FETCH_OFFERS))


@hookimpl
def deskside_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(name="file_transfer", version="0.1.0", provides=(WINDOWS,))


@hookimpl
def deskside_features() -> tuple[Feature, ...]:
    """Declare the switches."""
    return FEATURES


@hookimpl
def deskside_channels() -> tuple[ChannelSpec, ...]:
    """Declare the channels."""
    return CHANNELS


@hookimpl
def deskside_web_modules() -> tuple[WebModule, ...]:
    """Declare the agent's panel."""
    return (WebModule(role=Role.AGENT, path="agent.js"),)
