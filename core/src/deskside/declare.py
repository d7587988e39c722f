"""What a plugin declares about itself: data, checked when it is made, drawn from everywhere.

Titles and helps are text keys derived from the declared keys (`<key>.title`, `<key>.help`), found
in the plugin's own `texts/`.
"""

import re
from enum import StrEnum

import attrs
from attrs import field, frozen

from deskside.errors import DeclarationError
from deskside.messages import Message
from deskside.options import NAME, SOURCE, Check, Option
from deskside.options import must_match as _must_match

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}")
SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}/[1-9][0-9]{0,2}")


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


class WebPage(StrEnum):
    """The pages that load modules of plugins."""

    SESSION = "session"
    CONSOLE = "console"
    """The agent's home, outside any session."""


class Consent(StrEnum):
    """When the customer is asked: not at all, once in a session, or at each use."""

    NEVER = "never"
    ONCE = "once"
    EACH = "each"


class Scope(StrEnum):
    """Who may decide about a feature."""

    GROUP_USER = "group_user"
    """The group, which may leave it to each user."""
    GROUP = "group"
    """The group alone."""
    USER = "user"
    """Each user alone."""
    COMPANY = "company"
    """The company alone, for all of its groups at once."""


class Tab(StrEnum):
    """Where administrators look for a feature."""

    VIEWER = "viewer"
    CHAT = "chat"
    AGENT = "agent"
    SECURITY = "security"
    START_END = "start_end"
    """How supports begin and end: always the group's alone."""


class Kind(StrEnum):
    """The kinds of support that a switch can be marked for."""

    PC = "pc"
    DESK = "desk"
    ANDROID = "android"
    IOS = "ios"
    VISUAL = "visual"
    ANDROID_SDK = "android_sdk"
    IOS_SDK = "ios_sdk"
    WEB_VIEWER = "web_viewer"
    CHAT = "chat"


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


def _all_match(pattern: re.Pattern[str]) -> Check:
    def check(_: object, attribute: "attrs.Attribute[tuple[str, ...]]", values: tuple[str, ...]) -> None:
        for value in values:
            if not pattern.fullmatch(value):
                raise DeclarationError(f"{attribute.name} {value!r} must look like {pattern.pattern}")

    return check


@frozen(kw_only=True)
class Feature:
    """A switch the administrator sees, the vendor licenses and the customer consents to."""

    key: str = field(validator=_must_match(KEY))
    policy: Policy = Policy.ALL
    """What a new group says."""
    consent: Consent = Consent.NEVER
    indicator: bool = False
    """True if it sees, hears or changes the machine: then the notice window shows it with a stop."""
    can_pause: bool = False
    """True if the customer may pause and resume it; features that need its plugin are withdrawn then."""
    options: tuple[Option, ...] = ()
    needs: tuple[str, ...] = field(default=(), validator=_all_match(SERVICE))
    """Services without which this cannot work; it is refused where nobody supplies them."""
    requires: tuple[str, ...] = field(default=(), validator=_all_match(KEY))
    """Features without which this is of no use: it is off where one of them is."""
    scope: Scope = Scope.GROUP_USER
    tab: Tab = Tab.VIEWER
    kinds: tuple[Kind, ...] = ()
    """The kinds of support whose sessions the switch rules; none marked means every kind."""
    is_rule: bool = False
    """A rule to follow rather than something to use: no licence sells it, and where all of a group
    must follow it, its values are the group's alone."""
    source: str = field(default="", validator=_must_match(SOURCE))

    @property
    def owner(self) -> str:
        """Return the name of the plugin or program that declares it."""
        return self.key.split(".", 1)[0]

    def __attrs_post_init__(self) -> None:
        keys = [option.key for option in self.options]
        if len(set(keys)) != len(keys):
            raise DeclarationError(f"{self.key} declares an option twice")
        if self.tab is Tab.START_END and self.scope is not Scope.GROUP:
            raise DeclarationError(f"{self.key}: how supports begin and end is the group's alone")
        if self.scope in (Scope.GROUP, Scope.COMPANY) and self.policy is Policy.USER:
            raise DeclarationError(f"{self.key}: users cannot decide what is the {self.scope}'s alone")

    def rules(self, kind: str) -> bool:
        """Tell whether the switch is asked in supports of this kind."""
        return not self.kinds or kind in self.kinds


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
    """An ES module of the plugin's `web/` folder, loaded by session pages of one role, or by the console."""

    role: Role = Role.AGENT
    page: WebPage = WebPage.SESSION
    path: str = field(validator=_must_match(re.compile(r"[a-z][a-z0-9_/-]*\.js")))

    def __attrs_post_init__(self) -> None:
        if self.page is WebPage.CONSOLE and self.role is not Role.AGENT:
            raise DeclarationError(f"the module {self.path}: only agents have a console")


@frozen(kw_only=True)
class PluginInfo:
    """Who a plugin is, which interface it speaks, and what it gives to or takes from others."""

    name: str = field(validator=_must_match(NAME))
    version: str = field(validator=_must_match(re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")))
    api: tuple[int, int] = (0, 1)
    provides: tuple[str, ...] = field(default=(), validator=_all_match(SERVICE))
    watches: tuple[str, ...] = ()
    """Channels it taps or guards, as `<plugin>.<channel>`, or `*`; the panel shows it."""
