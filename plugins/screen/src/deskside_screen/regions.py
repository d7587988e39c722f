"""Regions of the extension XFIXES, which python-xlib does not speak of: what was damaged, box by box."""

from itertools import pairwise
from typing import Any

from Xlib.protocol import rq, structs

from deskside_screen.tiles import Box

MOST_BOXES = 8
"""Each is grabbed by itself, which costs about as much as a hundred thousand pixels."""
MOST_READ = 64
"""With more boxes than this, the one around all of them is taken."""


class CreateRegion(rq.Request):  # type: ignore[misc]  # python-xlib has no types
    """Reserve a region, empty at first."""

    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("region"),
        rq.List("rectangles", structs.Rectangle),
    )  # fmt: skip


class FetchRegion(rq.ReplyRequest):  # type: ignore[misc]
    """Ask for the rectangles of a region, and for the one around all of them."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(19), rq.RequestLength(), rq.Card32("region"))
    _reply = rq.Struct(
        rq.ReplyCode(), rq.Pad(1), rq.Card16("sequence_number"), rq.ReplyLength(),
        rq.Object("extents", structs.Rectangle), rq.Pad(16), rq.List("rectangles", structs.Rectangle),
    )  # fmt: skip


class Region:
    """One region of an X server."""

    def __init__(self, display: Any) -> None:
        display.xfixes_query_version()
        self._display = display.display
        self._opcode = self._display.get_extension_major("XFIXES")
        self.id: int = self._display.allocate_resource_id()
        CreateRegion(display=self._display, opcode=self._opcode, region=self.id, rectangles=[])

    def boxes(self) -> tuple[Box, ...]:
        """Return few boxes that cover it; everything asked of the X server before has been done by then."""
        found = FetchRegion(display=self._display, opcode=self._opcode, region=self.id)
        rectangles = found.rectangles if len(found.rectangles) <= MOST_READ else [found.extents]
        return few([Box(one.x, one.y, one.width, one.height) for one in rectangles])


def few(boxes: list[Box]) -> tuple[Box, ...]:
    """Return no more than MOST_BOXES boxes that cover these; neighbours are joined where that adds least."""
    left = sorted((one for one in boxes if one.width and one.height), key=lambda one: (one.top, one.left))
    at = 0
    while at + 1 < len(left):
        joined = left[at].joined(left[at + 1])
        if _area(joined) <= _area(left[at]) + _area(left[at + 1]):
            left[at : at + 2] = [joined]
        else:
            at += 1
    while len(left) > MOST_BOXES:
        added = [_area(one.joined(two)) - _area(one) - _area(two) for one, two in pairwise(left)]
        at = added.index(min(added))
        left[at : at + 2] = [left[at].joined(left[at + 1])]
    return tuple(left)


def _area(box: Box) -> int:
    return box.width * box.height
