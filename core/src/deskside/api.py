"""Everything a plugin may import; nothing else of the core is public."""

from attrs import field, frozen

from deskside.agree import Unavailable
from deskside.channel import Channel, ClassNeed
from deskside.declare import (
    ChannelSpec,
    Consent,
    Ends,
    Feature,
    Kind,
    Lane,
    PluginInfo,
    Policy,
    Role,
    Scope,
    Side,
    Tab,
    WebModule,
    WebPage,
)
from deskside.errors import ChannelClosed, DeclarationError, DesksideError, NotGranted, TooLarge
from deskside.grants import Grant, Refusal
from deskside.hookspecs import hookimpl
from deskside.limits import Length, OneOf, Range
from deskside.messages import Message
from deskside.options import Choice, List, Number, Pattern, Text
from deskside.pages import GatewayProgram, PanelPages, PanelProgram, Reader, Readers
from deskside.port import ALL, Participant, Received
from deskside.scoped import Button, Machine, PluginSession
from deskside.wire import MOST_PARTICIPANTS

__all__ = [
    "ALL",
    "MOST_PARTICIPANTS",
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
    "GatewayProgram",
    "Grant",
    "Kind",
    "Lane",
    "Length",
    "List",
    "Machine",
    "Message",
    "NotGranted",
    "Number",
    "OneOf",
    "PanelPages",
    "PanelProgram",
    "Participant",
    "Pattern",
    "PluginInfo",
    "PluginSession",
    "Policy",
    "Range",
    "Reader",
    "Readers",
    "Received",
    "Refusal",
    "Role",
    "Scope",
    "Side",
    "Tab",
    "Text",
    "TooLarge",
    "Unavailable",
    "WebModule",
    "WebPage",
    "field",
    "frozen",
    "hookimpl",
]
