"""Tells pages where the customer's mouse pointer is, each as fast as it listens."""

from collections.abc import Callable

import anyio
import anyio.from_thread
from attrs import define, field

from deskside.api import Channel, PluginSession
from deskside_screen.cursor import Numbers, Seen
from deskside_screen.geometry import Geometry
from deskside_screen.messages import NO_SHAPE, CursorMoved, CursorShape
from deskside_screen.plugin import SEE
from deskside_screen.pointer import Follower, Pointer


@define
class _Page:
    """What a page has been told."""

    shapes: set[int] = field(factory=set)
    last: CursorMoved | None = None


@define(eq=False)
class Feed:
    """The pointer in one session: what a page has no room for is passed over, never queued."""

    session: PluginSession
    channel: Channel
    geometry: Geometry
    open_pointer: Callable[[], Pointer]
    follower: Follower = field(init=False)
    _pages: dict[int, _Page] = field(factory=dict)
    _numbers: Numbers = field(factory=Numbers)
    _seen: Seen | None = None

    def __attrs_post_init__(self) -> None:
        self.follower = Follower(self.open_pointer, self._take_from_thread)

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self.session.blocking, self.follower.run)
                try:
                    for changed in (self.channel.changed, self.geometry.changed):
                        tasks.start_soon(self._again, changed)
                    tasks.start_soon(self._heed_session)
                    async for received in self.channel:
                        self._pages[received.sender.id] = _Page()
                        self._tell()
                finally:
                    self.follower.stop()
        finally:
            self.follower.bell.close()

    def _take_from_thread(self, seen: Seen) -> None:
        anyio.from_thread.run_sync(self._take, seen)

    def _take(self, seen: Seen) -> None:
        self._seen = seen
        self._tell()

    async def _again(self, changed: Callable[[], object]) -> None:
        while True:
            await changed()  # type: ignore[misc]
            self._tell()

    async def _heed_session(self) -> None:
        seen = 0
        while True:
            seen = await self.session.changed(seen)
            self._tell()

    def _tell(self) -> None:
        """Tell every page that has room what it does not know yet."""
        people = self.session.participants
        for gone in [one for one in self._pages if one not in people or not people[one].present]:
            del self._pages[gone]
        is_wanted = bool(self._pages) and self.session.allows(SEE)
        if is_wanted != self.follower.is_wanted:
            self.follower.is_wanted = is_wanted
            self.follower.bell.ring()
        if not is_wanted or self._seen is None:
            return
        shape, moved = self._now(self._seen)
        for person, page in self._pages.items():
            self._tell_one(person, page, shape, moved)

    def _now(self, seen: Seen) -> tuple[CursorShape | None, CursorMoved]:
        shown = self.geometry.shown
        x, y = seen.x - shown.left, seen.y - shown.top
        if seen.shape is None or not (0 <= x < shown.width and 0 <= y < shown.height):
            return None, CursorMoved(0, 0, NO_SHAPE)
        number, is_new = self._numbers.of(seen.shape)
        if is_new:
            for page in self._pages.values():
                page.shapes.discard(number)
        one = seen.shape
        told = CursorShape(number, one.width, one.height, one.hot_x, one.hot_y, one.png)
        return told, CursorMoved(x, y, number)

    def _tell_one(self, person: int, page: _Page, shape: CursorShape | None, moved: CursorMoved) -> None:
        if moved == page.last and (shape is None or shape.number in page.shapes):
            return
        if shape is not None and shape.number not in page.shapes:
            if not self.channel.offer(shape, to=self.session.participants[person]):
                return
            page.shapes.add(shape.number)
        if self.channel.offer(moved, to=self.session.participants[person]):
            page.last = moved
