"""What the host part wants of the windows over the customer's desktop, and what they tell it."""

from collections.abc import AsyncIterator
from typing import Protocol

from attrs import frozen

from deskside_drawing.messages import Point, Redo, Reset, Stroke, StrokeBegun, StrokeEnded, StrokeGoesOn, Undo


@frozen
class PenDropped:
    """The customer has stopped drawing."""


@frozen
class SceneChanged:
    """The customer went to another program, or his screens changed."""


OverlayEvent = StrokeBegun | StrokeGoesOn | StrokeEnded | Undo | Redo | Reset | PenDropped | SceneChanged


class Corner(Protocol):
    """Where a rectangle of the desktop begins."""

    @property
    def left(self) -> int:
        """Return its left edge."""

    @property
    def top(self) -> int:
        """Return its upper edge."""


class Geometry(Protocol):
    """What this plugin needs of the service `screen.geometry/1`."""

    @property
    def shown(self) -> Corner:
        """Return what the pages see: their upper left pixel is its upper left."""

    async def changed(self) -> None:
        """Wait until that is another part of the desktop."""


class Overlay(Protocol):
    """Windows on the Qt thread; nothing here waits."""

    @property
    def events(self) -> AsyncIterator[OverlayEvent]:
        """Return what the customer does."""

    def put(self, stroke: Stroke) -> None:
        """Show a stroke on top of the others, instead of what it was before."""

    def extend(self, id_: int, start: int, points: tuple[Point, ...]) -> None:
        """Let a stroke go on with these points from point number `start`."""

    def remove(self, ids: tuple[int, ...]) -> None:
        """Show these strokes no more."""

    def take_pen(self, colour: str) -> None:
        """Let the customer draw with his mouse."""

    def drop_pen(self) -> None:
        """Give the mouse back."""

    def beat(self) -> None:
        """Hear that the session is alive; strokes vanish when this stops."""
