"""Stand-ins: a page that decodes, a desktop that is painted by hand, and real virtual screens."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import av
import fixtures
import numpy as np
import pytest
from attrs import define, field
from av.video.reformatter import Colorspace
from PIL import Image, ImageDraw
from screens import Screen

from deskside.api import ClassNeed
from deskside_screen.bell import Bell
from deskside_screen.camera import Camera, View
from deskside_screen.capture import Layout, Monitor
from deskside_screen.messages import SLOTS, Frame, Packing, Piece, Tiles
from deskside_screen.sender import Sender
from deskside_screen.stream import FLUSHED, RAW, Form
from deskside_screen.tiles import SIDE, Box, Picture
from deskside_screen.video import HEAD, NUMBERS

anyio_backend = fixtures.anyio_backend
ROOM = 2 * 1024 * 1024
WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]


@define(eq=False)
class Decoder:
    """What the page does, in Python: paints messages and shows the result."""

    canvas: Any = None
    frames: list[Frame] = field(factory=list)
    pieces: list[Piece] = field(factory=list)
    messages: list[Frame | Tiles] = field(factory=list)
    kept: dict[int, Any] = field(factory=dict)
    film: Any = None
    film_count: int = 0
    unpacker: Any = None

    def take(self, message: Frame | Tiles) -> None:
        """Paint a message."""
        self.messages.append(message)
        if isinstance(message, Frame):
            self.frames.append(message)
            height, width = -(-message.height // message.scale), -(-message.width // message.scale)
            self.canvas = np.zeros((height, width, 3), np.uint8)
            self.kept.clear()
            return
        for piece in message.pieces:
            self.pieces.append(piece)
            if piece.packing in {Packing.KEEP, Packing.RECALL}:
                self._tiles(piece)
                continue
            area = self.canvas[piece.y : piece.y + piece.height, piece.x : piece.x + piece.width]
            area[:] = self._pixels(piece)

    @property
    def sent_bytes(self) -> int:
        """Return how many bytes of pictures have come."""
        return sum(len(piece.data) for piece in self.pieces)

    def shows(self, picture: Picture) -> bool:
        """Tell whether every pixel is the source's."""
        return self.canvas is not None and np.array_equal(self.canvas, colours(picture, self.canvas.shape))

    def _tiles(self, piece: Piece) -> None:
        for column, row, slot in np.frombuffer(piece.data, "<u2").reshape(-1, 3).tolist():
            assert slot < SLOTS
            tile = self.canvas[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]
            assert tile.shape == (SIDE, SIDE, 3)
            if piece.packing is Packing.KEEP:
                self.kept[slot] = tile.copy()
            else:
                tile[:] = self.kept[slot]

    def _video(self, piece: Piece) -> Any:
        number, is_key, count = HEAD.unpack_from(piece.data)
        if is_key:
            self.film = av.CodecContext.create(NUMBERS[number].removesuffix("_full"), "r")
        else:
            assert count == self.film_count + 1
        self.film_count = count
        (frame,) = self.film.decode(av.Packet(piece.data[HEAD.size :]))
        return frame.reformat(format="rgb24", src_colorspace=Colorspace.ITU709).to_ndarray()

    def _pixels(self, piece: Piece) -> Any:
        if piece.packing is Packing.VIDEO:
            return self._video(piece)
        if piece.packing is Packing.COPY:
            left, top = struct.unpack("<HH", piece.data)
            return self.canvas[top : top + piece.height, left : left + piece.width].copy()
        if piece.packing is Packing.STREAM:
            return self._loose(piece)
        if piece.packing is Packing.RUNS:
            return _runs(piece, piece.data)
        return np.asarray(Image.open(io.BytesIO(piece.data)).convert("RGB"))

    def _loose(self, piece: Piece) -> Any:
        (head,) = struct.unpack_from("<I", piece.data)
        if head & 1:
            self.unpacker = zlib.decompressobj(RAW)
        data = self.unpacker.decompress(piece.data[4:] + FLUSHED)
        assert len(data) == head >> 1
        if data[0] == Form.RUNS:
            return _runs(piece, data[1:])
        if data[0] == Form.TRUE:
            rows = np.frombuffer(data, np.uint8, offset=1).reshape(piece.height, piece.width, 3)
            return np.add.accumulate(rows, axis=0, dtype=np.uint8)
        (count,) = struct.unpack_from("<H", data, 1)
        palette = np.frombuffer(data, "<u4", count, 3)
        flat = palette[np.frombuffer(data, np.uint8, offset=3 + 4 * count)].reshape(piece.height, piece.width)
        return colours(flat, flat.shape)


