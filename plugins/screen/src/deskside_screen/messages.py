"""What crosses between the customer's machine and the pages."""

from enum import StrEnum

from deskside.api import Length, Message, Range, field, frozen

MOST_BYTES = 240 * 1024
MOST_PIECES = 512
MOST_MONITORS = 32
FURTHEST = 32_767
SLOTS = 1024
"""How many tiles pages keep."""
EVERYTHING = 0
"""The number that stands for all monitors together."""

_PLACE = Range(-FURTHEST, FURTHEST)
_SIZE = Range(1, FURTHEST)


class Packing(StrEnum):
    """How the pixels of a piece are packed."""

    PNG = "png"
    JPEG = "jpeg"
    RUNS = "runs"
    """How many colours (16 bits), these as 0x00RRGGBB (32 bits), of each run the number of its colour (8),
    of each run its length less one (16), all little-endian."""
    COPY = "copy"
    """Two 16-bit numbers, little-endian: the left and top of where the same pixels are already shown."""
    KEEP = "keep"
    """Per tile three 16-bit numbers, little-endian: column, row, the slot that keeps what is shown there."""
    RECALL = "recall"
    """The same three: column and row where to paint the tile that the slot keeps."""


@frozen
class Piece:
    """A rectangle of the picture."""

    x: int = field(validator=Range(0, FURTHEST))
    y: int = field(validator=Range(0, FURTHEST))
    width: int = field(validator=_SIZE)
    height: int = field(validator=_SIZE)
    packing: Packing
    data: bytes = field(validator=Length(MOST_BYTES))


@frozen
class Frame(Message):
    """Everything shown so far is void: a picture of this size begins."""

    sequence: int = field(validator=Range(0, 2**53 - 1))
    width: int = field(validator=_SIZE)
    height: int = field(validator=_SIZE)
    monitor: int = field(validator=Range(EVERYTHING, MOST_MONITORS))


@frozen
class Tiles(Message):
    """Pieces to paint in this order; several of these may make up one picture."""

    sequence: int = field(validator=Range(0, 2**53 - 1))
    pieces: tuple[Piece, ...] = field(validator=Length(MOST_PIECES))
    is_last: bool
    host_ms: float = field(validator=Range(0, 86_400_000))
    """From the grab until this was handed over."""


@frozen
class MonitorShape:
    """A monitor's place among the others, in pixels."""

    number: int = field(validator=Range(1, MOST_MONITORS))
    name: str = field(validator=Length(80))
    left: int = field(validator=_PLACE)
    top: int = field(validator=_PLACE)
    width: int = field(validator=_SIZE)
    height: int = field(validator=_SIZE)


@frozen
class WantState(Message):
    """Page → host: say what is there."""


@frozen
class Monitors(Message):
    """Host → pages: what there is to look at, and what is shown."""

    shown: int = field(validator=Range(EVERYTHING, MOST_MONITORS))
    monitors: tuple[MonitorShape, ...] = field(validator=Length(MOST_MONITORS))


@frozen
class ChooseMonitor(Message):
    """Page → host: show this monitor, or all of them."""

    number: int = field(validator=Range(EVERYTHING, MOST_MONITORS))


@frozen
class AskResume(Message):
    """Page → host: ask the customer to go on."""


@frozen
class Answered(Message):
    """Host → page: what came of asking; the reason is a text key."""

    is_resumed: bool
    reason: str = field(default="", validator=Length(80))


FRAMES = (Frame, Tiles)
VIEW = (WantState, Monitors, ChooseMonitor)
RESUME = (AskResume, Answered)
