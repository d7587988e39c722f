"""Files from an agent's page to the customer's machine: the receiving side, which trusts nothing."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import anyio.abc
from attrs import define, field

from deskside.api import Channel, ChannelClosed, Grant, Message, Participant, PluginSession
from deskside_file_transfer.board import Board
from deskside_file_transfer.files import Broken, Part
from deskside_file_transfer.messages import (
    Accepted,
    Cancel,
    Chunk,
    Complete,
    Declined,
    Done,
    Failed,
    Offer,
    OfferedFile,
    Progress,
    Reason,
    Resume,
    Stage,
    State,
    WantState,
)
from deskside_file_transfer.names import BadName, safe_name
from deskside_file_transfer.permits import Permits
from deskside_file_transfer.plugin import SEND
from deskside_file_transfer.transfers import PROGRESS_STEP, Table, Transfer, report, why_over
from deskside_file_transfer.wording import detail, reason, reason_of

MOST_RUNS = 1000


@define(eq=False, kw_only=True)
class Arrival(Transfer):
    """A file on its way in."""

    part: Part | None = None
    told: int = 0


@define(eq=False)
class Arrivals:
    """All files of one session that agents send."""

    _session: PluginSession
    _board: Board
    folder: Path
    table: Table[Arrival] = field(factory=Table)
    _asking: anyio.Lock = field(factory=anyio.Lock)
    _offers: Channel = field(init=False)
    _permits: Permits = field(init=False)
    _tasks: anyio.abc.TaskGroup = field(init=False)

    async def run(self) -> None:
        """Receive until the feature is withdrawn; then nothing unfinished is left."""
        open_channel = self._session.open
        async with (
            open_channel("send_offers") as self._offers,
            open_channel("send_data") as data,
            open_channel("send_permits") as permits,
        ):
            self._permits = Permits(permits)
            try:
                await self._run(data)
            except* ChannelClosed:
                self._session.log.info("sending was withdrawn")
            finally:
                with anyio.CancelScope(shield=True):
                    await self._abandon()

    async def _run(self, data: Channel) -> None:
        async with anyio.create_task_group() as self._tasks:
            await self._permits.begin()
            self._tasks.start_soon(self._permits.run)
            self._tasks.start_soon(self._receive, data)
            async for received in self._offers:
                await self._serve(received.sender, received.message)
            self._tasks.cancel_scope.cancel()

    async def cancel_all(self) -> None:
        """End every transfer under way because the customer wants it."""
        for one in [one for one in self.table.open.values() if one.stage is Stage.MOVING]:
            await self._cancel(one, reason("customer_cancelled"))
            await self._offers.send(Cancel(one.id), to=one.person)

    async def _serve(self, sender: Participant, message: Message) -> None:
        match message:
            case WantState():
                for one in self.table.of(sender.id):
                    one.renew()
                await self._offers.send(State(self.table.rows(sender.id)), to=sender)
            case Offer(files=files):
                await self._take_offer(sender, files)
            case Resume(id=number) if known := self._moving(sender, number):
                async with known.lock:
                    await self._go_on(known)
            case Cancel(id=number) if found := self.table.open.get((sender.id, number)):
                await self._cancel(found, reason("agent_cancelled"))

    def _moving(self, sender: Participant, number: int) -> Arrival | None:
        one = self.table.open.get((sender.id, number))
        return one if one is not None and one.stage is Stage.MOVING else None

    async def _take_offer(self, sender: Participant, files: Sequence[OfferedFile]) -> None:
        taken = []
        for file in files:
            one = Arrival(id=file.id, person=sender, name=file.name, size=file.size)
            if self.table.knows(one.key):
                continue
            if objection := self._objection(file):
                await self._decline(one, objection)
                continue
            self.table.open[one.key] = one
            taken.append(one)
        if taken:
            self._tasks.start_soon(self._consider, sender, taken)

    def _objection(self, file: OfferedFile) -> Reason | None:
        try:
            safe_name(file.name)
        except BadName as error:
            return reason_of(error)
        return reason("too_many") if self.table.is_full else None

    async def _consider(self, sender: Participant, wanted: list[Arrival]) -> None:
        for one in wanted:
            one.permit, refusal = await self._permits.ask(sender, one.name, one.size)
            if refusal is not None:
                await self._decline(one, refusal, is_reported=True)
        async with self._asking:
            left = [one for one in wanted if one.is_open]
            if not left:
                return
            files = [OfferedFile(one.id, one.name, one.size) for one in left]
            outcome = await self._session.request(SEND, detail=detail(self._session, files), who=sender)
        for one in left:
            if not one.is_open:
                continue
            if isinstance(outcome, Grant):
                await self._begin(one)
            else:
                await self._decline(one, reason_of(outcome))

    async def _begin(self, one: Arrival) -> None:
        async with one.lock:
            if not one.is_open:
                return
            try:
                one.part = await self._session.blocking(Part.begin, self.folder, one.name, one.size)
            except (OSError, BadName) as error:
                await self._fail(one, reason_of(error))
                return
            one.stage = Stage.MOVING
            one.moving = self._board.begin(one.name, one.size, is_incoming=True)
            await self._go_on(one)

    async def _go_on(self, one: Arrival) -> None:
        """Tell the page from where to send, under a new run; the caller holds the lock."""
        if one.renew() > MOST_RUNS:
            await self._fail(one, reason("broken"))
        elif one.is_open:
            await self._offers.send(Accepted(one.id, one.run, one.offset), to=one.person)

    async def _receive(self, data: Channel) -> None:
        async for received in data:
            match received.message:
                case (Chunk(id=number) | Complete(id=number)) as message:
                    if moving := self._moving(received.sender, number):
                        await self._take(moving, message)

    async def _take(self, one: Arrival, message: Chunk | Complete) -> None:
        async with one.lock:
            if one.run != message.run or one.stage is not Stage.MOVING:
                return
            if not self._session.allows(SEND):
                await self._fail(one, reason("withdrawn"))
            elif isinstance(message, Chunk):
                await self._write(one, message)
            else:
                await self._finish(one, message.sha256)

    async def _write(self, one: Arrival, chunk: Chunk) -> None:
        if one.part is None:
            return
        if chunk.offset != one.offset:
            await self._go_on(one)
            return
        try:
            await self._session.blocking(one.part.write, chunk.offset, chunk.content)
        except (OSError, Broken) as error:
            await self._fail(one, reason_of(error))
            return
        one.offset = one.part.offset
        if one.moving:
            self._board.move(one.moving, one.offset)
        is_due = one.offset - one.told >= PROGRESS_STEP or one.offset == one.size
        if is_due and self._offers.offer(Progress(one.id, one.offset), to=one.person):
            one.told = one.offset

    async def _finish(self, one: Arrival, digest: bytes) -> None:
        if one.part is None:
            return
        one.sha256 = digest
        try:
            path = await self._session.blocking(one.part.finish, digest)
        except (OSError, Broken, BadName) as error:
            one.sha256 = b""
            await self._fail(one, reason_of(error))
            return
        one.name = path.name
        self._settled(one, Stage.DONE, None)
        await self._permits.settle(one.permit, one.offset)
        await self._offers.send(Done(one.id, digest, one.name), to=one.person)

    async def _decline(self, one: Arrival, why: Reason, *, is_reported: bool = False) -> None:
        self.table.end(one, Stage.DECLINED, why)
        if not is_reported:
            report(self._session, "file_sent", one, why.key)
            if one.permit:
                await self._permits.settle(one.permit, 0)
        await self._offers.send(Declined(one.id, why), to=one.person)

    async def _fail(self, one: Arrival, why: Reason) -> None:
        """End a transfer that cannot be completed; the caller holds its lock."""
        if one.part is not None:
            await self._session.blocking(one.part.abort)
        self._settled(one, Stage.FAILED, why)
        await self._permits.settle(one.permit, one.offset)
        await self._offers.send(Failed(one.id, why), to=one.person)

    async def _cancel(self, one: Arrival, why: Reason) -> None:
        async with one.lock:
            if not one.is_open:
                return
            if one.part is not None:
                await self._session.blocking(one.part.abort)
            self._settled(one, Stage.CANCELLED, why)
            if one.permit:
                await self._permits.settle(one.permit, one.offset)

    def _settled(self, one: Arrival, stage: Stage, why: Reason | None) -> None:
        self.table.end(one, stage, why)
        one.renew()
        report(self._session, "file_sent", one, why.key if why else "complete")
        if one.moving:
            key = "received" if stage is Stage.DONE else "not_received"
            self._board.end(one.moving, key, why)

    async def _abandon(self) -> None:
        for one in list(self.table.open.values()):
            async with one.lock:
                if one.part is not None:
                    await self._session.blocking(one.part.abort)
                self._settled(one, Stage.FAILED, why_over(self._session, SEND))
