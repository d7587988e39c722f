"""Who is at a browser: agents by their sign-in, pages by one-time tickets."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from attrs import define, field, frozen
from starlette.requests import HTTPConnection

from deskside.declare import Role
from deskside_viewer.gateway import Fields, Gateway, GatewayRefused
from deskside_viewer.hub import Agent
from deskside_viewer.locking import Locks
from deskside_viewer.presence import Presences

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
    sign_in: int = 0
    """Whose page it is, if it is an agent's."""


@define(eq=False)
class Tickets:
    """One-time tickets for page sockets."""

    _given: OrderedDict[str, Admission] = field(factory=OrderedDict)

    def give(self, session: str, name: str, role: Role, user: str, sign_in: int = 0) -> str:
        """Return a ticket that is good once, for a minute."""
        while len(self._given) >= MOST_TICKETS:
            self._given.popitem(last=False)
        ticket = secrets.token_urlsafe(24)
        self._given[ticket] = Admission(session, name, role, user, time.monotonic() + TICKET_S, sign_in)
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
    presences: Presences
    locks: Locks = field(factory=Locks)
    seen: Callable[[Agent], None] = lambda _: None
    """Told what the gateway says of an agent."""
    _cached: OrderedDict[str, tuple[float, Agent]] = field(factory=OrderedDict)
    _ended: OrderedDict[str, str] = field(factory=OrderedDict)
    """Why sign-ins are over, by token, for whoever comes back with one."""

    async def of(self, connection: HTTPConnection) -> Agent | None:
        """Return who is signed in at a browser whose pages are not locked.

        :raises GatewayRefused: if nobody can tell now; whoever was seen before stays signed in
        """
        agent = await self.known(connection)
        return None if agent is None or self.locks.is_locked(agent.sign_in) else agent

    async def known(self, connection: HTTPConnection) -> Agent | None:
        """Return who is signed in at a browser, even if his pages are locked.

        :raises GatewayRefused: if nobody can tell now; whoever was seen before stays signed in
        """
        token = connection.cookies.get(COOKIE, "")
        if not 10 <= len(token) <= 100:
            return None
        seen, agent = self._cached.get(token, (0.0, None))
        if agent is not None and time.monotonic() - seen < CACHED_S:
            return agent
        try:
            found = await self.gateway.call("agent", token=token)
        except GatewayRefused as no:
            if no.is_passing:
                if agent is None:
                    raise
                return agent
            self.forget(token)
            self._ended[token] = str(no.values.get("why", ""))
            while len(self._ended) > MOST_CACHED:
                self._ended.popitem(last=False)
            return None
        agent = _agent(token, found)
        self.seen(agent)
        self.locks.know(agent.sign_in, token, found.get("lock_minutes", 0))
        self.presences.know(agent.sign_in, token, found.get("away_minutes", 0))
        while len(self._cached) >= MOST_CACHED:
            self._cached.popitem(last=False)
        self._cached[token] = (time.monotonic(), agent)
        return agent

    def forget(self, token: str) -> None:
        """Forget a sign-in that has ended."""
        self._cached.pop(token, None)

    def forget_all(self) -> None:
        """Forget everybody: there is another server now, which knows nobody of them."""
        self._cached.clear()

    def signed_out(self, sign_in: object) -> None:
        """Forget a sign-in that the gateway says has ended; its pages ask again and are told why."""
        for token in [one for one, (_, agent) in self._cached.items() if agent.sign_in == sign_in]:
            self.forget(token)

    def why(self, connection: HTTPConnection) -> str:
        """Return the text key of why a browser's sign-in is over, empty if there is nothing to say."""
        return self._ended.get(connection.cookies.get(COOKIE, ""), "")


def _agent(token: str, found: Fields) -> Agent:
    return Agent(
        token,
        str(found["user"]),
        found["name"],
        found["chat_name"],
        found["login_name"],
        found["company"],
        found["sign_in"],
        found["password_due"],
        found["password_level"],
        found.get("keeps_log", False),
        found.get("sends_feedback", False),
        found.get("no_licence", ""),
    )
