"""The customer's machine: when to show the screen, which monitor, and when not."""

from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic

import anyio
import anyio.from_thread
from attrs import define, field

from deskside.api import (
    Channel,
    ClassNeed,
    Machine,
    NotGranted,
    Participant,
    PluginSession,
    Refusal,
    Role,
    Unavailable,
    hookimpl,
)
from deskside_screen.audience import Audience
from deskside_screen.camera import Camera
from deskside_screen.capture import Desktop, Layout, MssDesktop, ScreenLost
from deskside_screen.cursor_feed import Feed
from deskside_screen.geometry import Geometry
from deskside_screen.look import Looks, can_hold, hold
from deskside_screen.masks import Masks
from deskside_screen.messages import (
    Answered,
    ChooseMonitor,
    ChoosePicture,
    Colours,
    Decodes,
    Detection,
    Frame,
    Look,
    Monitors,
    MonitorShape,
    Network,
    Tiles,
    WantKey,
    WantState,
)
from deskside_screen.plugin import DESKTOP, GEOMETRY, LOOKS, MASKS, RESUME, SEE
from deskside_screen.pointer import open_pointer
from deskside_screen.quality import Settings
from deskside_screen.watch import Polling, watch_for

NO_SCREEN = "screen.unavailable.no_screen"
SILENT_S = 3.0
"""A picture older than this no longer leaves: the loop has stood still meanwhile."""


@hookimpl
def deskside_probe(machine: Machine) -> tuple[Unavailable, ...]:
    """Try to open the screen."""
    del machine
    try:
        MssDesktop(lambda _: Polling()).close()
    except ScreenLost:
        return tuple(Unavailable(one, NO_SCREEN) for one in (SEE, RESUME, *LOOKS.values()))
    return tuple(Unavailable(LOOKS[one], f"screen.unavailable.{one}") for one in Look if not can_hold(one))


@hookimpl
def deskside_provide(service: str, scope: PluginSession) -> object | None:
    """Supply the geometry, and what hides parts of the desktop."""
    del scope
    return {GEOMETRY: Geometry, MASKS: Masks}[service]() if service in (GEOMETRY, MASKS) else None


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Show the screen while that is granted and not paused."""
    geometry = await session.provide(GEOMETRY)
    opener = await _opener(session)
    await session.until(lambda: session.allows(SEE))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_answer_asking, session)
        async with session.open("frames") as frames, session.open("view") as view:
            if opener is _open:
                # The desktop is this machine's own, not one that is drawn.
                tasks.start_soon(_show_cursor, session, geometry)
                tasks.start_soon(_change_look, session, frames)
            await Show(session, frames, view, geometry, opener, await session.provide(MASKS)).run()


async def _show_cursor(session: PluginSession, geometry: Geometry) -> None:
    async with session.open("cursor") as channel:
        await Feed(session, channel, geometry, open_pointer).run()


async def _change_look(session: PluginSession, frames: Channel) -> None:
    async with session.open("look") as channel:
        await Looks(session, frames, channel, hold).run()


async def _answer_asking(session: PluginSession) -> None:
    """Put the agents' wish to go on to the customer; only a yes resumes."""
    await session.until(lambda: session.allows(RESUME))
    async with session.open("resume") as channel, anyio.create_task_group() as tasks:
        async for received in channel:
            tasks.start_soon(_ask, session, channel, received.sender)


async def _ask(session: PluginSession, channel: Channel, sender: Participant) -> None:
    said = await session.request(RESUME, who=sender)
    if isinstance(said, Refusal):
        await channel.send(Answered(is_resumed=False, reason=said.reason), sender)
        return
    session.pause(SEE, is_paused=False)
    await channel.send(Answered(is_resumed=True), sender)


