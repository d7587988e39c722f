"""What the panel declares itself: rules of sign-in and of the console; `service/` keeps them."""

from deskside import texts
from deskside.catalogue import Declared
from deskside.declare import Feature, Kind, PluginInfo, Policy, Scope, Tab
from deskside.options import Choice, List, Pattern, Text

EVERYWHERE = (Kind.PC, Kind.DESK, Kind.ANDROID, Kind.IOS, Kind.VISUAL, Kind.ANDROID_SDK, Kind.IOS_SDK)
MOST_ADDRESSES = 100
LONGEST_LINK = 500

AUTO_LOGOUT = Feature(
    key="security.auto_logout",
    policy=Policy.NONE,
    tab=Tab.SECURITY,
    kinds=EVERYWHERE,
    is_rule=True,
    options=(
        Choice("minutes", ("1", "3", "5", "10", "15", "30", "60"), default="30", source="O-086"),
    ),
    source="O-085",
)  # fmt: skip
IP_ALLOW = Feature(
    key="security.ip_allow",
    policy=Policy.NONE,
    tab=Tab.SECURITY,
    kinds=EVERYWHERE,
    is_rule=True,
    options=(List("addresses", pattern=Pattern.NETWORK, most=MOST_ADDRESSES),),
    source="O-095",
)
MAC_ALLOW = Feature(
    key="security.mac_allow",
    policy=Policy.NONE,
    tab=Tab.SECURITY,
    kinds=EVERYWHERE,
    is_rule=True,
    options=(List("addresses", pattern=Pattern.MAC, most=MOST_ADDRESSES),),
    source="O-096",
)
FORCE_PREVIOUS_SIGNOUT = Feature(
    key="agent.force_previous_signout", tab=Tab.AGENT, is_rule=True, source="O-075"
)
COMPANION = Feature(
    key="links.companion",
    policy=Policy.NONE,
    tab=Tab.AGENT,
    is_rule=True,
    options=(Text("address", max_length=LONGEST_LINK, pattern=Pattern.LINK),),
    source="O-074",
)
BREAK_AREA = Feature(
    key="links.break_area",
    policy=Policy.NONE,
    tab=Tab.AGENT,
    is_rule=True,
    options=(Text("address", max_length=LONGEST_LINK, pattern=Pattern.LINK),),
    source="O-078",
)
EXPIRY_NOTICE = Feature(
    key="waiting.expiry_notice",
    tab=Tab.START_END,
    scope=Scope.GROUP,
    kinds=EVERYWHERE,
    is_rule=True,
    source="O-106",
)
PRIVACY = Feature(
    key="waiting.privacy",
    policy=Policy.NONE,
    tab=Tab.START_END,
    scope=Scope.GROUP,
    kinds=EVERYWHERE,
    is_rule=True,
)

RULES = (
    AUTO_LOGOUT,
    IP_ALLOW,
    MAC_ALLOW,
    FORCE_PREVIOUS_SIGNOUT,
    COMPANION,
    BREAK_AREA,
    EXPIRY_NOTICE,
    PRIVACY,
)


def declared() -> tuple[Declared, ...]:
    """Return them by owner, with their words."""
    words = texts.load("deskside_admin")
    by_owner: dict[str, list[Feature]] = {}
    for feature in RULES:
        by_owner.setdefault(feature.owner, []).append(feature)
    return tuple(
        Declared(info=PluginInfo(name=name, version="0.1"), features=tuple(features), texts=words)
        for name, features in by_owner.items()
    )
