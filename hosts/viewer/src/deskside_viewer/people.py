"""Who is at a browser: agents by their sign-in, pages by one-time tickets."""

import secrets
import time
from collections import OrderedDict

from attrs import define, field, frozen
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from deskside.declare import Role
from deskside_viewer.gateway import Gateway, GatewayRefused
from deskside_viewer.hub import Agent

COOKIE = "deskside_console"
TICKET_S = 60
MOST_TICKETS = 10_000
CACHED_S = 3.0
MOST_CACHED = 1000


@frozen
class Admission:
    """What a ticket admits to."""

    session: str
    name: str
    role: Role
    user: str
    ends: float


@define(eq=False)
class Tickets:
    """One-time tickets for page sockets."""

    _given: OrderedDict[str, Admission] = field(factory=OrderedDict)

    def give(self, session: str, name: str, role: Role, user: str) -> str:
        """Return a ticket that is good once, for a minute."""
        while len(self._given) >= MOST_TICKETS:
            self._given.popitem(last=False)
        ticket = secrets.token_urlsafe(24)
        self._given[ticket] = Admission(session, name, role, user, time.monotonic() + TICKET_S)
        return ticket

    def take(self, ticket: str, session: str) -> Admission | None:
        """Use a ticket up."""
        found = self._given.pop(ticket, None)
        is_good = found is not None and found.session == session and found.ends > time.monotonic()
        return found if is_good else None


@define(eq=False)
class Agents:
    """Agents by the token in their cookie, remembered for moments."""

    gateway: Gateway
    _cached: OrderedDict[str, tuple[float, Agent]] = field(factory=OrderedDict)

    async def of(self, connection: HTTPConnection) -> Agent | None:
        """Return who is signed in at a browser."""
        token = connection.cookies.get(COOKIE, "")
        if not 10 <= len(token) <= 100:
            return None
        seen, agent = self._cached.get(token, (0.0, None))
        if agent is not None and time.monotonic() - seen < CACHED_S:
            return agent
        try:
            found = await self.gateway.call("agent", token=token)
        except GatewayRefused as no:
            if no.reason == "refused.gateway.gone":
                if agent is None:
                    raise HTTPException(503) from None
                return agent
            self._cached.pop(token, None)
            return None
        agent = Agent(
            token,
            str(found["user"]),
            found["name"],
            found["chat_name"],
            found["login_name"],
            found["company"],
        )
        while len(self._cached) >= MOST_CACHED:
            self._cached.popitem(last=False)
        self._cached[token] = (time.monotonic(), agent)
        return agent

    def forget(self, token: str) -> None:
        """Forget a sign-in that has ended."""
        self._cached.pop(token, None)
