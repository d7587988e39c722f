"""A line through an HTTP proxy, to find out how far it leads."""

import base64
from urllib.parse import urlsplit

import anyio
from anyio.abc import ByteStream

from deskside_line.proxies import credentials

LONGEST_HEAD = 16 * 1024
DONE, WANTS_PASSWORD = 200, 407


class WantsPassword(OSError):
    """Raised when a proxy wants a user name and a password, or others."""


async def through(proxy: str, host: str, port: int) -> ByteStream:
    """Ask a proxy for a line to a server.

    :raises WantsPassword: if it does not take what stands in its address
    :raises OSError: if there is none
    """
    parts = urlsplit(proxy)
    stream: ByteStream
    if parts.scheme == "https":
        stream = await anyio.connect_tcp(parts.hostname or "", parts.port or 0, tls=True)
    else:
        stream = await anyio.connect_tcp(parts.hostname or "", parts.port or 0)
    try:
        await stream.send(_request(proxy, host, port))
        status = await _status(stream)
    except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, ValueError) as error:
        await anyio.aclose_forcefully(stream)
        raise OSError("the proxy hung up") from error
    if status == DONE:
        return stream
    await anyio.aclose_forcefully(stream)
    if status == WANTS_PASSWORD:
        raise WantsPassword("the proxy wants a password")
    raise OSError(f"the proxy said {status}")


def _request(proxy: str, host: str, port: int) -> bytes:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if (given := credentials(proxy)) is not None:
        basic = base64.b64encode(":".join(given).encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {basic}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


async def _status(stream: ByteStream) -> int:
    """Read the head of an answer, and not a byte more, since what follows is the server's."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += await stream.receive(1)
        if len(head) > LONGEST_HEAD:
            raise ValueError("the head of the proxy's answer is too long")
    return int(head.split(None, 2)[1])
