"""Small exact pieces, packed one after the other by one running compressor per class.

A letter that is typed, a line that comes into sight: each alone is too short to compress well, but most of it
has been sent shortly before. Pages read the same stream, so what does not leave is taken back here too.
"""

import struct
import zlib
from enum import IntEnum

import numpy as np
from attrs import define, evolve, field

from deskside_screen.encode import MOST_COLOURS, RED_GREEN_BLUE, image_of, numbered, runs
from deskside_screen.messages import Packing, Piece
from deskside_screen.tiles import Box, Picture

MOST_PIXELS = 32 * 1024
"""Of one piece; larger ones are packed by other threads at the same time."""
LEVEL = 6
RAW = -15
"""Deflate without head and check."""
FLUSHED = b"\x00\x00\xff\xff"
"""Ends each part of a stream that is flushed; it is the same each time, so it does not travel."""


class Form(IntEnum):
    """How the pixels lie in the stream: its first byte, and what follows."""

    RUNS = 0
    """As in the packing of that name."""
    NUMBERED = 1
    """How many colours (16 bits), these as 0x00RRGGBB (32), of each pixel the number of its colour (8)."""
    TRUE = 2
    """Red, green, blue of each pixel (8 bits each), less those of the pixel above it."""


def loose(picture: Picture, box: Box) -> Piece:
    """Return an exact piece as it goes into a stream."""
    pixels = np.ascontiguousarray(box.of(picture))
    return Piece(box.left, box.top, box.width, box.height, Packing.STREAM, _form(pixels))


def _form(pixels: Picture) -> bytes:
    if found := runs(pixels):
        return bytes((Form.RUNS,)) + found
    image = image_of(pixels)
    if few := image.getcolors(MOST_COLOURS):
        palette = np.array([colour for _, colour in few], np.uint8) @ RED_GREEN_BLUE
        head = struct.pack("<BH", Form.NUMBERED, len(palette))
        return b"".join((head, palette.astype("<u4").tobytes(), numbered(pixels, palette).tobytes()))
    rows = np.array(image)
    rows[1:] -= rows[:-1].copy()
    return bytes((Form.TRUE,)) + rows.tobytes()


@define(eq=False)
class Stream:
    """One class's compressor."""

    _packer: "zlib._Compress" = field(init=False)
    _is_new: bool = True

    def __attrs_post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin anew: the pages know nothing."""
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, RAW)
        self._is_new = True

    def mark(self) -> "Stream":
        """Return what to go back to."""
        kept = Stream()
        kept._packer, kept._is_new = self._packer.copy(), self._is_new
        return kept

    def back_to(self, mark: "Stream") -> None:
        """Be as if nothing had been packed since."""
        self._packer, self._is_new = mark._packer, mark._is_new

    def packed(self, piece: Piece) -> Piece:
        """Return the piece as it travels."""
        head = struct.pack("<I", len(piece.data) << 1 | self._is_new)
        self._is_new = False
        body = self._packer.compress(piece.data) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        return evolve(piece, data=head + body.removesuffix(FLUSHED))
