"""Stand-ins for the windows over the desktop and for a page that watches the picture."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import anyio
from attrs import evolve

from deskside.api import PluginInfo, hookimpl
from deskside.testing import Kit, Page
from deskside_drawing.messages import (
    DRAW,
    GEOMETRY,
    Declined,
    Drawn,
    DrawnOn,
    Finished,
    Origin,
    Picture,
    Point,
    Removed,
    Shape,
    Stroke,
    StrokeBegun,
    StrokeEnded,
    StrokeGoesOn,
    WantPicture,
    YourPen,
)

STROKES = "drawing.strokes"


class ScreenPlugin:
    """Whoever shows the screen."""

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="screen", version="1.0", provides=(GEOMETRY,))


class FakeGeometry:
    """Which part of the desktop pages see; a test chooses it."""

    def __init__(self) -> None:
        self.shown = SimpleNamespace(left=0, top=0)
        self._changed = anyio.Event()

    def show(self, left: int, top: int) -> None:
        self.shown = SimpleNamespace(left=left, top=top)
        self._changed.set()
        self._changed = anyio.Event()

    async def changed(self) -> None:
        await self._changed.wait()


class FakeOverlay:
    """The windows over the desktop; a test is the customer's hand."""

    def __init__(self) -> None:
        self.strokes: dict[int, Stroke] = {}
        self.pen = ""
        self.beats = 0
        self.is_closed = False
        self._put, self._events = anyio.create_memory_object_stream[Any](100)

    @property
    def events(self) -> AsyncIterator[Any]:
        return self._events

    async def do(self, *events: object) -> None:
        for event in events:
            await self._put.send(event)

    def put(self, stroke: Stroke) -> None:
        self.strokes[stroke.id] = stroke

    def extend(self, id_: int, start: int, points: tuple[Point, ...]) -> None:
        old = self.strokes[id_]
        self.strokes[id_] = evolve(old, points=old.points[:start] + points)

    def remove(self, ids: tuple[int, ...]) -> None:
        for id_ in ids:
            del self.strokes[id_]

    def take_pen(self, colour: str) -> None:
        self.pen = colour

    def drop_pen(self) -> None:
        self.pen = ""

    def beat(self) -> None:
        self.beats += 1

    def close(self) -> None:
        self.is_closed = True
        self._put.close()
        self._events.close()


class Watcher:
    """A page that keeps the picture as it is told."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes: dict[int, Stroke] = {}
        self.colour = ""
        self.origin = Origin(-1, -1)
        self.declined: list[int] = []
        self.pictures = 0
        self.doubled = 0

    async def run(self) -> None:
        asked = ""
        while True:
            now = f"{self.page.boot} {self.page.resets}"
            if asked != now:
                asked = now
                await self.page.send(STROKES, WantPicture())
            if not self.page.pending(STROKES):
                await anyio.sleep(0.005)
                continue
            self.hear(await self.page.receive(STROKES, object))  # type: ignore[type-var]

    def hear(self, message: object) -> None:
        match message:
            case Picture(strokes):
                self.strokes = {stroke.id: stroke for stroke in strokes}
                self.pictures += 1
            case Drawn(stroke):
                self.strokes[stroke.id] = stroke
            case DrawnOn(id_) | Finished(id_) if id_ not in self.strokes:
                pass
            case DrawnOn(id_, start, points):
                old = self.strokes[id_]
                self.doubled += start != len(old.points) and old.shape is Shape.CURVE
                self.strokes[id_] = evolve(old, points=old.points[:start] + points)
            case Finished(id_):
                self.strokes[id_] = evolve(self.strokes[id_], is_done=True)
            case Removed(ids):
                for id_ in ids:
                    self.strokes.pop(id_, None)
            case _:
                self.hear_for_me(message)

    def hear_for_me(self, message: object) -> None:
        match message:
            case YourPen(colour):
                self.colour = colour
            case Declined(stroke):
                self.declined.append(stroke)
            case Origin() as origin:
                self.origin = origin

    async def send(self, *messages: Any) -> None:
        for message in messages:
            await self.page.send(STROKES, message)

    async def draw(self, mark: int, *points: Point, colour: str = "", shape: Shape = Shape.CURVE) -> None:
        await self.send(
            StrokeBegun(mark, shape, colour, 4, *points[0]),
            StrokeGoesOn(mark, points[1:]),
            StrokeEnded(mark),
        )

    @property
    def marks(self) -> list[int]:
        return [stroke.mark for stroke in self.strokes.values()]


async def until(condition: Any) -> None:
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await anyio.sleep(0.01)


async def watch(kit: Kit, name: str = "Lee Jun") -> Watcher:
    watcher = Watcher(await kit.page(name=name))
    kit.tasks.start_soon(watcher.run)
    await until(lambda: watcher.pictures)
    return watcher


async def join(kit: Kit, name: str = "Lee Jun") -> Watcher:
    watcher = await watch(kit, name)
    assert (await watcher.page.request(DRAW)).granted == (DRAW,)
    await until(lambda: watcher.colour)
    return watcher


def by_customer(mark: int, *points: Point) -> tuple[object, ...]:
    begun = StrokeBegun(mark, Shape.CURVE, "", 6, *points[0])
    return (begun, StrokeGoesOn(mark, points[1:]), StrokeEnded(mark))
