"""Where the notice window stands. Pure."""

from attrs import frozen

MARGIN = 12


@frozen
class Area:
    """A rectangle on the desktop."""

    left: int
    top: int
    width: int
    height: int


def lower_right(work: Area, width: int, height: int) -> tuple[int, int]:
    """Return left and top of a window in the lower right corner of a work area."""
    return (work.left + work.width - width - MARGIN, work.top + work.height - height - MARGIN)


def middle(work: Area, width: int, height: int) -> tuple[int, int]:
    """Return left and top of a window in the middle of a work area."""
    return (work.left + (work.width - width) // 2, work.top + (work.height - height) // 2)


def kept_inside(work: Area, place: Area) -> tuple[int, int]:
    """Return left and top of a window moved as little as needed to be seen whole."""
    left = min(place.left, work.left + work.width - place.width)
    top = min(place.top, work.top + work.height - place.height)
    return (max(left, work.left), max(top, work.top))
