"""What crosses the wire. Places are pixels of the customer's whole desktop."""

from enum import StrEnum

from deskside.api import Length, Message, Range, field, frozen

BOARD = "drawing.board"
DRAW = "drawing.draw"
OVERLAY = "drawing.overlay/1"
GEOMETRY = "screen.geometry/1"
LARGEST_MARK = 2**52
MOST_STROKES = 2000
MOST_POINTS = 2000
MOST_IN_PART = 500
WIDEST = 64
OWN_COLOUR = ""
"""Stands for the colour that the viewer gave to whoever draws."""

Point = tuple[int, int]


class Vanish(StrEnum):
    """When strokes go away by themselves."""

    NEVER = "never"
    SWITCH = "switch"


class Shape(StrEnum):
    """A curve has all its points; every other shape has its first and its last."""

    CURVE = "curve"
    ARROW = "arrow"
    LINE = "line"
    RECTANGLE = "rectangle"
    CIRCLE = "circle"


@frozen
class Stroke:
    """Something drawn."""

    id: int = field(validator=Range(1, LARGEST_MARK))
    by: int
    """The participant who drew it; 0 is the customer at his machine."""
    mark: int = field(validator=Range(0, LARGEST_MARK))
    """What its author called it."""
    shape: Shape
    colour: str = field(validator=Length(7, 7))
    width: int = field(validator=Range(1, WIDEST))
    points: tuple[Point, ...] = field(validator=Length(MOST_POINTS, 1))
    is_done: bool = False


@frozen
class WantPicture(Message):
    """Page → host: tell me everything there is."""


@frozen
class StrokeBegun(Message):
    """Page → host: I put my pen down."""

    stroke: int = field(validator=Range(0, LARGEST_MARK))
    shape: Shape
    colour: str = field(validator=Length(7))
    width: int = field(validator=Range(1, WIDEST))
    x: int
    y: int


@frozen
class StrokeGoesOn(Message):
    """Page → host: the pen went on to these points."""

    stroke: int = field(validator=Range(0, LARGEST_MARK))
    points: tuple[Point, ...] = field(validator=Length(MOST_IN_PART, 1))


@frozen
class StrokeEnded(Message):
    """Page → host: I lifted my pen."""

    stroke: int = field(validator=Range(0, LARGEST_MARK))


@frozen
class Undo(Message):
    """Page → host: take my last stroke back."""


@frozen
class Redo(Message):
    """Page → host: draw what I took back last again."""


@frozen
class Reset(Message):
    """Page → host: remove everything drawn by anybody."""


@frozen
class Picture(Message):
    """Host → page: everything there is."""

    strokes: tuple[Stroke, ...] = field(validator=Length(MOST_STROKES))


@frozen
class Drawn(Message):
    """Host → pages: a stroke that is there now, on top of all others."""

    stroke: Stroke


@frozen
class DrawnOn(Message):
    """Host → pages: from its point number `start` on, a stroke has these points."""

    id: int
    start: int = field(validator=Range(0, MOST_POINTS))
    points: tuple[Point, ...] = field(validator=Length(MOST_IN_PART))


@frozen
class Finished(Message):
    """Host → pages: nothing more comes of a stroke."""

    id: int


@frozen
class Removed(Message):
    """Host → pages: these strokes are gone."""

    ids: tuple[int, ...] = field(validator=Length(MOST_STROKES))


@frozen
class Declined(Message):
    """Host → page: this stroke of yours is not drawn, because you may not draw now."""

    stroke: int


@frozen
class YourPen(Message):
    """Host → page: the colour you have unless you choose another."""

    colour: str = field(validator=Length(7, 7))


@frozen
class Origin(Message):
    """Host → pages: the upper left pixel of the picture they are shown lies here on the desktop."""

    x: int
    y: int


@frozen
class WantPen(Message):
    """Host → viewer: which colour does this person have?"""

    participant: int


@frozen
class Pen(Message):
    """Viewer → host: a person's colour, which nobody else has."""

    participant: int
    colour: str = field(validator=Length(7, 7))


STROKES = (
    WantPicture, StrokeBegun, StrokeGoesOn, StrokeEnded, Undo, Redo, Reset,
    Picture, Drawn, DrawnOn, Finished, Removed, Declined, YourPen, Origin,
)  # fmt: skip
PENS = (WantPen, Pen)
