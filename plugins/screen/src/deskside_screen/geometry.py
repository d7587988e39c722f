"""The service `screen.geometry/1`: where the monitors are, and which part of the desktop is shown."""

import anyio
from attrs import define, field

from deskside_screen.capture import Layout, Monitor
from deskside_screen.messages import EVERYTHING
from deskside_screen.tiles import Box

NOTHING = Box(0, 0, 0, 0)


@define(eq=False)
class Geometry:
    """Boxes have left, top, width and height in the desktop's pixels; empty until the first look."""

    monitors: tuple[Monitor, ...] = ()
    everything: Box = NOTHING
    """The box around all monitors."""
    shown: Box = NOTHING
    """What the pages see: their upper left pixel is its upper left."""
    number: int = EVERYTHING
    """The monitor shown, 0 for all."""
    _changed: anyio.Event = field(factory=anyio.Event)

    async def changed(self) -> None:
        """Wait until any of this changes."""
        await self._changed.wait()

    def take(self, layout: Layout, number: int) -> None:
        """Note what the camera has found."""
        self.monitors, self.everything = layout.monitors, layout.everything
        self.shown, self.number = layout.box_of(number), number
        self._changed.set()
        self._changed = anyio.Event()
