"""From the locator digits to who waits there, and in words which check failed if nobody can be reached."""

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx
from attrs import frozen

from deskside.errors import DesksideError

LIMIT_S = 15
OUTDATED = "refused.version.older"


class NotReached(DesksideError):
    """Raised when the gateway cannot be asked; `key` and `values` say which check failed."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Unknown(DesksideError):
    """Raised when the gateway says no to a code; its text is a sentence in the customer's language."""


@frozen
class Found:
    """Who waits."""

    session: str
    number: str
    agent: str
    company: str
    ticket: str


async def locate(gateway: str, locator: str, language: str) -> Found:
    """Ask who waits under a locator.

    :raises Unknown: if the gateway says no
    :raises NotReached: if it cannot be asked
    """
    headers = {"Accept-Language": language}
    try:
        async with httpx.AsyncClient(timeout=LIMIT_S, trust_env=True) as client:
            answer = await client.post(f"{gateway}/v1/locate", json={"locator": locator}, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise await why_not(gateway, error) from None
    given: Any = _json(answer)
    if answer.status_code != httpx.codes.OK:
        raise Unknown(str(given.get("text") or given.get("reason") or f"HTTP {answer.status_code}"))
    names = ("session", "number", "agent", "company", "ticket")
    return Found(*(str(given.get(name, ""))[:2000] for name in names))


async def why_not(gateway: str, error: Exception) -> NotReached:
    """Return which check failed: the name, the port, or TLS."""
    parts = urlsplit(gateway)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        await anyio.to_thread.run_sync(socket.getaddrinfo, host, port)
    except (OSError, UnicodeError):
        return NotReached("customer.failed.name", host=host)
    try:
        with anyio.fail_after(LIMIT_S):
            stream = await anyio.connect_tcp(host, port)
            await stream.aclose()
    except (OSError, TimeoutError):
        return NotReached("customer.failed.port", host=host, port=port)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return NotReached("customer.failed.tls", host=host)
        cause = cause.__cause__ or cause.__context__
    return NotReached("customer.failed.server", host=host)


def _json(answer: httpx.Response) -> Any:
    try:
        given = answer.json()
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
