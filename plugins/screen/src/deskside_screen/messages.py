"""What crosses between the customer's machine and the pages."""

from enum import StrEnum

from deskside.api import Length, Message, Range, field, frozen

MOST_BYTES = 240 * 1024
MOST_PIECES = 512
MOST_MONITORS = 32
MOST_SCALE = 2
LEAST_QUALITY, BEST_QUALITY = 30, 95
FURTHEST = 32_767
SLOTS = 1024
"""How many tiles pages keep."""
EVERYTHING = 0
"""The number that stands for all monitors together."""
MOST_SHAPES = 64
MOST_CURSOR_SIDE = 128
MOST_CURSOR_BYTES = 48 * 1024
NO_SHAPE = 0
"""The number of a pointer that is invisible, or not where pages look."""

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
    STREAM = "stream"
    """Twice the length in the stream, plus 1 where the stream begins anew (32 bits, little-endian); then the
    next part of a stream of raw deflate, flushed, without the four bytes that end a flushed part."""
    VIDEO = "video"
    """The number of the codec in VideoCodec (8 bits), 1 for a key picture (8), a count of the pictures of
    this video (16, little-endian, begins at 0 again), and what the encoder made: one picture of this size."""


class VideoCodec(StrEnum):
    """What a region that keeps moving is packed with; pages say which they can decode."""

    H264 = "h264"
    VP9 = "vp9"
    H264_FULL = "h264_full"
    """H.264 with colours in full resolution, for a region with text in it."""


class Network(StrEnum):
    """What is short: bytes on the line, or work at either end."""

    NORMAL = "normal"
    """The picture is compressed."""
    FAST = "fast"
    """It is not compressed."""


class Detection(StrEnum):
    """How changes are found."""

    FAST = "fast"
    """The display server reports them."""
    GRAPHICS = "graphics"
    """By comparing the whole picture again and again."""


class Colours(StrEnum):
    """The colours that are sent; the customer's screen keeps its own."""

    TRUE = "true"
    BITS_16 = "bits16"
    BITS_8 = "bits8"
    GREY = "grey"


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
    """Everything shown so far is void: a picture of a desktop of this size begins."""

    sequence: int = field(validator=Range(0, 2**53 - 1))
    width: int = field(validator=_SIZE)
    height: int = field(validator=_SIZE)
    monitor: int = field(validator=Range(EVERYTHING, MOST_MONITORS))
    scale: int = field(default=1, validator=Range(1, MOST_SCALE))
    """How many of the desktop's pixels, across and down, are one of the picture's; a rest counts as one."""


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
class Decodes(Message):
    """Page → host: the video that this page can decode; none at all until it has said so."""

    codecs: tuple[VideoCodec, ...] = field(validator=Length(len(VideoCodec)))


@frozen
class WantKey(Message):
    """Page → host: a picture of the video is missing, begin the video anew."""


@frozen
class ChoosePicture(Message):
    """Page → host: what is to be another; the rest stays as it is."""

    network: Network | None = None
    detection: Detection | None = None
    colours: Colours | None = None
    scale: int | None = field(default=None, validator=Range(1, MOST_SCALE))
    quality: int | None = field(default=None, validator=Range(LEAST_QUALITY, BEST_QUALITY))


@frozen
class PictureNow(Message):
    """Host → pages: how the picture is made now."""

    network: Network
    detection: Detection
    colours: Colours
    scale: int = field(validator=Range(1, MOST_SCALE))
    quality: int = field(validator=Range(LEAST_QUALITY, BEST_QUALITY))


@frozen
class AskResume(Message):
    """Page → host: ask the customer to go on."""


@frozen
class Answered(Message):
    """Host → page: what came of asking; the reason is a text key."""

    is_resumed: bool
    reason: str = field(default="", validator=Length(80))


class Look(StrEnum):
    """What of the customer's desktop may look another way while somebody looks."""

    WALLPAPER = "wallpaper"
    """There is none."""
    OUTLINE = "outline"
    """Windows are moved as outlines."""


@frozen
class WantLook(Message):
    """Page → host: say what looks another way."""


@frozen
class ChooseLook(Message):
    """Page → host: let it look another way while somebody looks, or not."""

    look: Look
    is_on: bool


@frozen
class LookNow(Message):
    """Host → pages: what is wanted, as far as the desktop and the rights allow it."""

    wallpaper: bool
    outline: bool


@frozen
class WantCursor(Message):
    """Page → host: say where the mouse pointer is; I know none of its shapes."""


@frozen
class CursorShape(Message):
    """Host → pages: from now on the pointer of this number looks like this."""

    number: int = field(validator=Range(1, MOST_SHAPES))
    width: int = field(validator=Range(1, MOST_CURSOR_SIDE))
    height: int = field(validator=Range(1, MOST_CURSOR_SIDE))
    hot_x: int = field(validator=Range(0, MOST_CURSOR_SIDE - 1))
    hot_y: int = field(validator=Range(0, MOST_CURSOR_SIDE - 1))
    png: bytes = field(validator=Length(MOST_CURSOR_BYTES))


@frozen
class CursorMoved(Message):
    """Host → pages: this pixel of the picture is pointed at, with this shape."""

    x: int = field(validator=_PLACE)
    y: int = field(validator=_PLACE)
    shape: int = field(validator=Range(NO_SHAPE, MOST_SHAPES))


FRAMES = (Frame, Tiles)
VIEW = (WantState, Monitors, ChooseMonitor, ChoosePicture, PictureNow, Decodes, WantKey)
RESUME = (AskResume, Answered)
CURSOR = (WantCursor, CursorShape, CursorMoved)
LOOK = (WantLook, ChooseLook, LookNow)
