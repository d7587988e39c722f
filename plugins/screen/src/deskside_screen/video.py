"""Encodes a moving rectangle as video where PyAV is to be had; elsewhere pictures stay what they were.

One film per quality class. Every picture that is encoded must reach the pages, or the next begins anew with
a key picture: pages paint nothing that rests on a picture they lack. Only the rectangle's colours are
converted, to half their resolution unless there is text in it.
"""

import logging
import struct
import threading
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import define, field

from deskside_screen.encode import Look, encode
from deskside_screen.messages import MOST_BYTES, Packing, Piece, VideoCodec
from deskside_screen.tiles import Box, Picture

HAS_ENCODERS = True
try:
    import av
    from av.codec import codecs_available
    from av.error import FFmpegError
    from av.video.frame import PictureType
    from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
except ImportError:  # a machine for which there is no wheel
    HAS_ENCODERS = False

log = logging.getLogger(__name__)

HEAD = struct.Struct("<BBH")
KEY = 1
COUNTS = 1 << 16
NUMBERS = tuple(VideoCodec)
"""A piece says which of these it is."""
ENCODERS = {
    VideoCodec.H264: "libx264",
    VideoCodec.VP9: "libvpx-vp9",
    VideoCodec.H264_FULL: "libx264",
}
X264 = {
    "preset": "ultrafast",
    "tune": "zerolatency",
    "forced-idr": "1",
    "sc_threshold": "0",
    "x264-params": "cabac=1:no-deblock=0",
}
"""Each picture comes out at once and rests on the one before it only. What ultrafast leaves out and is given
back here costs a tenth more time than without and saves a quarter of the bytes."""
OPTIONS = {
    VideoCodec.H264: X264,
    VideoCodec.VP9: {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"},
    VideoCodec.H264_FULL: X264,
}
RATES = {VideoCodec.H264: "maxrate", VideoCodec.VP9: "b", VideoCodec.H264_FULL: "maxrate"}
HALF, FULL = "yuv420p", "yuv444p"
BEST_AT, PER_CRF = 45, 4
"""A JPEG quality of 80 looks like a constant rate factor of 45 - 80 / 4."""
LEAST_FILL, MOST_FILL = 8 * 1024, 160 * 1024
"""Bytes that the greatest picture may have: what the class has room for, within these."""
FILLS_S = 8
"""How often in a second the encoder may use that up."""
STEP, FACTOR = 10, 3
"""A change of quality, or of what the class has room for, that is worth a key picture."""
FADES = 0.9
REOPEN_PICTURES = 15
BT709 = 1
USUAL_FPS = 30


def codecs() -> tuple[VideoCodec, ...]:
    """Return what this machine can encode."""
    if not HAS_ENCODERS:
        return ()
    return tuple(codec for codec, name in ENCODERS.items() if name in codecs_available)


def film_for(wanted: Iterable[VideoCodec], film: "Film | None") -> "Film | None":
    """Return a film with the first wanted codec that is to be had: the one there is, another, or none."""
    there = codecs()
    found = next((codec for codec in wanted if codec in there), None)
    if film is not None and film.codec is found:
        return film
    return Film(found) if found is not None else None


@define(eq=False)
class Film:
    """A moving rectangle, picture by picture; encodes in whatever thread, one at a time."""

    codec: VideoCodec
    is_broken: bool = False
    """The encoder has failed: this machine cannot do it."""
    _lock: threading.Lock = field(factory=threading.Lock)
    _promised: int = 0
    """The number of the newest picture that was asked for."""
    _lost: int = 0
    """Up to this one pages may lack some."""
    _key: int = 0
    """The number of the newest key picture."""
    _done: int = 0
    _box: Box | None = None
    _quality: int = 0
    _room: float = 0.0
    """What the class had room for lately."""
    _fill: int = 0
    _since: int = 0
    """Pictures since the encoder was opened."""
    _count: int = 0
    _encoder: Any = None
    _reformatter: Any = None
    _frame: Any = None

    @property
    def _format(self) -> str:
        return FULL if self.codec is VideoCodec.H264_FULL else HALF

    def promise(self) -> int:
        """Return the number of a picture that is to be encoded next."""
        self._promised += 1
        return self._promised

    def lose(self) -> None:
        """Begin anew with the next picture: one did not reach the pages."""
        self._lost = self._promised

    def encode(self, picture: Picture, box: Box, quality: int, room_bytes: int, number: int) -> list[Piece]:
        """Return the piece that shows a box; what video cannot do is done as before."""
        with self._lock:
            if number <= max(self._done, self._lost):
                return []
            self._done = number
            try:
                data = self._encoded(picture, box, quality, room_bytes)
            except FFmpegError as error:
                log.warning("video is given up: %s", error)
                self.is_broken, data = True, b""
        if HEAD.size < len(data) <= MOST_BYTES:
            return [Piece(box.left, box.top, box.width, box.height, Packing.VIDEO, data)]
        self.lose()
        return encode(picture, box, Look(quality))

    def _encoded(self, picture: Picture, box: Box, quality: int, room_bytes: int) -> bytes:
        self._room = max(float(room_bytes), FADES * self._room)
        if self._is_unfit(box, quality):
            self._open(box, quality)
        is_key = self._since == 0 or self._key <= self._lost or self._box != box
        self._box = box
        frame = self._converted(box.of(picture))
        frame.pts = self._since = self._since + 1
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        packets = self._encoder.encode(frame)
        self._count = (self._count + 1) % COUNTS
        if len(packets) != 1 or (is_key and not packets[0].is_keyframe):
            return b""
        flags = KEY if packets[0].is_keyframe else 0
        self._key = self._done if flags else self._key
        return HEAD.pack(NUMBERS.index(self.codec), flags, self._count) + bytes(packets[0])

    def _is_unfit(self, box: Box, quality: int) -> bool:
        """Tell whether another encoder is worth it."""
        if self._box is None or (self._box.width, self._box.height) != (box.width, box.height):
            return True
        if self._since < REOPEN_PICTURES:
            return False
        fill = self._most()
        is_other = fill >= FACTOR * self._fill or self._fill >= FACTOR * fill
        return is_other or abs(quality - self._quality) >= STEP

    def _most(self) -> int:
        """Return how large a picture may be."""
        return int(max(LEAST_FILL, min(MOST_FILL, self._room)))

    def _open(self, box: Box, quality: int) -> None:
        """Open an encoder for boxes of this size."""
        self._fill = self._most()
        fill = self._fill * 8
        encoder: Any = av.CodecContext.create(ENCODERS[self.codec], "w")
        encoder.width, encoder.height, encoder.pix_fmt = box.width, box.height, self._format
        encoder.time_base, encoder.framerate = Fraction(1, USUAL_FPS), Fraction(USUAL_FPS)
        encoder.color_range, encoder.colorspace = ColorRange.MPEG, Colorspace.ITU709
        encoder.color_primaries = encoder.color_trc = BT709
        encoder.thread_count = 1
        limits = {RATES[self.codec]: str(fill * FILLS_S), "bufsize": str(fill), "g": str(COUNTS)}
        encoder.options = {**OPTIONS[self.codec], **limits, "crf": str(BEST_AT - quality // PER_CRF)}
        encoder.open()
        self._encoder, self._quality, self._since = encoder, quality, 0
        self._frame = av.VideoFrame(box.width, box.height, "bgra")
        self._reformatter = VideoReformatter()

    def _converted(self, pixels: Picture) -> Any:
        """Return pixels as brightness and colours."""
        height, width = pixels.shape
        plane: Any = np.frombuffer(self._frame.planes[0], np.uint32)
        plane.reshape(height, -1)[:, :width] = pixels
        return self._reformatter.reformat(
            self._frame,
            format=self._format,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
