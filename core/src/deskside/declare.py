"""What a plugin declares about itself: data, checked when it is made, drawn from everywhere.

Titles and helps are text keys derived from the declared keys (`<key>.title`, `<key>.help`), found
in the plugin's own `texts/`.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import attrs
from attrs import field, frozen

from deskside.errors import DeclarationError
from deskside.messages import Message

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}")
SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}/[1-9][0-9]{0,2}")
SOURCE = re.compile(r"O-[0-9]{3}|")


class Side(StrEnum):
    """The programs that load plugin parts."""

    HOST = "host"
    VIEWER = "viewer"
    GATEWAY = "gateway"
    ADMIN = "admin"


class Role(StrEnum):
    """What a page is in a session."""

    AGENT = "agent"
    OBSERVER = "observer"
    CUSTOMER = "customer"


class Policy(StrEnum):
    """What a group says about a feature."""

    ALL = "all"
    NONE = "none"
    USER = "user"


class Consent(StrEnum):
    """When the customer is asked: not at all, once in a session, or at each use."""

    NEVER = "never"
    ONCE = "once"
    EACH = "each"


class Lane(StrEnum):
    """How a channel's messages compete: control first, then media, then a fair share of bulk."""

    CONTROL = "control"
    MEDIA = "media"
    BULK = "bulk"


class Ends(StrEnum):
    """Between whom a channel runs."""

    HOST_PAGE = "host_page"
    HOST_VIEWER = "host_viewer"
    VIEWER_PAGE = "viewer_page"


Check = Callable[[object, "attrs.Attribute[Any]", Any], None]


def _must_match(pattern: re.Pattern[str]) -> Check:
    def check(_: object, attribute: "attrs.Attribute[str]", value: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise DeclarationError(f"{attribute.name} {value!r} must look like {pattern.pattern}")

    return check


def _all_match(pattern: re.Pattern[str]) -> Check:
    def check(_: object, attribute: "attrs.Attribute[tuple[str, ...]]", values: tuple[str, ...]) -> None:
        for value in values:
            if not pattern.fullmatch(value):
                raise DeclarationError(f"{attribute.name} {value!r} must look like {pattern.pattern}")

    return check


@frozen
class Number:
    """A whole number within limits, with its unit in words of the plugin's texts."""

    key: str = field(validator=_must_match(NAME))
    default: int = field(kw_only=True)
    minimum: int = field(kw_only=True)
    maximum: int = field(kw_only=True)
    source: str = field(default="", kw_only=True, validator=_must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(f"default of {self.key} must lie from {self.minimum} to {self.maximum}")

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        return type(value) is int and self.minimum <= value <= self.maximum


@frozen
class Choice:
    """One of a few named values."""

    key: str = field(validator=_must_match(NAME))
    values: tuple[str, ...]
    default: str = field(kw_only=True)
    source: str = field(default="", kw_only=True, validator=_must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(f"default of {self.key} must be one of {', '.join(self.values)}")

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        return isinstance(value, str) and value in self.values


@frozen
class Text:
    """A line of text of bounded length."""

    key: str = field(validator=_must_match(NAME))
    default: str = field(default="", kw_only=True)
    max_length: int = field(kw_only=True)
    source: str = field(default="", kw_only=True, validator=_must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(f"default of {self.key} is longer than {self.max_length} characters")

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        return isinstance(value, str) and len(value) <= self.max_length and "\n" not in value


Option = Number | Choice | Text
"""A value option: the group has a value, locked or not, and the user one where it is not."""


@frozen(kw_only=True)
class Feature:
    """A switch the administrator sees, the vendor licenses and the customer consents to."""

    key: str = field(validator=_must_match(KEY))
    tier: str = field(default="standard", validator=_must_match(NAME))
    policy: Policy = Policy.ALL
    """What a new group says."""
    consent: Consent = Consent.NEVER
    indicator: bool = False
    """True if it sees, hears or changes the machine: then the notice window shows it with a stop."""
    can_pause: bool = False
    """True if the customer may pause and resume it; features that need its plugin are withdrawn then."""
    options: tuple[Option, ...] = ()
    needs: tuple[str, ...] = field(default=(), validator=_all_match(SERVICE))
    """Services of other plugins without which this cannot work."""
    source: str = field(default="", validator=_must_match(SOURCE))

    @property
    def owner(self) -> str:
        """Return the name of the plugin or program that declares it."""
        return self.key.split(".", 1)[0]

    def __attrs_post_init__(self) -> None:
        keys = [option.key for option in self.options]
        if len(set(keys)) != len(keys):
            raise DeclarationError(f"{self.key} declares an option twice")


@frozen(kw_only=True)
class ChannelSpec:
    """A named, typed, flow-controlled road between the two ends of one plugin."""

    name: str = field(validator=_must_match(NAME))
    feature: str = field(validator=_must_match(KEY))
    """The feature whose grant opens it."""
    messages: tuple[type[Message], ...]
    ends: Ends
    owner: Side
    """Who answers for the present state: the host or the viewer."""
    lane: Lane = Lane.CONTROL
    senders: tuple[Role, ...] = (Role.AGENT,)
    """Roles whose pages may send; every page in the session receives."""
    window_bytes: int = 256 * 1024
    recordable: bool = True

    def __attrs_post_init__(self) -> None:
        if self.owner not in (Side.HOST, Side.VIEWER):
            raise DeclarationError(f"channel {self.name}: its owner must be the host or the viewer")
        if not self.messages:
            raise DeclarationError(f"channel {self.name} has no message")
        if self.lane is Lane.MEDIA and (self.ends, self.owner) != (Ends.HOST_PAGE, Side.HOST):
            raise DeclarationError(f"channel {self.name}: media goes from the host to pages only")
        if not 1024 <= self.window_bytes <= 64 * 1024 * 1024:
            raise DeclarationError(f"channel {self.name}: a window has 1 KiB to 64 MiB")


@frozen(kw_only=True)
class WebModule:
    """An ES module of the plugin's `web/` folder, loaded by pages of one role."""

    role: Role
    path: str = field(validator=_must_match(re.compile(r"[a-z][a-z0-9_/-]*\.js")))


@frozen(kw_only=True)
class PluginInfo:
    """Who a plugin is, which interface it speaks, and what it gives to or takes from others."""

    name: str = field(validator=_must_match(NAME))
    version: str = field(validator=_must_match(re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")))
    api: tuple[int, int] = (0, 1)
    provides: tuple[str, ...] = field(default=(), validator=_all_match(SERVICE))
    watches: tuple[str, ...] = ()
    """Channels it taps or guards, as `<plugin>.<channel>`, or `*`; the panel shows it."""