@define(eq=False)
class Show:
    """The screen in one session."""

    session: PluginSession
    frames: Channel
    view: Channel
    geometry: Geometry
    opener: Callable[[Detection], Desktop]
    masks: Masks
    camera: Camera = field(init=False)
    needs: Mapping[int, ClassNeed] = field(factory=dict)
    """Read by the camera's thread, replaced by the loop."""
    is_paused: bool = False
    audience: Audience = field(factory=Audience)

    def __attrs_post_init__(self) -> None:
        options = self.session.options
        settings = Settings(
            options.quality,
            1 / options.pictures_per_second,
            Network(options.network),
            Detection(options.detection),
            Colours(options.colours),
        )
        self.camera = Camera(lambda: self.opener(self.camera.settings.detection), self, settings)
        self.camera.masks, self.masks.rung = self.masks, self.camera.bell.ring

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self.session.blocking, self.camera.run)
                try:
                    tasks.start_soon(self._watch_needs)
                    tasks.start_soon(self._watch_pause)
                    tasks.start_soon(self._tell_layouts)
                    tasks.start_soon(self._watch_people)
                    await self._listen()
                finally:
                    self.camera.stop()
        finally:
            self.camera.bell.close()

    # Called from the camera's thread.

    def offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        """Send if there is room, nobody has paused, and the picture is not too old."""
        return anyio.from_thread.run_sync(self._offer, message, quality, taken_at)

    def show_layout(self, layout: Layout, number: int) -> None:
        """Tell what there is to look at, and what is shown."""
        anyio.from_thread.run_sync(self.geometry.take, layout, number)

    # On the loop.

    def _offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        if not self.session.allows(SEE):
            self._look()
            return False
        if monotonic() - taken_at > SILENT_S or not self.masks.lets_pass(taken_at):
            return False
        left = self.frames.offer(message, quality=quality, refresh=isinstance(message, Frame))
        self.needs = self.frames.classes()
        return left

    async def _watch_needs(self) -> None:
        while True:
            self._look()
            await self.frames.changed()

    def _look(self) -> None:
        self.is_paused = not self.session.allows(SEE)
        self.needs = {} if self.is_paused else self.frames.classes()
        self.camera.bell.ring()

    async def _watch_pause(self) -> None:
        while True:
            await self.session.until(lambda: self.is_paused == self.session.allows(SEE))
            self._look()

    async def _watch_people(self) -> None:
        seen = 0
        while True:
            self.camera.decodable = self.audience.decodes(self.session.participants)
            seen = await self.session.changed(seen)

    async def _tell_layouts(self) -> None:
        told = self._monitors()
        while True:
            if (now := self._monitors()) != told:
                await self.view.send(now)
                told = now
            else:
                await self.geometry.changed()

    async def _listen(self) -> None:
        async for received in self.view:
            match received.message:
                case WantState():
                    await self.view.send(self._monitors(), received.sender)
                    await self.view.send(self.camera.settings.told(), received.sender)
                case Decodes(codecs=codecs):
                    self.audience.says(received.sender.id, codecs)
                    self.camera.decodable = self.audience.decodes(self.session.participants)
                case WantKey():
                    self.camera.wants_key = self.camera.wants_key or self.audience.may_have_key(monotonic())
                case _ if received.sender.role is not Role.AGENT:
                    continue
                case ChooseMonitor(number=number):
                    self.camera.chosen = number
                    self.camera.bell.ring()
                case ChoosePicture() as wish:
                    self.camera.settings = self.camera.settings.chosen(wish)
                    self.camera.bell.ring()
                    await self.view.send(self.camera.settings.told())

    def _monitors(self) -> Monitors:
        shapes = tuple(
            MonitorShape(one.number, one.name, one.box.left, one.box.top, one.box.width, one.box.height)
            for one in self.geometry.monitors
        )
        return Monitors(self.geometry.number, shapes)


async def _opener(session: PluginSession) -> Callable[[Detection], Desktop]:
    try:
        given: Callable[[], Desktop] = await session.provide(DESKTOP)
    except NotGranted:
        return _open
    return lambda _: given()


def _open(detection: str) -> Desktop:
    return MssDesktop(partial(watch_for, detection))
