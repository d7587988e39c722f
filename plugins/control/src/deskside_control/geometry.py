"""From the picture's pixels to the desktop's: what is shown may be one monitor of several. Pure."""

from typing import Protocol


class Box(Protocol):
    """A rectangle of the desktop."""

    @property
    def left(self) -> int:
        """Return its left edge."""

    @property
    def top(self) -> int:
        """Return its upper edge."""

    @property
    def width(self) -> int:
        """Return its width, 0 for nothing."""

    @property
    def height(self) -> int:
        """Return its height, 0 for nothing."""


class Geometry(Protocol):
    """What this plugin needs of the service `screen.geometry/1`."""

    @property
    def shown(self) -> Box:
        """Return what the pages see: their upper left pixel is its upper left."""


def to_desktop(shown: Box, x: int, y: int) -> tuple[int, int]:
    """Return the desktop's pixel under a pixel of the picture, never one that is not shown."""
    if not shown.width or not shown.height:
        return x, y
    return shown.left + min(x, shown.width - 1), shown.top + min(y, shown.height - 1)
