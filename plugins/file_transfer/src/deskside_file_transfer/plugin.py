"""What this plugin is: two directions, each a feature with channels of its own, and drag and drop."""

from deskside.api import (
    ChannelSpec,
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
from deskside_file_transfer.messages import DATA, FETCH_OFFERS, PERMITS, SEND_OFFERS

SEND = "file_transfer.send"
FETCH = "file_transfer.fetch"
DROP = "file_transfer.drop"
WINDOWS = "file_transfer.windows/1"
MOST_MB = 1024 * 1024
BULK_WINDOW = 4 * 1024 * 1024

FEATURES = (
    Feature(
        key=SEND,
        consent=Consent.EACH,
        indicator=True,
        source="O-010",
        options=(
            Number("send_limit_mb", default=2048, minimum=1, maximum=MOST_MB),
            Number("send_total_mb", default=20_480, minimum=1, maximum=MOST_MB),
        ),
    ),
    Feature(
        key=FETCH,
        consent=Consent.EACH,
        indicator=True,
        source="O-010",
        options=(
            Number("fetch_limit_mb", default=2048, minimum=1, maximum=MOST_MB),
            Number("fetch_total_mb", default=20_480, minimum=1, maximum=MOST_MB),
        ),
    ),
    Feature(key=DROP, source="O-011"),
)

CHANNELS = (
    ChannelSpec(name="send_offers", feature=SEND, messages=SEND_OFFERS, ends=Ends.HOST_PAGE, owner=Side.HOST),
    ChannelSpec(
        name="send_data",
        feature=SEND,
        messages=DATA,
        ends=Ends.HOST_PAGE,
        owner=Side.HOST,
        lane=Lane.BULK,
        window_bytes=BULK_WINDOW,
        recordable=False,
    ),
    ChannelSpec(
        name="send_permits", feature=SEND, messages=PERMITS, ends=Ends.HOST_VIEWER, owner=Side.VIEWER
    ),
    ChannelSpec(
        name="fetch_offers", feature=FETCH, messages=FETCH_OFFERS, ends=Ends.HOST_PAGE, owner=Side.HOST
    ),
    ChannelSpec(
        name="fetch_data",
        feature=FETCH,
        messages=DATA,
        ends=Ends.HOST_PAGE,
        owner=Side.HOST,
        lane=Lane.BULK,
        window_bytes=BULK_WINDOW,
        recordable=False,
    ),
    ChannelSpec(
        name="fetch_permits", feature=FETCH, messages=PERMITS, ends=Ends.HOST_VIEWER, owner=Side.VIEWER
    ),
)


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
