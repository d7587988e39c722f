"""Everything a plugin may import; nothing else of the core is public."""

from attrs import field, frozen

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

__all__ = [
    "ChannelClosed",
    "ChannelSpec",
    "Choice",
    "Consent",
    "DeclarationError",
    "DesksideError",
    "Ends",
    "Feature",
    "Grant",
    "Lane",
    "Length",
    "Message",
    "NotGranted",
    "Number",
    "OneOf",
    "PluginInfo",
    "Policy",
    "Range",
    "Refusal",
    "Role",
    "Side",
    "Text",
    "TooLarge",
    "WebModule",
    "field",
    "frozen",
    "hookimpl",
]
