"""What it is."""

from courier_code.messages import Fetch, Frame, Noted, Notes, Part, Stroke, WantNotes, Whole
from deskside.api import ChannelSpec, Consent, Ends, Feature, Lane, PluginInfo, Role, Side, hookimpl


@hookimpl
def deskside_plugin():
    return PluginInfo(name="courier", version="1.0")


@hookimpl
def deskside_features():
    return (
        Feature(key="courier.carry"),
        Feature(key="courier.show", consent=Consent.ONCE, indicator=True),
    )


def _channel(name, *messages, ends=Ends.HOST_PAGE, owner=Side.HOST, feature="courier.carry", **more):
    return ChannelSpec(name=name, feature=feature, messages=messages, ends=ends, owner=owner, **more)


@hookimpl
def deskside_channels():
    return (
        _channel("strokes", Stroke, Noted),
        _channel("parcels", Part, Whole, Fetch, lane=Lane.BULK, window_bytes=1024 * 1024),
        _channel("picture", Frame, lane=Lane.MEDIA, feature="courier.show"),
        _channel(
            "notes", Stroke, WantNotes, Notes, ends=Ends.VIEWER_PAGE, owner=Side.VIEWER,
            senders=(Role.AGENT, Role.CUSTOMER),
        ),
        _channel("desk", Stroke, Noted, ends=Ends.HOST_VIEWER, owner=Side.VIEWER),
    )  # fmt: skip
