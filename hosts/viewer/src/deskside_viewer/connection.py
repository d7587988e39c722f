"""Which server a viewer of its own goes to, and how: what the agent has entered, checked. Pure."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from deskside_line.proxies import AUTOMATIC, NONE, BadProxy, Proxies

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?")
PORT = re.compile(r"[0-9]{1,5}")
HIGHEST_PORT = 65535
PROTECTED, PLAIN = 443, 80
MANUAL = "manual"
LONGEST = 200


@frozen
class Connection:
    """A server and the way to it."""

    host: str = ""
    port: int = PROTECTED
    tls: bool = True
    proxies: Proxies = field(factory=Proxies)

    @classmethod
    def to(cls, address: str, proxies: Proxies) -> "Connection":
        """Return the connection to a server's address; an empty one leads nowhere yet.

        :raises ValueError: if it is no address
        """
        if not address:
            return cls(proxies=proxies)
        parts = urlsplit(address)
        tls = parts.scheme == "https"
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(address)
        return cls(parts.hostname, parts.port or (PROTECTED if tls else PLAIN), tls, proxies)

    @property
    def address(self) -> str:
        """Return the server's address, empty if there is none yet."""
        if not self.host:
            return ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = PROTECTED if self.tls else PLAIN
        port = "" if self.port == usual else f":{self.port}"
        return f"{'https' if self.tls else 'http'}://{host}{port}"

    @property
    def is_open_to_others(self) -> bool:
        """Tell whether what is sent could be read on the way: there is no TLS, and it leaves this machine."""
        return bool(self.host) and not self.tls and not is_this_machine(self.host)

    @property
    def is_here(self) -> bool:
        """Tell whether the server is this machine."""
        return is_this_machine(self.host)

    @property
    def proxy_mode(self) -> str:
        """Return which of the three ways it goes."""
        named = self.proxies.named
        return named if named in (AUTOMATIC, NONE) else MANUAL

    @property
    def proxy_place(self) -> tuple[str, int]:
        """Return host and port of the proxy that was entered by hand."""
        parts = urlsplit(self.proxies.named)
        return (parts.hostname or "", parts.port or 0) if self.proxy_mode == MANUAL else ("", 0)


@frozen
class Wrong:
    """What cannot be taken: text keys by entry."""

    problems: Mapping[str, str]


def entered(given: Mapping[str, Any], before: Connection) -> Connection | Wrong:
    """Return the connection that a form describes, or what is wrong with it.

    An empty password keeps the one before, but only for the same proxy and user: it is told to nobody else.
    """
    problems: dict[str, str] = {}
    tls = given.get("tls") is not False
    host, port = _place(given, "host", "port", problems)
    proxies = _proxies(given, before, problems)
    connection = Connection(host, port or (PROTECTED if tls else PLAIN), tls, proxies)
    if connection.is_open_to_others and given.get("plain") is not True:
        problems["plain"] = "console.connection.plain.needed"
    return Wrong(problems) if problems else connection


def is_this_machine(host: str) -> bool:
    """Tell whether a host is reached without leaving the machine."""
    if host.rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _place(given: Mapping[str, Any], name: str, of_port: str, problems: dict[str, str]) -> tuple[str, int]:
    """Read host and port, also from a whole address that was pasted; of TLS the switch alone decides."""
    text, port = _text(given, name), _text(given, of_port)
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host, inner = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        host, parts, inner = "", urlsplit(""), None
    is_more = parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment
    if not _is_host(host) or is_more or parts.scheme not in ("", "http", "https"):
        problems[name] = "console.connection.host.wrong"
    number = int(port) if PORT.fullmatch(port) else inner or 0
    if (port and not PORT.fullmatch(port)) or number > HIGHEST_PORT or (port and not number):
        problems[of_port] = "console.connection.port.wrong"
    return host, number


def _proxies(given: Mapping[str, Any], before: Connection, problems: dict[str, str]) -> Proxies:
    mode = given.get("proxy")
    if mode == NONE:
        return Proxies(NONE)
    if mode != MANUAL:
        return Proxies(AUTOMATIC)
    host, port = _place(given, "proxy_host", "proxy_port", problems)
    if not port:
        problems.setdefault("proxy_port", "console.connection.port.wrong")
    user, password = _text(given, "proxy_user"), given.get("proxy_password")
    shown = f"[{host}]" if ":" in host else host
    named = f"http://{shown}:{port}"
    if not isinstance(password, str) or len(password) > LONGEST or not password.isprintable():
        problems["proxy_password"] = "console.connection.password.wrong"  # noqa: S105 - a text key
        password = ""
    if not password and (before.proxies.named, before.proxies.user) == (named, user):
        password = before.proxies.password
    try:
        return Proxies(named, user, password if user else "")
    except BadProxy:
        problems.setdefault("proxy_host", "console.connection.host.wrong")
        return Proxies()


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    return value.strip()[: 2 * LONGEST] if isinstance(value, str) else ""


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    return host.encode("idna").decode()


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return HOST.fullmatch(host) is not None
    return True
