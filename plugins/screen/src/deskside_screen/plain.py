"""Pixels → PNG without compressing, where the line carries more than the machines can pack. Pure."""

import struct
import zlib

import numpy as np
from PIL import Image

from deskside_screen.encode import EXACT, Look
from deskside_screen.messages import MOST_BYTES, Packing, Piece
from deskside_screen.tiles import Box, Picture

HEAD = b"\x89PNG\r\n\x1a\n"
STORED = 0
ROW_BYTES = 1
PIXEL_BYTES = 3
SPARE_BYTES = 1024
"""For what stands around the pixels."""


def plain(picture: Picture, box: Box, look: Look = EXACT) -> list[Piece]:
    """Return exact pieces for a box, whatever the look, none larger than a message may carry."""
    del look
    height = max(1, (MOST_BYTES - SPARE_BYTES) // (ROW_BYTES + box.width * PIXEL_BYTES))
    tops = range(box.top, box.bottom, height)
    bands = [Box(box.left, top, box.width, min(height, box.bottom - top)) for top in tops]
    return [
        Piece(one.left, one.top, one.width, one.height, Packing.PNG, _png(one.of(picture))) for one in bands
    ]


def _png(pixels: Picture) -> bytes:
    height, width = pixels.shape
    whole = np.ascontiguousarray(pixels)
    image = Image.frombuffer("RGB", (width, height), whole, "raw", "BGRX", 0, 1)
    rows = np.zeros((height, ROW_BYTES + width * PIXEL_BYTES), np.uint8)
    rows[:, ROW_BYTES:] = np.asarray(image).reshape(height, width * PIXEL_BYTES)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.data, STORED)
    return b"".join((HEAD, _chunk(b"IHDR", head), _chunk(b"IDAT", body), _chunk(b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(data, zlib.crc32(kind))
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", check)))
