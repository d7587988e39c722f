"""When a server cannot be reached: which check fails on the way to it, as a sentence for people."""

import socket
import ssl
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from anyio.abc import ByteStream
from anyio.streams.tls import TLSStream
from attrs import field, frozen

from deskside import texts
from deskside.texts import FALLBACK, Texts
from deskside_line import tunnel
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies, shown

LIMIT_S = 10
"""How long each check may take."""
PORTS = {"https": 443, "wss": 443}
OTHER_PORT = 80
CERTIFICATE_FAULTS = {9: "expired", 10: "expired", 62: "name", 64: "name"}
"""OpenSSL's numbers; with all others nobody trusted has signed it."""


@cache
def words() -> Texts:
    """Return the sentences, for whoever shows them."""
    return texts.load("deskside_line")


@frozen
class Failed:
    """A check that failed: the text key of its sentence, and the values in it."""

    key: str
    values: Mapping[str, str | int] = field(factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English, for a log."""
        return words().say(FALLBACK, self.key, **self.values)


async def failed_check(address: str, *, was_silent: bool, proxies: Proxies = AS_THE_SYSTEM_SAYS) -> Failed:
    """Check name, port and TLS in turn and return what fails; `was_silent` if an answer was waited for."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, OTHER_PORT)
    except ValueError:
        return Failed("line.failed.name", {"host": address[:80]})
    where: dict[str, str | int] = {"host": host, "port": port}
    if proxy := proxies.towards(address):
        stream = await _tunnelled(proxy, host, port)
    else:
        stream = await _called(host, port)
    if isinstance(stream, Failed):
        return stream
    async with stream:
        if was_silent:
            return Failed("line.failed.silent", where)
        is_protected = PORTS.get(parts.scheme) is not None
        fault = await _tls_fault(stream, host) if is_protected else ""
    return Failed(f"line.failed.{fault or 'server'}", where)


def not_ours(address: str) -> Failed:
    """Return what to say of a server that answers, but not as ours does."""
    return Failed("line.failed.server", {"host": urlsplit(address).hostname or ""})


async def _tunnelled(proxy: str, host: str, port: int) -> ByteStream | Failed:
    """Return a line through a proxy, or what is wrong with the proxy."""
    try:
        with anyio.fail_after(LIMIT_S):
            return await tunnel.through(proxy, host, port)
    except tunnel.WantsPassword:
        return Failed("line.failed.proxy.password", {"host": host, "proxy": shown(proxy)})
    except OSError:
        return Failed("line.failed.proxy", {"host": host, "proxy": shown(proxy)})


async def _has_address(host: str, port: int) -> bool:
    try:
        with anyio.fail_after(LIMIT_S):
            await anyio.to_thread.run_sync(socket.getaddrinfo, host, port, abandon_on_cancel=True)
    except (OSError, UnicodeError):
        return False
    return True


async def _called(host: str, port: int) -> ByteStream | Failed:
    if not await _has_address(host, port):
        return Failed("line.failed.name", {"host": host})
    try:
        with anyio.fail_after(LIMIT_S):
            return await anyio.connect_tcp(host, port)
    except OSError:
        return Failed("line.failed.port", {"host": host, "port": port})


async def _tls_fault(stream: ByteStream, host: str) -> str:
    try:
        with anyio.fail_after(LIMIT_S):
            await TLSStream.wrap(stream, hostname=host, ssl_context=ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        return f"tls.{CERTIFICATE_FAULTS.get(error.verify_code, 'unknown')}"
    except TimeoutError:
        return "silent"
    except (OSError, anyio.EndOfStream, anyio.BrokenResourceError):
        return "tls"
    return ""