def _runs(piece: Piece, data: bytes) -> Any:
    (count,) = struct.unpack_from("<H", data)
    palette = np.frombuffer(data, "<u4", count, 2)
    runs = (len(data) - 2 - 4 * count) // 3
    numbers = np.frombuffer(data, np.uint8, runs, 2 + 4 * count)
    lengths = np.frombuffer(data, "<u2", runs, 2 + 4 * count + runs).astype(int) + 1
    flat = np.repeat(palette[numbers], lengths).reshape(piece.height, piece.width)
    return colours(flat, flat.shape)


def colours(picture: Picture, shape: tuple[int, ...]) -> Any:
    """Return red, green and blue of a picture's upper left part."""
    cut = np.ascontiguousarray(picture[: shape[0], : shape[1]])
    return cut.view(np.uint8).reshape(*cut.shape, 4)[:, :, 2::-1]


@define(eq=False)
class Painted:
    """A desktop that a test paints, and its own watch; time passes only when the camera sleeps."""

    width: int
    height: int
    layout: Layout = field(init=False)
    pixels: Picture = field(init=False)
    grabbed: list[Box] = field(factory=list)
    slept: list[float] = field(factory=list)
    now: float = 100.0
    interval_s: float = 1.0
    _damage: Box | None = None
    _is_new: bool = False

    def __attrs_post_init__(self) -> None:
        self.resize(self.width, self.height)

    @property
    def watch(self) -> "Painted":
        """Return itself: it knows what was painted."""
        return self

    def clock(self) -> float:
        """Return the time."""
        return self.now

    def resize(self, width: int, height: int) -> None:
        """Give the desktop another size, split into two monitors."""
        half = width // 2
        monitors = (
            Monitor(1, "left", Box(0, 0, half, height)),
            Monitor(2, "right", Box(half, 0, width - half, height)),
        )
        self.layout = Layout(Box(0, 0, width, height), monitors)
        self.pixels = np.zeros((height, width), np.uint32)
        self._is_new = True

    def paint(self, box: Box, pixels: Any) -> None:
        """Paint and report it."""
        box.of(self.pixels)[:] = pixels
        self._damage = box.joined(self._damage)

    def grab(self, box: Box) -> Picture:
        """Return pixels."""
        self.grabbed.append(box)
        return box.of(self.pixels).copy()

    def look_again(self) -> bool:
        """Tell whether the size has changed."""
        is_new, self._is_new = self._is_new, False
        return is_new

    def sleep(self, seconds: float, bell: Bell, *, for_damage: bool) -> bool:
        """Let time pass."""
        self.slept.append(seconds)
        if for_damage and self._damage is not None:
            return True
        self.now += seconds
        return False

    def damage(self) -> tuple[Box, ...]:
        """Return what was painted since."""
        box, self._damage = self._damage, None
        return (box,) if box else ()

    def found(self, *, anything: bool) -> None:
        """Learn nothing."""

    def signature(self) -> object:
        """Return nothing."""
        return None

    def names(self) -> Mapping[Box, str]:
        """Know none."""
        return {}

    def close(self) -> None:
        """Hold nothing."""


@define(eq=False)
class Session:
    """The session's side of a camera, and one decoder per quality class."""

    needs: Mapping[int, ClassNeed] = field(factory=dict)
    pages: dict[int, Decoder] = field(factory=dict)
    layouts: list[tuple[Layout, int]] = field(factory=list)

    def join(self, quality: int, room: int = ROOM, rate: float = 0.0) -> Decoder:
        """Let a page in, which asks for a beginning."""
        self.needs = {**self.needs, quality: ClassNeed(room, True, rate)}
        return self.pages.setdefault(quality, Decoder())

    def leave_room(self, quality: int, room: int) -> None:
        """Give a class room, or take it."""
        need = self.needs[quality]
        self.needs = {**self.needs, quality: ClassNeed(room, need.refresh, need.rate_bytes_s)}

    def offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        """Take a message as the core does: while there is room, and then it is less."""
        need = self.needs.get(quality)
        if need is None or need.room_bytes <= 0:
            return False
        size = 20 if isinstance(message, Frame) else sum(len(one.data) for one in message.pieces)
        refresh = need.refresh and not isinstance(message, Frame)
        self.needs = {**self.needs, quality: ClassNeed(need.room_bytes - size, refresh, need.rate_bytes_s)}
        self.pages[quality].take(message)
        return True

    def show_layout(self, layout: Layout, number: int) -> None:
        """Keep what there is to look at."""
        self.layouts.append((layout, number))


