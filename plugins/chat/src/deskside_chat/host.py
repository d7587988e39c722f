"""The customer's end: his window, his button, and what of his lines is still on the way."""

import secrets

import anyio
from attrs import define, field

from deskside.api import Channel, NotGranted, PluginSession, hookimpl
from deskside_chat.messages import (
    MOST_CHARACTERS,
    PREVIEW,
    TEXT,
    WINDOW,
    Draft,
    History,
    Line,
    Said,
    Say,
    Types,
    Typing,
    WantHistory,
)
from deskside_chat.window import ChatWindow, Missed, Opened, Typed, WindowEvent, Wrote

MARK_BITS = 52
MOST_SHOWN = 2000


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Let the customer chat from his desktop, if this program has windows."""
    if not session.allows(TEXT):
        return
    try:
        window: ChatWindow = await session.provide(WINDOW)
    except NotGranted:
        session.log.info("no window here: chat goes on between pages")
        return
    async with session.open("desk") as channel:
        await Desk(session, channel, window).run()


@define(eq=False)
class Desk:
    """The conversation as the customer sees it on his desktop."""

    session: PluginSession
    channel: Channel
    window: ChatWindow
    lines: dict[int, Line] = field(factory=dict)
    waiting: dict[int, str] = field(factory=dict)
    """Lines the viewer has not stamped yet, by mark."""
    typists: dict[int, str] = field(factory=dict)
    unread: int = 0
    is_previewed: bool = False

    async def run(self) -> None:
        """Ask for what was said and serve until cancelled."""
        await self.channel.send(WantHistory())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._listen)
            tasks.start_soon(self._follow_button)
            tasks.start_soon(self._follow_preview)
            async for event in self.window.events:
                await self._act(event)

    async def _follow_button(self) -> None:
        button = self.session.notice.button("chat.notice.button", icon="chat")
        async for _ in button.presses():
            self.window.open()

    async def _follow_preview(self) -> None:
        """Keep the window true about whether what is typed is seen before it is sent."""
        while True:
            self.is_previewed = self.session.allows(PREVIEW)
            await self.session.until(lambda: self.session.allows(PREVIEW) != self.is_previewed)
            self.window.show_preview(is_on=not self.is_previewed)

    async def _act(self, event: WindowEvent) -> None:
        match event:
            case Wrote(text):
                await self._say(text[:MOST_CHARACTERS])
            case Typed(text):
                if text and self.session.allows(PREVIEW):
                    self.channel.offer(Draft(text[:MOST_CHARACTERS]))
                else:
                    self.channel.offer(Typing(bool(text)))
            case Opened():
                self.window.show_preview(is_on=self.session.allows(PREVIEW))
                self._count_unread(0)
            case Missed(count):
                self._count_unread(self.unread + count)

    async def _say(self, text: str) -> None:
        mark = secrets.randbits(MARK_BITS)
        self.waiting[mark] = text
        self.window.show_waiting(tuple(self.waiting.values()))
        await self.channel.send(Say(text, mark))

    async def _listen(self) -> None:
        async for received in self.channel:
            match received.message:
                case Said(line):
                    self._take((line,))
                case History(lines):
                    self._take(lines)
                case Types() as types:
                    self._note_typist(types)

    def _take(self, lines: tuple[Line, ...]) -> None:
        """Show lines that are new here; the viewer tells some again after its own restart."""
        new = [line for line in lines if line.id not in self.lines]
        in_order = all(line.id > max(self.lines, default=0) for line in new)
        for line in new:
            self.lines[line.id] = line
            self.waiting.pop(line.mark, None)
            self.typists.pop(line.sender, None)
        if not new:
            return
        self._forget_oldest()
        if in_order and len(new) == 1:
            self.window.add(new[0])
        else:
            self.window.show_conversation(tuple(self.lines[id_] for id_ in sorted(self.lines)))
        self.window.show_waiting(tuple(self.waiting.values()))
        self.window.show_typing(tuple(self.typists.values()))
        others = [line for line in new if line.sender]
        if others:
            self.window.alert(others[-1].name, others[-1].text, len(others))

    def _count_unread(self, count: int) -> None:
        self.unread = count
        self.session.notice.status("chat.notice.unread" if count else "", count=count)

    def _forget_oldest(self) -> None:
        for id_ in sorted(self.lines)[:-MOST_SHOWN]:
            del self.lines[id_]

    def _note_typist(self, types: Types) -> None:
        if types.is_typing:
            self.typists[types.sender] = types.name
        else:
            self.typists.pop(types.sender, None)
        self.window.show_typing(tuple(self.typists.values()))
