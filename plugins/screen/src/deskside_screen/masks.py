"""The service `screen.masks/1`: boxes of the desktop that never leave this machine.

They are painted over in what was grabbed, before anything is compared, so no picture, move or kept tile knows
what lies beneath. A picture that was grabbed before a box was added no longer leaves.
"""

from collections.abc import Callable
from time import monotonic
from typing import Protocol, Self

import numpy as np
from attrs import define, field, frozen

from deskside_screen.tiles import Box, Picture

BLACK = 0


class Place(Protocol):
    """A box in the desktop's pixels, of whatever class."""

    @property
    def left(self) -> int:
        """Return its first column."""

    @property
    def top(self) -> int:
        """Return its first row."""

    @property
    def width(self) -> int:
        """Return how many columns it has."""

    @property
    def height(self) -> int:
        """Return how many rows it has."""


@frozen
class Cover:
    """All boxes in force, each with its colour; the last one lies on top."""

    boxes: tuple[tuple[Box, int], ...] = ()

    def painted(self, pixels: Picture, box: Box) -> Picture:
        """Return the pixels of a box of the desktop with what lies beneath painted over."""
        parts = [(part, colour) for one, colour in self.boxes if (part := one.within(box)) is not None]
        if not parts:
            return pixels
        painted = np.array(pixels)
        for part, colour in parts:
            part.moved(-box.left, -box.top).of(painted)[:] = colour
        return painted

    def difference(self, other: "Cover") -> tuple[Box, ...]:
        """Return the boxes that only one of the two has."""
        return tuple(box for box, _ in set(self.boxes) ^ set(other.boxes))


@define(eq=False)
class Mask:
    """Some boxes of one owner: a context manager."""

    _masks: "Masks"
    _colour: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def move(self, *boxes: Place) -> None:
        """Put other boxes in place of these."""
        if self in self._masks.owned:
            self._masks.put(self, boxes, self._colour)

    def close(self) -> None:
        """Show what lies beneath again."""
        self._masks.take(self)


@define(eq=False)
class Masks:
    """To be used on the session's loop; what is added has taken effect when the call returns."""

    clock: Callable[[], float] = monotonic
    cover: Cover = Cover()
    """Read by the camera's thread, replaced by the loop."""
    changed_at: float = -1.0
    """A picture not newer than this may show what is hidden now."""
    owned: dict[Mask, tuple[tuple[Box, int], ...]] = field(factory=dict)
    rung: Callable[[], None] = field(default=lambda: None)
    """Called after each change."""

    def add(self, *boxes: Place, colour: int = BLACK) -> Mask:
        """Hide boxes under a colour (0xRRGGBB) until the mask is closed."""
        mask = Mask(self, colour & 0xFFFFFF)
        self.put(mask, boxes, colour & 0xFFFFFF)
        return mask

    def put(self, mask: Mask, boxes: tuple[Place, ...], colour: int) -> None:
        """Note what a mask hides."""
        own = (Box(one.left, one.top, one.width, one.height) for one in boxes)
        self.owned[mask] = tuple((box, colour) for box in own)
        self._changed()

    def take(self, mask: Mask) -> None:
        """Forget a mask."""
        if self.owned.pop(mask, None) is not None:
            self._changed()

    def lets_pass(self, taken_at: float) -> bool:
        """Tell whether a picture of that moment hides all that is to be hidden."""
        return taken_at > self.changed_at

    def _changed(self) -> None:
        # In this order: a camera that takes its time after the second sees the first.
        self.cover = Cover(tuple(one for boxes in self.owned.values() for one in boxes))
        self.changed_at = self.clock()
        self.rung()
