"""From the locator digits to who waits there, and in words which check failed if nobody can be reached."""

import ssl
from typing import Any

import httpx
from attrs import frozen

from deskside.errors import DesksideError
from deskside_line.checks import LIMIT_S, Failed, failed_check, not_ours
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies

OUTDATED = "refused.version.older"


class NotReached(DesksideError):
    """Raised when the gateway cannot be asked; `failed` says which check failed."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(str(failed))
        self.failed = failed


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
    needs_password: bool = False
    """The agent tells four digits more, which the server does not know or does not say."""


async def locate(gateway: str, locator: str, language: str, proxies: Proxies = AS_THE_SYSTEM_SAYS) -> Found:
    """Ask who waits under a locator.

    :raises Unknown: if the gateway says no
    :raises NotReached: if it cannot be asked
    """
    headers = {"Accept-Language": language, "User-Agent": "deskside-customer"}
    # The system's own list of trusted authorities, which every other line of this program goes by.
    trusted = ssl.create_default_context()
    try:
        way = proxies.towards(gateway) or None
        async with httpx.AsyncClient(timeout=LIMIT_S, trust_env=False, verify=trusted, proxy=way) as client:
            answer = await client.post(f"{gateway}/v1/locate", json={"locator": locator}, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        was_silent = isinstance(error, httpx.TimeoutException)
        raise NotReached(await failed_check(gateway, was_silent=was_silent, proxies=proxies)) from None
    given: Any = _json(answer)
    if not given:
        raise NotReached(not_ours(gateway))
    if answer.status_code != httpx.codes.OK:
        raise Unknown(str(given.get("text") or given.get("reason") or f"HTTP {answer.status_code}"))
    names = ("session", "number", "agent", "company", "ticket")
    session, number, agent, company, ticket = (str(given.get(name, ""))[:2000] for name in names)
    return Found(session, number, agent, company, ticket, given.get("password") is True)


def _json(answer: httpx.Response) -> Any:
    try:
        given = answer.json()
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
