"""What the panel declares itself: rules of sign-in and of the console; `service/` keeps them."""

from deskside import texts
from deskside.catalogue import Declared
from deskside.declare import Feature, Kind, PluginInfo, Policy, Scope, Tab
from deskside.options import Choice, List, Number, Pattern, Text

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
SESSION_PASSWORD = Feature(
    key="security.session_password",
    policy=Policy.NONE,
    tab=Tab.SECURITY,
    kinds=(Kind.PC, Kind.DESK, Kind.ANDROID, Kind.CHAT),
    is_rule=True,
    options=(
        Choice("mode", ("auto", "fixed"), default="auto"),
        Text("digits", max_length=4, pattern=Pattern.PIN),
    ),
    source="O-090",
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
AUTO_LOCK = Feature(
    key="security.auto_lock",
    policy=Policy.USER,
    tab=Tab.SECURITY,
    is_rule=True,
    options=(Number("minutes", default=0, minimum=0, maximum=60, source="O-130"),),
)
LOG_FILE = Feature(key="security.log_file", tab=Tab.SECURITY, kinds=EVERYWHERE, is_rule=True, source="O-084")
USER_STATUS = Feature(key="agent.user_status", tab=Tab.AGENT, is_rule=True, source="O-076")
FEEDBACK = Feature(key="agent.feedback", policy=Policy.NONE, tab=Tab.AGENT, is_rule=True, source="O-077")
AUTO_AWAY = Feature(
    key="agent.auto_away",
    policy=Policy.USER,
    scope=Scope.USER,
    tab=Tab.AGENT,
    is_rule=True,
    options=(Number("minutes", default=10, minimum=0, maximum=120, source="O-129"),),
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
END_NOTICE = Feature(
    key="ending.notice",
    tab=Tab.START_END,
    scope=Scope.GROUP,
    kinds=(Kind.PC, Kind.DESK, Kind.CHAT),
    is_rule=True,
    source="O-111",
)
END_POPUP = Feature(
    key="ending.popup",
    policy=Policy.NONE,
    tab=Tab.START_END,
    scope=Scope.GROUP,
    kinds=(Kind.PC, Kind.DESK, Kind.CHAT),
    is_rule=True,
    options=(
        Text("address", max_length=LONGEST_LINK, pattern=Pattern.LINK),
        Number("width", default=800, minimum=100, maximum=4000, source="O-113"),
        Number("height", default=600, minimum=100, maximum=4000, source="O-113"),
    ),
    source="O-112",
)

RULES = (
    AUTO_LOGOUT,
    IP_ALLOW,
    MAC_ALLOW,
    SESSION_PASSWORD,
    AUTO_LOCK,
    LOG_FILE,
    FORCE_PREVIOUS_SIGNOUT,
    USER_STATUS,
    AUTO_AWAY,
    FEEDBACK,
    COMPANION,
    BREAK_AREA,
    EXPIRY_NOTICE,
    PRIVACY,
    END_NOTICE,
    END_POPUP,
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
