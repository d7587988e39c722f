"""The proxy on the way to a server: none, one that somebody has named, or the one that the system names."""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from attrs import field, frozen

from deskside.errors import DesksideError
from deskside.settings import Setting, Settings

AUTOMATIC, NONE = "auto", "none"
DEFAULT_PORTS = {"http": 80, "https": 443}
"""The kinds of proxies that can be used, with their ports."""
PROTECTED = ("https", "wss")

SETTINGS = (
    Setting(
        name="proxy",
        default=AUTOMATIC,
        help="auto (what this system or environment names), none, or an address such as proxy.example:3128",
    ),
    Setting(name="proxy_user", default="", help="user name at the proxy, if it asks for one"),
    Setting(name="proxy_password_file", default="", help="file with the password at the proxy"),
)


class BadProxy(DesksideError):
    """Raised when something that was given is no address of a proxy; its text never holds a password."""


@frozen
class Proxies:
    """Which proxy to take; the password stands in no text that this can be turned into."""

    named: str = AUTOMATIC
    user: str = ""
    password: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        if self.named not in (AUTOMATIC, NONE) and not _tidied(self.named):
            raise BadProxy("the proxy must be auto, none, or an address such as proxy.example:3128")

    def towards(self, server: str) -> str:
        """Return the proxy's address, its password included; empty where the way is direct."""
        if self.named == NONE:
            return ""
        if self.named == AUTOMATIC:
            return _of_system(server)
        address = _tidied(self.named)
        if not self.user:
            return address
        scheme, _, place = address.partition("://")
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{scheme}://{who}@{place.rpartition('@')[2]}"


AS_THE_SYSTEM_SAYS = Proxies()


def given_in(settings: Settings) -> Proxies:
    """Return what somebody has set.

    :raises DesksideError: if it cannot be used
    """
    path = settings.text("proxy_password_file")
    try:
        password = Path(path).read_text(encoding="utf-8").rstrip("\r\n") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadProxy(f"the password file {path} cannot be read: {error}") from None
    return Proxies(settings.text("proxy").strip() or AUTOMATIC, settings.text("proxy_user"), password)


def shown(address: str) -> str:
    """Return where a proxy is, without what it is told."""
    return urlsplit(address).netloc.rpartition("@")[2]


def credentials(address: str) -> tuple[str, str] | None:
    """Return user name and password of a proxy's address, if there are any."""
    parts = urlsplit(address)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def _of_system(server: str) -> str:
    parts, found = urlsplit(server), getproxies()
    named = found.get("https" if parts.scheme in PROTECTED else "http") or found.get("all") or ""
    if not named or proxy_bypass(parts.hostname or ""):
        return ""
    return _tidied(named)


def _tidied(named: str) -> str:
    """Return an address with scheme, port and, if it names a user, a password; empty if it is none."""
    address = named if "://" in named else f"http://{named}"
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    if (
        parts.scheme not in DEFAULT_PORTS
        or not parts.hostname
        or not port
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        return ""
    if not all(one.isascii() and one.isprintable() and one not in " <>\"'" for one in address):
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    who = "" if parts.username is None else f"{parts.username}:{parts.password or ''}@"
    return f"{parts.scheme}://{who}{host}:{port}"