@define(eq=False)
class Rig:
    """A camera over a painted desktop, moved on step by step."""

    desktop: Painted
    session: Session
    camera: Camera
    view: View

    def steps(self, count: int = 1) -> None:
        """Let the camera work."""
        for _ in range(count):
            self.view.step()


@pytest.fixture
def make_rig() -> Iterator[Callable[..., Rig]]:
    """Return a function that makes a camera over a painted desktop of some size."""
    with ThreadPoolExecutor(2) as pool:
        cameras: list[Camera] = []

        def make(width: int = 640, height: int = 400) -> Rig:
            desktop, session = Painted(width, height), Session()
            camera = Camera(lambda: desktop, session, clock=desktop.clock)
            cameras.append(camera)
            return Rig(desktop, session, camera, View(camera, desktop, Sender(session, pool, desktop.clock)))

        yield make
        for one in cameras:
            one.bell.close()


@pytest.fixture
def decoder() -> Decoder:
    """Return a page that decodes."""
    return Decoder()


@pytest.fixture
def photo() -> Callable[..., Any]:
    """Return a function that makes noise no two pixels of which are alike, as pixels of a size."""

    def make(width: int, height: int, seed: int = 1) -> Any:
        return np.random.default_rng(seed).integers(0, 1 << 24, (height, width), np.uint32)

    return make


@pytest.fixture
def movie() -> Callable[..., Any]:
    """Return a function that makes a picture of a film, as pixels of a size."""

    def make(width: int, height: int, number: int) -> Any:
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        grain = np.random.default_rng(3).integers(0, 6, (height, width))
        bands = [
            127 + 80 * np.sin((x * a + y * b + number * 5) / 37) + np.roll(grain, number, 1)
            for a, b in ((1.0, 0.3), (0.4, 1.0), (0.7, -0.6))
        ]
        red, green, blue = (band.astype(np.uint32) for band in bands)
        return (red << 16) | (green << 8) | blue

    return make


@pytest.fixture
def document() -> Callable[..., Any]:
    """Return a function that makes a page of text, as pixels of a size."""

    def make(width: int, height: int, first_line: int = 0) -> Any:
        image = Image.new("RGB", (width, height), "white")
        draw = ImageDraw.Draw(image)
        for line in range(height // 14):
            mixed = np.random.default_rng(first_line + line).permutation(WORDS * 3)
            draw.text((4, 14 * line), f"{first_line + line} {' '.join(mixed)}", (20, 20, 60))
        red, green, blue = (band.astype(np.uint32) for band in np.moveaxis(np.asarray(image), 2, 0))
        return (red << 16) | (green << 8) | blue

    return make


@pytest.fixture
def xvfb() -> Iterator[Screen]:
    """Return a plain screen without a window manager."""
    with Screen(1280, 800, has_window_manager=False) as one:
        yield one


@pytest.fixture
def make_session() -> Callable[[], Session]:
    """Return a function that makes a session's side."""
    return Session


@define(eq=False)
class Live(Painted):
    """A painted desktop on which time passes by itself."""

    def stop(self) -> None:
        """Have nothing to give back."""

    def sleep(self, seconds: float, bell: Bell, *, for_damage: bool) -> bool:
        """Sleep until the bell, the time, or something was painted; never for long."""
        bell.sleep(min(seconds, 0.01))
        return for_damage and self._damage is not None


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Live:
    """Return a painted desktop that the plugin takes for this machine's."""
    one = Live(640, 400)
    monkeypatch.setattr("deskside_screen.host._open", lambda _: one)
    monkeypatch.setattr("deskside_screen.host.hold", lambda _: one)
    return one


@pytest.fixture
def make_decoder() -> Callable[[], Decoder]:
    """Return a function that makes a page that decodes."""
    return Decoder
