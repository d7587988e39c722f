"""The calls of a viewer, one function each; what they need to know about the viewer is in Caller."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve
from sqlmodel import Session

from deskside.declare import Side
from deskside_admin.model import SessionKind, SessionState, SupportSession
from deskside_admin.service import audit, licences, sessions, waiting
from deskside_admin.service.outcome import Refused as ServiceRefused
from deskside_gateway import company_calls, ending, own_calls, refusing, sign_in_calls
from deskside_gateway.broker import Wait, new_session_id
from deskside_gateway.caller import LONGEST_TOKEN, Caller
from deskside_gateway.given import Given
from deskside_gateway.hub import Fields, features_as_json
from deskside_gateway.refusals import Refused

MOST_RECENT = 200
MOST_NAMED = 20
"""How many wrong events of one call are named."""


async def hello(caller: Caller, given: Given) -> Fields:
    """Say who is there."""
    caller.hello(given.text("node_secret", 64, ""))
    return {"server_name": caller.hub.server_name, "address": caller.hub.address}


async def new_wait(caller: Caller, given: Given) -> Fields:
    """Open a session, and wait for its customer under a new locator."""
    kind = given.choice("kind", set(SessionKind))
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    if me.password_due:
        raise Refused("refused.password_due")
    session, now = new_session_id(), caller.hub.store.now()

    def begin(db: Session) -> ServiceRefused | SupportSession:
        return licences.may_support(db, me.user, now) or sessions.begin(db, me.user, session, kind, now)

    row = await caller.hub.store.run(begin)
    if isinstance(row, ServiceRefused):
        raise Refused.of(row)
    hides = await caller.hub.store.run(lambda db: waiting.hides_agent(db, me.user))
    found = await _open(caller, session)
    about = {"session": session, "number": row.number, "hides_agent": hides}
    return {**about, "ticket": _ticket(caller, session), **found}


async def new_locator(caller: Caller, given: Given) -> Fields:
    """Let a session wait under another locator."""
    return await _open(caller, given.text("session"))


async def burn(caller: Caller, given: Given) -> Fields:
    """Make a code worthless after a wrong proof, and wait under another."""
    session = given.text("session")
    await caller.hold(session)
    caller.hub.broker.burn(session)
    return await _open(caller, session)


async def end_wait(caller: Caller, given: Given) -> Fields:
    """Wait no longer."""
    session = given.text("session")
    await caller.own(session)
    caller.hub.broker.close(session)
    return {}


async def paired(caller: Caller, given: Given) -> Fields:
    """Free the locator: the code has done its work."""
    return await end_wait(caller, given)


async def ticket(caller: Caller, given: Given) -> Fields:
    """Give the viewer's side a fresh right to the relay."""
    session = given.text("session")
    await caller.hold(session)
    return {"ticket": _ticket(caller, session)}


async def entitlement(caller: Caller, given: Given) -> Fields:
    """Tell what a session may use, signed for its host."""
    session = given.text("session")
    await caller.hold(session)
    entitled = await caller.hub.entitle(session, anew=True)
    caller.hub.told[session] = entitled.features
    return {
        "licence": entitled.licence,
        "entitlement": entitled.entitlement,
        "serial": entitled.serial,
        "label": entitled.label,
        "features": features_as_json(entitled),
    }


async def record(caller: Caller, given: Given) -> Fields:
    """Store the events that are right, and say of the others which they are; if none is right, say no."""
    found = [audit.parse(raw) for raw in given.items("events", audit.MOST_EVENTS)]
    sessions_ = {one.session for one in found if one is not None}
    nos = {session: await _may_not_report(caller, session) for session in sessions_}
    events, wrong = [], []
    for index, one in enumerate(found):
        is_ours = one is not None and one.side == Side.VIEWER
        no = nos[one.session] if one is not None and is_ours else Refused("refused.request", field="events")
        if one is not None and no is None:
            events.append(one)
        elif no is not None:
            wrong.append((index, no))
    if wrong and not events:
        raise wrong[0][1]
    await caller.hub.outbox.record(events)
    refused = [{"index": index, "reason": no.reason} for index, no in wrong[:MOST_NAMED]]
    return {"stored": len(events), **({"refused": refused} if refused else {})}


async def changed(caller: Caller, given: Given) -> Fields:
    """Note a session's state, its customer, and by whom it was ended; at the end return what opens then."""
    session, customer = given.text("session"), given.inner("customer")
    change = sessions.Change(
        state=SessionState(given.choice("state", set(SessionState))),
        reason=given.text("reason", 200, ""),
        customer_name=customer.text("name", 200, ""),
        customer_system=customer.text("system", 200, ""),
        by=given.text("by", 200, ""),
    )
    refused = refusing.read(given, caller.hub.issuer.catalogue.features) if "refused" in given.fields else {}
    await caller.own(session)
    now = caller.hub.store.now()
    await caller.hub.store.run(lambda db: sessions.change(db, _row(db, session), change, now))
    if change.state is not SessionState.ENDED:
        if caller.hub.holders.get(session) is caller:
            caller.hub.refused[session] = refused
        return {}
    caller.hub.ended(session, change.by)
    return await ending.told(caller.hub, session)


async def recent(caller: Caller, given: Given) -> Fields:
    """List an agent's latest sessions, live ones included, and the links of his console."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    most = given.number("most", 1, MOST_RECENT, 50)
    found = await caller.hub.store.run(lambda db: sessions.recent(db, me.user.id, most))
    links = await caller.hub.store.run(lambda db: waiting.links(db, me.user))
    return {"sessions": [_as_json(row) for row in found], "links": links}


Call = Callable[[Caller, Given], Awaitable[Fields]]
CALLS: Mapping[str, Call] = {
    call.__name__: call
    for call in (
        *sign_in_calls.CALLS,
        *own_calls.CALLS,
        *company_calls.CALLS,
        hello,
        new_wait,
        new_locator,
        burn,
        end_wait,
        paired,
        ticket,
        entitlement,
        record,
        changed,
        recent,
    )
}


async def _may_not_report(caller: Caller, session: str) -> Refused | None:
    try:
        await caller.own(session)
    except Refused as no:
        if no.reason != "refused.database":
            return no
        # A hosted viewer is believed; what it reports while the database is away must not be lost with it.
        if not caller.is_hosted:
            raise
    return None


async def _open(caller: Caller, session: str) -> dict[str, Any]:
    known = await caller.hold(session)
    licence_ends = await caller.hub.store.run(lambda db: waiting.licence_ends(db, known.user))
    password = await caller.hub.store.run(lambda db: waiting.session_password(db, known.user))
    wait: Wait = caller.hub.broker.open(evolve(known.offer(), asks_password=bool(password)))
    return {
        "licence_ends": _seconds(licence_ends),
        "password": password,
        "locator": wait.locator,
        "ends_in_s": caller.hub.broker.ends_in_s(wait),
        "link": caller.hub.link(wait),
        "page": caller.hub.address,
    }


def _ticket(caller: Caller, session: str) -> str:
    return caller.hub.ticket(session, Side.VIEWER)


def _row(db: Session, session: str) -> SupportSession:
    return db.get_one(SupportSession, session)


def _as_json(row: SupportSession) -> dict[str, object]:
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "label": row.label,
        "customer": {"name": row.customer_name, "system": row.customer_system},
        "opened": _seconds(row.opened),
        "began": _seconds(row.began),
        "ended": _seconds(row.ended),
        "by": row.ended_by,
    }


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
