"""Everything a plugin may import; nothing else of the core is public."""

from attrs import field, frozen

from deskside.agree import Unavailable
from deskside.channel import Channel, ClassNeed
from deskside.declare import (
    ChannelSpec,
    Choice,
    Consent,
    Ends,
    Feature,
    Lane,
    Number,
    PluginInfo,
    Policy,
    Role,
    Side,
    Text,
    WebModule,
)
from deskside.errors import ChannelClosed, DeclarationError, DesksideError, NotGranted, TooLarge
from deskside.grants import Grant, Refusal
from deskside.hookspecs import hookimpl
from deskside.limits import Length, OneOf, Range
from deskside.messages import Message
from deskside.port import ALL, Participant, Received
from deskside.scoped import Button, Machine, PluginSession

__all__ = [
    "ALL",
    "Button",
    "Channel",
    "ChannelClosed",
    "ChannelSpec",
    "Choice",
    "ClassNeed",
    "Consent",
    "DeclarationError",
    "DesksideError",
    "Ends",
    "Feature",
    "Grant",
    "Lane",
    "Length",
    "Machine",
    "Message",
    "NotGranted",
    "Number",
    "OneOf",
    "Participant",
    "PluginInfo",
    "PluginSession",
    "Policy",
    "Range",
    "Received",
    "Refusal",
    "Role",
    "Side",
    "Text",
    "TooLarge",
    "Unavailable",
    "WebModule",
    "field",
    "frozen",
    "hookimpl",
]
