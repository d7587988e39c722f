"""The viewer's roads to its host: waiting, pairing, sealing, coming back."""

import secrets
from typing import TYPE_CHECKING

import anyio
from attrs import define

from deskside.errors import BadFrame, PairingFailed, TransportEnded
from deskside.link import HostLink
from deskside.notice import SessionState
from deskside.sealed import End
from deskside.transport import SealedRoad, Transport, pair, seal

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession

RETRY_S = (0.1, 0.2, 0.5, 1, 2)


@define(eq=False)
class _Waited:
    """A transport whose first frame has been waited for; the exchange's clock starts with it."""

    inner: Transport
    first: bytes | None

    async def send(self, frame: bytes) -> None:
        await self.inner.send(frame)

    async def receive(self) -> bytes:
        if self.first is not None:
            frame, self.first = self.first, None
            return frame
        return await self.inner.receive()

    async def aclose(self) -> None:
        await self.inner.aclose()


class ViewerRoads:
    """Keeps the roads of one session."""

    def __init__(self, session: "ViewerSession", code: str) -> None:
        self._session = session
        self.code = code

    async def keep(self, bulk: bool) -> None:
        """Keep one road, over and over, until cancelled."""
        session, tries = self._session, 0
        while True:
            try:
                transport = await session.ports_out.dial("bulk" if bulk else "main")
                try:
                    road = await self._sealed(transport, bulk)
                except BaseException:
                    with anyio.CancelScope(shield=True):
                        await transport.aclose()
                    raise
                tries = 0
                await session.link.carry(road, bulk=bulk, begun=lambda: self._begun(bulk))
            except PairingFailed:
                if not session.memory.secret:
                    await self._burn()
            except (TransportEnded, BadFrame, OSError):
                pass
            self._lost(bulk)
            await anyio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
            tries += 1

    async def _sealed(self, transport: Transport, bulk: bool) -> SealedRoad:
        session = self._session
        waited = _Waited(transport, await transport.receive())
        if not session.memory.secret:
            session.become(SessionState.CONNECTING)
            session.memory.secret = await pair(waited, End.VIEWER, self.code, session.id.encode())
            await session.save()
            await session.ports_out.paired()
        return await seal(
            waited, End.VIEWER, b"bulk" if bulk else b"main", session.memory.secret, secrets.token_bytes
        )

    async def _burn(self) -> None:
        session = self._session
        session.report("", "code_burned", {})
        self.code = await session.ports_out.burnt()
        session.become(SessionState.WAITING, "waiting.code_burned")

    def _begun(self, bulk: bool) -> None:
        session = self._session
        if bulk:
            session.begin_bulk()
        else:
            session.link.say(session.hello)
            if session.state is SessionState.CONNECTING:
                session.become(SessionState.AGREEING)

    def _lost(self, bulk: bool) -> None:
        session = self._session
        session.unready(0, bulk=bulk)
        session.link.lost(bulk=bulk)
        for page in session.pages.values():
            page.synced.discard(bulk)
        if not bulk:
            session.line_ms = -1.0
            if session.state in (SessionState.ACTIVE, SessionState.AGREEING):
                session.become(SessionState.SUSPENDED, "session.lost")
            elif session.state is SessionState.CONNECTING:
                session.become(SessionState.WAITING)
        line = HostLink(False in session.link.roads, True in session.link.roads, session.around.now())
        for page in session.pages.values():
            page.say(line)
