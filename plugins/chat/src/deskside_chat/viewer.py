"""Owns the conversation: stamps lines, keeps them over its own death, tells everyone."""

import time
from collections.abc import Callable
from contextlib import AsyncExitStack

import anyio
import anyio.abc
from attrs import define, evolve, field

from deskside.api import Channel, Participant, PluginSession, Received, Role, hookimpl
from deskside_chat.conversation import MOST_NAME, Conversation, parts
from deskside_chat.messages import PREVIEW, TEXT, Draft, History, Said, Say, Types, Typing, WantHistory


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Keep the conversation for as long as chat is allowed."""
    if not session.allows(TEXT):
        return
    async with AsyncExitStack() as stack:
        lines = await stack.enter_async_context(session.open("lines"))
        desk = await stack.enter_async_context(session.open("desk"))
        room = Room(session, lines, desk, Conversation(session.options.most_lines))
        listened = [lines, desk]
        if session.allows(PREVIEW):
            listened.append(await stack.enter_async_context(session.open("drafts")))
        await room.run(listened)


@define(eq=False)
class Room:
    """Everyone who talks in one session.

    Listening never waits for a slow listener: what is stored is sent by a task per channel.
    """

    session: PluginSession
    lines: Channel
    desk: Channel
    conversation: Conversation
    clock: Callable[[], float] = time.time
    desk_listens: bool = False
    drafts: dict[int, Types] = field(factory=dict)
    _stored: int = 0
    """The last line that outlives this process; only such lines are told to anybody."""
    _is_reported: bool = False
    _storing: anyio.Lock = field(factory=anyio.Lock)
    _bell: anyio.Event = field(factory=anyio.Event)

    async def run(self, listened: list[Channel]) -> None:
        """Restore what there was and serve until cancelled."""
        if self.session.resumed is not None:
            self.desk_listens = self.conversation.restore(self.session.resumed)
            self._stored = self.conversation.last_id
            self._is_reported = self._stored > 0
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._feed_pages)
            tasks.start_soon(self._feed_desk)
            tasks.start_soon(self._follow_people)
            for channel in listened:
                tasks.start_soon(self._listen, channel, tasks)
            if self.desk_listens:
                # What was on its way to the customer's window when the viewer died is told again whole.
                tasks.start_soon(self._give_history, self.desk, 0)

    async def _listen(self, channel: Channel, tasks: anyio.abc.TaskGroup) -> None:
        async for received in channel:
            # Nothing is awaited between taking a message and noting it: a checkpoint made for the
            # other channel counts the message in hand here as consumed.
            sender = received.sender
            match received.message:
                case Say() as said:
                    if self._note(sender, said):
                        await self._store()
                        self._report(sender)
                case Typing() as typing:
                    self._pass_on(sender, is_typing=typing.is_typing)
                case Draft(text):
                    self._pass_on(sender, is_typing=bool(text), text=text)
                case WantHistory():
                    await self._note_desk(received)
                    tasks.start_soon(self._give_history, channel, sender.id)

    def _note(self, sender: Participant, said: Say) -> bool:
        text = said.text.strip()
        if not text or sender.role is Role.OBSERVER:
            return False
        self.conversation.add(sender, text, said.mark, self.clock())
        self.drafts.pop(sender.id, None)
        return True

    def _report(self, sender: Participant) -> None:
        if not self._is_reported:
            self._is_reported = True
            self.session.audit("conversation_begun", by=sender.name or sender.role)

    async def _note_desk(self, received: Received) -> None:
        if received.sender.id == 0 and not self.desk_listens:
            self.desk_listens = True
            await self._store(anyway=True)

    async def _store(self, *, anyway: bool = False) -> None:
        async with self._storing:
            last = self.conversation.last_id
            if last == self._stored and not anyway:
                return
            await self.session.checkpoint(self.conversation.state(desk_listens=self.desk_listens))
            self._stored = last
            self._bell.set()
            self._bell = anyio.Event()

    async def _feed_pages(self) -> None:
        sent = self._stored
        while True:
            sent = await self._tell(self.lines, sent)
            await self._bell.wait()

    async def _feed_desk(self) -> None:
        sent = self._stored
        while True:
            sent = await self._tell(self.desk, sent) if self.desk_listens else self._stored
            await self._bell.wait()

    async def _tell(self, channel: Channel, sent: int) -> int:
        while sent < self._stored:
            for line in self.conversation.after(sent):
                if line.id > self._stored:
                    break
                await channel.send(Said(line))
                sent = line.id
        return sent

    async def _give_history(self, channel: Channel, asker: int) -> None:
        divided = list(parts(self.conversation.until(self._stored)))
        for number, part in enumerate(divided, start=1):
            message = History(part, is_last=number == len(divided))
            while not channel.offer(message, to=asker):
                if not self._is_here(asker):
                    return
                await channel.changed()
        for draft in list(self.drafts.values()):
            self._show(draft, asker)

    async def _follow_people(self) -> None:
        """Whoever has gone types no more."""
        seen = 0
        while True:
            seen = await self.session.changed(seen)
            for gone in [id_ for id_ in self.drafts if not self._is_here(id_)]:
                self._tell_all_but(evolve(self.drafts.pop(gone), is_typing=False, text=""))

    def _is_here(self, id_: int) -> bool:
        person = self.session.participants.get(id_)
        return id_ == 0 or (person is not None and person.present)

    def _pass_on(self, sender: Participant, *, is_typing: bool, text: str = "") -> None:
        if sender.role is Role.OBSERVER:
            return
        if not self.session.allows(PREVIEW):
            text = ""
        shown = Types(sender.id, sender.name[:MOST_NAME], sender.role, is_typing, text)
        if is_typing:
            self.drafts[sender.id] = shown
        else:
            self.drafts.pop(sender.id, None)
        self._tell_all_but(shown)

    def _tell_all_but(self, shown: Types) -> None:
        """Tell everyone but whoever types."""
        for id_ in {0, *self.session.participants}:
            self._show(shown, id_)

    def _show(self, shown: Types, id_: int) -> None:
        """Tell one person who types; agents and observers also see what, where that is allowed."""
        if id_ == shown.sender:
            return
        bare = evolve(shown, text="")
        if id_ == 0:
            if self.desk_listens:
                self.desk.offer(bare)
            return
        person = self.session.participants.get(id_)
        if person is not None and person.present:
            self.lines.offer(bare if person.role is Role.CUSTOMER else shown, to=id_)
