"""Files from the customer's machine to an agent's page: asked for, or sent by the customer himself."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field

from deskside.api import (
    Channel,
    ChannelClosed,
    Grant,
    Message,
    Participant,
    PluginSession,
    Refusal,
    Role,
)
from deskside_file_transfer.board import Board
from deskside_file_transfer.files import Broken, Source
from deskside_file_transfer.messages import (
    CHUNK_BYTES,
    MOST_FILES,
    Arrived,
    AskForFiles,
    Cancel,
    Chosen,
    Chunk,
    Complete,
    Declined,
    Done,
    Failed,
    Offer,
    OfferedFile,
    Progress,
    Reason,
    Stage,
    State,
    Take,
    WantState,
)
from deskside_file_transfer.permits import Permits
from deskside_file_transfer.plugin import FETCH
from deskside_file_transfer.transfers import Table, Transfer, report, why_over
from deskside_file_transfer.windows import Chooser
from deskside_file_transfer.wording import reason, reason_of, shortened, spoken


@define(eq=False, kw_only=True)
class Departure(Transfer):
    """A file on its way out."""

    source: Source
    pump: anyio.CancelScope | None = None


@define(eq=False)
class Departures:
    """All files of one session that go to agents."""

    _session: PluginSession
    _board: Board
    _chooser: Chooser | None
    table: Table[Departure] = field(factory=Table)
    _asks: dict[tuple[int, int], anyio.CancelScope] = field(factory=dict)
    _offers: Channel = field(init=False)
    _data: Channel = field(init=False)
    _permits: Permits = field(init=False)
    _tasks: anyio.abc.TaskGroup = field(init=False)
    ready: anyio.Event = field(factory=anyio.Event)

    async def run(self) -> None:
        """Serve until the feature is withdrawn."""
        open_channel = self._session.open
        async with (
            open_channel("fetch_offers") as self._offers,
            open_channel("fetch_data") as self._data,
            open_channel("fetch_permits") as permits,
        ):
            self._permits = Permits(permits)
            try:
                await self._run()
            except* ChannelClosed:
                self._session.log.info("fetching was withdrawn")
            finally:
                with anyio.CancelScope(shield=True):
                    await self._abandon()

    async def _run(self) -> None:
        async with anyio.create_task_group() as self._tasks:
            await self._permits.begin()
            self._tasks.start_soon(self._permits.run)
            self.ready.set()
            async for received in self._offers:
                await self._serve(received.sender, received.message)
            self._tasks.cancel_scope.cancel()

    async def send(self, paths: Sequence[Path], to: Participant | None = None) -> int:
        """Offer files that the customer chose to one agent, the first one here if none is named.

        Returns how many could be offered.
        """
        agent = to or self._first_agent()
        if agent is None or not self._session.allows(FETCH):
            self._board.say("nobody" if agent is None else "withdrawn")
            return 0
        found = [await self._open(path, agent) for path in paths[:MOST_FILES]]
        ready = [one for one in found if one is not None]
        if ready:
            files = tuple(OfferedFile(one.id, one.name, one.size) for one in ready)
            await self._offers.send(Offer(files), to=agent)
        return len(ready)

    async def cancel_all(self) -> None:
        """End every transfer under way because the customer wants it."""
        for one in list(self.table.open.values()):
            await self._end(one, Stage.CANCELLED, reason("customer_cancelled"))
            await self._offers.send(Cancel(one.id), to=one.person)

    def _first_agent(self) -> Participant | None:
        here = [one for one in self._session.participants.values() if one.id and one.present]
        return min((one for one in here if one.role is Role.AGENT), key=lambda one: one.id, default=None)

    async def _open(self, path: Path, agent: Participant) -> Departure | None:
        if self.table.is_full:
            self._refuse(path.name, reason("too_many"))
            return None
        try:
            source = await self._session.blocking(Source.open, path)
        except (OSError, Broken) as error:
            self._refuse(path.name, reason_of(error))
            return None
        number = secrets.randbelow(2**52) + 1
        one = Departure(id=number, person=agent, name=source.name, size=source.size, source=source)
        one.permit, refusal = await self._permits.ask(agent, one.name, one.size)
        if refusal is not None:
            await self._session.blocking(source.close)
            self._refuse(path.name, refusal)
            return None
        one.stage = Stage.MOVING
        self.table.open[one.key] = one
        one.moving = self._board.begin(one.name, one.size, is_incoming=False)
        return one

    def _refuse(self, name: str, why: Reason) -> None:
        self._board.say("cannot_send", name=shortened(name, 40), reason=spoken(self._session, why))

    async def _serve(self, sender: Participant, message: Message) -> None:
        match message:
            case WantState():
                for one in self.table.of(sender.id):
                    self._stop_pump(one)
                await self._offers.send(State(self.table.rows(sender.id)), to=sender)
            case AskForFiles(id=number):
                await self._take_ask(sender, number)
            case Cancel(id=number) if scope := self._asks.get((sender.id, number)):
                scope.cancel()
            case Take() | Arrived() | Progress() | Failed() | Cancel():
                if known := self.table.open.get((sender.id, message.id)):
                    await self._answer(known, message)

    async def _answer(self, one: Departure, message: Message) -> None:
        match message:
            case Take(run=run, offset=offset) if offset <= one.size:
                self._stop_pump(one)
                one.pump = anyio.CancelScope()
                self._tasks.start_soon(self._pump, one, run, offset, one.pump)
            case Progress(offset=offset) if one.moving and offset <= one.size:
                one.offset = offset
                self._board.move(one.moving, offset)
            case Arrived(run=run, sha256=digest) if run == one.run and one.sha256:
                await self._arrived(one, digest)
            case Failed(reason=why):
                await self._end(one, Stage.FAILED, why)
            case Cancel():
                await self._end(one, Stage.CANCELLED, reason("agent_cancelled"))

    async def _take_ask(self, sender: Participant, number: int) -> None:
        if any(person == sender.id for person, _ in self._asks):
            await self._offers.send(Declined(number, reason("busy")), to=sender)
        elif self._chooser is None:
            await self._offers.send(Declined(number, reason("no_window")), to=sender)
        else:
            scope = self._asks[sender.id, number] = anyio.CancelScope()
            self._tasks.start_soon(self._let_choose, sender, number, scope, self._chooser)

    async def _let_choose(
        self, sender: Participant, number: int, scope: anyio.CancelScope, chooser: Chooser
    ) -> None:
        try:
            with scope:
                outcome = await self._session.request(FETCH, who=sender)
                if isinstance(outcome, Grant):
                    count = await self.send(await chooser.choose(sender.name), sender)
                    await self._offers.send(Chosen(number, count), to=sender)
                else:
                    await self._decline(sender, number, outcome)
        finally:
            del self._asks[sender.id, number]

    async def _decline(self, sender: Participant, number: int, why: Refusal) -> None:
        self._session.audit(
            "file_refused",
            direction="fetch",
            name="",
            size=0,
            sha256="",
            result=why.reason,
            by=sender.name,
        )
        await self._offers.send(Declined(number, reason_of(why)), to=sender)

    async def _pump(self, one: Departure, run: int, offset: int, scope: anyio.CancelScope) -> None:
        why: Reason | None = None
        with scope:
            async with one.lock:
                if not one.is_open:
                    return
                one.run, one.sha256 = run, b""
                try:
                    await self._copy(one, run, offset)
                except (OSError, Broken) as error:
                    why = reason_of(error)
        if why is not None:
            await self._end(one, Stage.FAILED, why)
            await self._offers.send(Failed(one.id, why), to=one.person)

    async def _copy(self, one: Departure, run: int, offset: int) -> None:
        await self._session.blocking(one.source.rewind, offset)
        while offset < one.size:
            if not self._session.allows(FETCH):
                raise Broken("file_transfer.reason.withdrawn")
            length = min(CHUNK_BYTES, one.size - offset)
            content = await self._session.blocking(one.source.read, length)
            await self._data.send(Chunk(one.id, run, offset, content), to=one.person)
            offset += len(content)
        one.sha256 = one.source.digest()
        await self._data.send(Complete(one.id, run, one.sha256), to=one.person)

    def _stop_pump(self, one: Departure) -> None:
        if one.pump is not None:
            one.pump.cancel()
            one.pump = None

    async def _arrived(self, one: Departure, digest: bytes) -> None:
        if not secrets.compare_digest(digest, one.sha256):
            why = reason("hash")
            await self._end(one, Stage.FAILED, why)
            await self._offers.send(Failed(one.id, why), to=one.person)
            return
        one.offset = one.size
        await self._end(one, Stage.DONE, None)
        await self._offers.send(Done(one.id, digest, one.name), to=one.person)

    async def _end(self, one: Departure, stage: Stage, why: Reason | None) -> None:
        self._stop_pump(one)
        if not one.is_open:
            return
        self._settled(one, stage, why)
        await self._close(one)
        await self._permits.settle(one.permit, one.offset)

    def _settled(self, one: Departure, stage: Stage, why: Reason | None) -> None:
        self.table.end(one, stage, why)
        report(self._session, "file_fetched", one, why.key if why else "complete")
        if one.moving:
            self._board.end(one.moving, "sent" if stage is Stage.DONE else "not_sent", why)

    async def _close(self, one: Departure) -> None:
        async with one.lock:
            await self._session.blocking(one.source.close)

    async def _abandon(self) -> None:
        for one in list(self.table.open.values()):
            self._settled(one, Stage.FAILED, why_over(self._session, FETCH))
            await self._close(one)
