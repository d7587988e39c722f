"""Viewer program: says which participant may move how much, and writes down what it refuses."""

from functools import partial

import anyio

from deskside.api import Channel, PluginSession, hookimpl
from deskside_file_transfer.direction import while_granted
from deskside_file_transfer.ledger import Ledger, Limits, from_bytes, to_bytes
from deskside_file_transfer.messages import NoneOpen, Permit, Settle, WantPermit
from deskside_file_transfer.plugin import FETCH, SEND

DIRECTIONS = {"send": SEND, "fetch": FETCH}


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Answer for each direction while it is granted."""
    ledgers = from_bytes(session.resumed, tuple(DIRECTIONS))
    async with anyio.create_task_group() as tasks:
        for direction, feature in DIRECTIONS.items():
            serve = partial(_give_permits, session, direction, ledgers)
            tasks.start_soon(while_granted, session, feature, serve)


async def _give_permits(session: PluginSession, direction: str, ledgers: dict[str, Ledger]) -> None:
    ledger = ledgers[direction]
    async with session.open(f"{direction}_permits") as permits:
        async for received in permits:
            match received.message:
                case WantPermit() as wanted:
                    await _answer(session, direction, ledger, permits, wanted)
                case Settle(permit=permit, moved=moved):
                    ledger.settle(permit, moved)
                case NoneOpen():
                    ledger.void()
            await session.checkpoint(to_bytes(ledgers))


async def _answer(
    session: PluginSession, direction: str, ledger: Ledger, permits: Channel, wanted: WantPermit
) -> None:
    sender = session.participants.get(wanted.participant)
    refusal = ledger.decide(wanted.permit, wanted.size, sender, limits_of(session, direction))
    if refusal is not None:
        session.audit(
            "file_refused",
            direction=direction,
            name=wanted.name,
            size=wanted.size,
            sha256="",
            result=refusal.key,
            by=sender.name if sender else "",
        )
    await permits.send(Permit(wanted.permit, refusal))


def limits_of(session: PluginSession, direction: str) -> Limits:
    """Return what the group allows in a direction."""
    if direction == "send":
        return Limits(session.options.send_limit_mb, session.options.send_total_mb)
    return Limits(session.options.fetch_limit_mb, session.options.fetch_total_mb)
