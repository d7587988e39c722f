"""The customer's machine: owns the picture and tells pages and overlay what changes."""

import re

import anyio
import anyio.abc
from attrs import define, field

from deskside.api import Channel, Message, NotGranted, Participant, PluginSession, Received, hookimpl
from deskside_drawing.board import Board, Changes
from deskside_drawing.messages import (
    BOARD,
    DRAW,
    GEOMETRY,
    OVERLAY,
    Declined,
    Drawn,
    DrawnOn,
    Origin,
    Pen,
    Picture,
    Redo,
    Removed,
    Reset,
    StrokeBegun,
    StrokeEnded,
    StrokeGoesOn,
    Undo,
    Vanish,
    WantPen,
    WantPicture,
    YourPen,
)
from deskside_drawing.outbox import Outbox
from deskside_drawing.overlay import Overlay, OverlayEvent, PenDropped, SceneChanged
from deskside_drawing.pens import PALETTE

COLOUR = re.compile(r"#[0-9a-f]{6}")
BEAT_S = 0.5
CUSTOMER = 0


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Let everyone draw for as long as there is a board."""
    if not session.allows(BOARD):
        return
    overlay: Overlay = await session.provide(OVERLAY)
    async with session.open("strokes") as strokes, session.open("pens") as pens:
        board = Board(session.options.most_strokes)
        outbox = Outbox(strokes, lambda: Picture(tuple(board.strokes.values())))
        await Desk(session, board, overlay, outbox, pens).run()


@define(eq=False)
class Desk:
    """The customer's desktop as something to draw on."""

    session: PluginSession
    board: Board
    overlay: Overlay
    outbox: Outbox
    pens: Channel
    colours: dict[int, str] = field(factory=dict)
    origin: Origin = field(factory=lambda: Origin(0, 0))
    agents_may: bool = False
    has_pen: bool = False

    async def run(self) -> None:
        """Serve until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.outbox.run)
            tasks.start_soon(self._learn_colours)
            tasks.start_soon(self._follow_button)
            tasks.start_soon(self._follow_customer)
            tasks.start_soon(self._beat)
            await self.pens.send(WantPen(CUSTOMER))
            async for received in self.outbox.channel:
                await self._take(received, tasks)

    async def _take(self, received: Received, tasks: anyio.abc.TaskGroup) -> None:
        """Take a page's message."""
        sender = received.sender
        if isinstance(received.message, WantPicture):
            self._apply(self.board.lift(sender.id))
            tasks.start_soon(self._welcome, sender)
            await self.pens.send(WantPen(sender.id))
        elif self.session.allows(DRAW):
            self.agents_may = True
            self._act(sender.id, received.message)
        elif isinstance(received.message, StrokeBegun):
            self.outbox.channel.offer(Declined(received.message.stroke), to=sender)

    def _act(self, by: int, message: Message | OverlayEvent) -> None:
        match message:
            case StrokeBegun():
                colour = message.colour if COLOUR.fullmatch(message.colour) else self._colour_of(by)
                self._apply(self.board.begin(by, message, colour))
            case StrokeGoesOn(mark, points):
                self._apply(self.board.go_on(by, mark, points))
            case StrokeEnded(mark):
                self._apply(self.board.end(by, mark))
            case Undo():
                self._apply(self.board.undo(by))
            case Redo():
                self._apply(self.board.redo(by))
            case Reset():
                self._apply(self.board.reset())

    def _apply(self, changes: Changes) -> None:
        for change in changes:
            match change:
                case Drawn(stroke):
                    self.overlay.put(stroke)
                case DrawnOn(id_, start, points):
                    self.overlay.extend(id_, start, points)
                case Removed(ids):
                    self.overlay.remove(ids)
            self.outbox.put(change)

    def _colour_of(self, by: int) -> str:
        return self.colours.get(by, PALETTE[by % len(PALETTE)])

    async def _welcome(self, page: Participant) -> None:
        """Tell a page everything it starts with."""

        def is_here() -> bool:
            person = self.session.participants.get(page.id)
            return person is not None and person.present

        await self.outbox.give_whole(page.id, is_here)
        self.outbox.channel.offer(self.origin, to=page)
        self.outbox.channel.offer(YourPen(self._colour_of(page.id)), to=page)

    async def _learn_colours(self) -> None:
        async for received in self.pens:
            if isinstance(received.message, Pen) and COLOUR.fullmatch(received.message.colour):
                pen = received.message
                self.colours[pen.participant] = pen.colour
                if pen.participant != CUSTOMER:
                    self.outbox.channel.offer(YourPen(pen.colour), to=pen.participant)

    async def _follow_button(self) -> None:
        button = self.session.notice.button("drawing.notice.button", icon="draw")
        async for _ in button.presses():
            self.has_pen = not self.has_pen
            if self.has_pen:
                self.overlay.take_pen(self._colour_of(CUSTOMER))
            else:
                self.overlay.drop_pen()

    async def _follow_customer(self) -> None:
        async for event in self.overlay.events:
            match event:
                case PenDropped():
                    self.has_pen = False
                    self._apply(self.board.lift(CUSTOMER))
                case SceneChanged():
                    if self.session.options.vanish == Vanish.SWITCH:
                        self._apply(self.board.reset())
                case _:
                    self._act(CUSTOMER, event)

    async def _beat(self) -> None:
        """Follow what nobody announces: the right to draw, and which monitor pages are shown."""
        while True:
            self.overlay.beat()
            agents_may = self.session.allows(DRAW)
            if self.agents_may and not agents_may:
                self._apply(self.board.remove_others())
            self.agents_may = agents_may
            await self._follow_picture()
            await anyio.sleep(BEAT_S)

    async def _follow_picture(self) -> None:
        try:
            shown = (await self.session.provide(GEOMETRY)).shown
        except NotGranted:
            return
        origin = Origin(shown.left, shown.top)
        if origin != self.origin:
            self.origin = origin
            self.outbox.put(origin)
