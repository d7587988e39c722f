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
from deskside_drawing.overlay import Geometry, Overlay, OverlayEvent, PenDropped, SceneChanged
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
    has_pen: bool = False

    async def run(self) -> None:
        """Serve until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.outbox.run)
            tasks.start_soon(self._learn_colours)
            tasks.start_soon(self._follow_button)
            tasks.start_soon(self._follow_customer)
            tasks.start_soon(self._beat)
            tasks.start_soon(self._follow_right)
            tasks.start_soon(self._follow_picture)
            tasks.start_soon(self._follow_people)
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
        """Let the overlay know that the session lives: without it strokes vanish."""
        while True:
            self.overlay.beat()
            await anyio.sleep(BEAT_S)

    async def _follow_right(self) -> None:
        """Take the agents' strokes away with their right to draw."""
        while True:
            await self.session.until(lambda: self.session.allows(DRAW))
            await self.session.until(lambda: not self.session.allows(DRAW))
            self._apply(self.board.remove_others())

    async def _follow_people(self) -> None:
        """Keep nothing of those who will not come back but what they drew."""
        seen = 0
        while True:
            seen = await self.session.changed(seen)
            people = {CUSTOMER, *self.session.participants}
            self.colours = {one: colour for one, colour in self.colours.items() if one in people}
            self._apply(self.board.keep_only(people))

    async def _follow_picture(self) -> None:
        """Tell pages where on the desktop their picture lies, whoever shows it just now."""
        seen = 0
        while True:
            seen = await self.session.changed(seen)
            try:
                geometry: Geometry = await self.session.provide(GEOMETRY)
            except NotGranted:
                continue
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._tell_origin, geometry)
                await self.session.changed(seen)
                tasks.cancel_scope.cancel()

    async def _tell_origin(self, geometry: Geometry) -> None:
        while True:
            origin = Origin(geometry.shown.left, geometry.shown.top)
            if origin != self.origin:
                self.origin = origin
                self.outbox.put(origin)
            await geometry.changed()
