"""What all connections to the gateway share: the broker, the relay, and who holds which session."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from anyio import fail_after
from anyio.abc import TaskGroup
from attrs import define, field, frozen

from deskside.declare import Side
from deskside.grants import Grant, Refusal
from deskside_admin.model import Company, SupportSession, User
from deskside_admin.service import entitling, sessions
from deskside_admin.service.entitling import Decisions, Entitled, Issuer
from deskside_admin.service.mail import Mailer, NoMailer
from deskside_admin.service.sealing import Box
from deskside_gateway.broker import Broker, Offer, Wait
from deskside_gateway.intake import Intake
from deskside_gateway.outbox import Outbox
from deskside_gateway.paces import Paces
from deskside_gateway.refusals import Refused
from deskside_gateway.relay import Relay
from deskside_gateway.store import Store
from deskside_gateway.tickets import Tickets

log = logging.getLogger(__name__)

PUSH_LASTS_S = 10.0
MOST_BESIDE = 200
NO_MAILER = NoMailer()
NAMES_AT_ONCE, NAMES_PER_S = 10, 1 / 6
"""How often an address may ask for login names to pick from."""

Fields = Mapping[str, Any]
Push = Callable[[str, Fields], Awaitable[Fields]]
"""How a viewer is asked something: name and fields in, its answer out, or Refused."""


class Holder(Protocol):
    """A viewer's connection, as the hub sees it."""

    push: Push


class HostLine(Protocol):
    """A customer program's control connection, as the hub sees it."""

    def refresh(self) -> None:
        """Send the entitlement again."""

    def end(self, by: str) -> None:
        """Tell that the session has been ended, and leave time for the last events."""

    def replace(self) -> None:
        """Make room for a newer connection."""


@frozen(kw_only=True)
class Known:
    """A session's row with the people it belongs to."""

    row: SupportSession
    user: User
    company: Company

    def offer(self) -> Offer:
        """Return what a customer is told."""
        return Offer(
            session=self.row.id,
            number=self.row.number,
            kind=self.row.kind,
            agent=self.user.shown_name,
            company=self.company.name,
        )


@define(kw_only=True, eq=False)
class Hub:
    """The gateway's shared state."""

    store: Store
    outbox: Outbox
    intake: Intake = field(init=False)
    broker: Broker
    tickets: Tickets
    relay: Relay
    issuer: Issuer
    node_secret: bytes = field(repr=False)
    box: Box = field(repr=False)
    mailer: Mailer = NO_MAILER
    feedback_to: str = ""
    """Where agents' feedback goes by mail, if anywhere."""
    address: str = ""
    """Where people reach this server; known once the port is open."""
    holders: dict[str, Holder] = field(factory=dict, init=False)
    consoles: dict[int, Holder] = field(factory=dict, init=False)
    """Who serves the console of which sign-in."""
    hosts: dict[str, HostLine] = field(factory=dict, init=False)
    names_asked: Paces = field(factory=lambda: Paces(NAMES_AT_ONCE, NAMES_PER_S), init=False)
    background: TaskGroup | None = field(default=None, init=False)
    running: set[object] = field(factory=set, init=False)
    told: dict[str, Decisions] = field(factory=dict, init=False)
    """What a session's viewer was told about its features."""

    refused: dict[str, Mapping[str, Refusal]] = field(factory=dict, init=False)
    """What a running session's machine or customer refuses, as its viewer says."""

    @intake.default
    def _new_intake(self) -> Intake:
        return Intake(self.outbox, self.store.now)

    @property
    def server_name(self) -> str:
        """Return the name that people know this server by."""
        return urlsplit(self.address).hostname or "localhost"

    def ticket(self, session: str, side: Side) -> str:
        """Return a fresh ticket."""
        return self.tickets.make(session, side, self.store.now().timestamp())

    def link(self, wait: Wait) -> str:
        """Return the start link; the viewer adds the fragment with the secret."""
        return f"{self.address}/c/{wait.locator}"

    async def known(self, session: str) -> Known:
        """Return a session that has been opened here.

        :raises Refused: if there is none
        """
        return await self.store.run(lambda db: _known(db, session))

    async def entitle(self, session: str, *, anew: bool = False) -> Entitled:
        """Sign what a session may use now: of what its viewer was told, unless it begins anew."""
        now, before = self.store.now(), None if anew else self.told.get(session)
        return await self.store.run(
            lambda db: entitling.entitle(db, self.issuer, _known(db, session).row, now, before)
        )

    async def push(self, session: str, name: str, fields: Fields) -> Fields:
        """Ask the viewer of a session.

        :raises Refused: if it says no, is not connected, or does not answer in time
        """
        holder = self.holders.get(session)
        if holder is None:
            raise Refused("refused.viewer.gone")
        try:
            with fail_after(PUSH_LASTS_S):
                return await holder.push(name, {"session": session, **fields})
        except TimeoutError:
            raise Refused("refused.viewer.silent") from None

    def soon(self, task: Callable[..., Awaitable[None]], *arguments: object) -> None:
        """Do something beside, if there is room for it; for what nobody waits for."""
        if self.background is not None and len(self.running) < MOST_BESIDE:
            self.background.start_soon(self._beside, task, arguments)

    def let_go(self, holder: Holder) -> None:
        """Forget a viewer's connection; its sessions stay and can be held again."""
        self.consoles = {one: by for one, by in self.consoles.items() if by is not holder}
        for session in [one for one, by in self.holders.items() if by is holder]:
            del self.holders[session]
            self.told.pop(session, None)
            self.refused.pop(session, None)

    def ended(self, session: str, by: str) -> None:
        """Forget what is kept for a live session only, and tell its host."""
        self.broker.close(session)
        self.relay.end(session)
        self.holders.pop(session, None)
        self.told.pop(session, None)
        self.refused.pop(session, None)
        if line := self.hosts.get(session):
            line.end(by)

    async def _beside(self, task: Callable[..., Awaitable[None]], arguments: tuple[object, ...]) -> None:
        mark = object()
        self.running.add(mark)
        try:
            await task(*arguments)
        except Refused as no:
            log.debug("%s came to nothing: %s", task.__name__, no.reason)
        finally:
            self.running.discard(mark)


def features_as_json(entitled: Entitled) -> dict[str, dict[str, object]]:
    """Return what is on and what is refused, for a viewer."""
    return {key: _decision(one) for key, one in entitled.features.items()}


def _decision(one: Grant | Refusal) -> dict[str, object]:
    if isinstance(one, Grant):
        return {"on": True, "options": dict(one.options)}
    return {"on": False, "gate": str(one.gate), "reason": one.reason, "values": dict(one.values)}


def _known(db: Any, session: str) -> Known:
    row = sessions.find(db, session)
    if row is None:
        raise Refused("refused.session.unknown")
    return Known(row=row, user=db.get_one(User, row.user_id), company=db.get_one(Company, row.company_id))
