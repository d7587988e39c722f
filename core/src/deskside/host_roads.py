"""The host's roads to its viewer: pairing, sealing, coming back."""

import secrets
from typing import TYPE_CHECKING

import anyio

from deskside.errors import BadFrame, PairingFailed, TransportEnded
from deskside.sealed import End
from deskside.transport import SealedRoad, pair, seal

if TYPE_CHECKING:
    from deskside.host_session import HostSession

RETRY_S = (0.1, 0.2, 0.5, 1, 2)


async def keep_road(session: "HostSession", bulk: bool) -> None:
    """Keep one road, over and over, until cancelled or the very first try has failed."""
    tries = 0
    while True:
        if bulk and (session.agreement is None or False not in session.link.roads):
            await anyio.sleep(RETRY_S[0])
            continue
        try:
            road = await _open(session, bulk)
            tries = 0
            await session.link.carry(road, bulk=bulk, begun=lambda: session.begun(bulk=bulk))
        except (PairingFailed, TransportEnded, BadFrame, OSError) as error:
            if not session.secret:
                session.fail("failed.code" if isinstance(error, PairingFailed) else "failed.line")
                return
        session.lost(bulk=bulk)
        await anyio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
        tries += 1


async def _open(session: "HostSession", bulk: bool) -> SealedRoad:
    name = "bulk" if bulk else "main"
    transport = await session.ports_out.dial(name)
    try:
        if not session.secret:
            session.secret = await pair(transport, End.HOST, session.code, session.id.encode())
            session.ports_out.paired(session.secret)
        return await seal(transport, End.HOST, name.encode(), session.secret, secrets.token_bytes)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await transport.aclose()
        raise
