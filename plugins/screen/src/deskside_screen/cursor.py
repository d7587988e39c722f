"""The customer's mouse pointer as pages are told of it: its shape, numbered, and its place. Pure.

Shapes have few numbers, which are used again for new shapes in the place of those not seen for longest, so
pages never keep more than MOST_SHAPES of them.
"""

import io
from typing import Self

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen
from PIL import Image

from deskside_screen.messages import MOST_CURSOR_BYTES, MOST_CURSOR_SIDE, MOST_SHAPES

OPAQUE = 255


@frozen
class Shape:
    """What a pointer looks like, as a PNG, and which of its pixels points."""

    width: int
    height: int
    hot_x: int
    hot_y: int
    png: bytes

    @classmethod
    def of(cls, pixels: npt.NDArray[np.uint32], hot_x: int, hot_y: int) -> Self | None:
        """Return the shape of pixels, None if nothing can be seen.

        :param pixels: alpha, red, green, blue; colours are multiplied by alpha
        """
        if not pixels.size or not (pixels >> 24).any():
            return None
        image = Image.fromarray(_plain(pixels), "RGBA")
        most = MOST_CURSOR_SIDE
        while True:
            image, hot_x, hot_y = _fitted(image, most, hot_x, hot_y)
            buffer = io.BytesIO()
            image.save(buffer, "PNG")
            if buffer.tell() <= MOST_CURSOR_BYTES:
                return cls(image.width, image.height, hot_x, hot_y, buffer.getvalue())
            most //= 2


@frozen
class Seen:
    """Where on the desktop the pointer is, and its shape, None for an invisible one."""

    x: int
    y: int
    shape: Shape | None


@define(eq=False)
class Numbers:
    """Which shape has which number."""

    _numbers: dict[Shape, int] = field(factory=dict)
    """Those not seen for longest come first."""

    def of(self, shape: Shape) -> tuple[int, bool]:
        """Return the number of a shape, and whether it meant another one until now."""
        number = self._numbers.pop(shape, 0)
        is_new = not number
        if is_new and len(self._numbers) < MOST_SHAPES:
            number = len(self._numbers) + 1
        elif is_new:
            number = self._numbers.pop(next(iter(self._numbers)))
        self._numbers[shape] = number
        return number, is_new


def _plain(pixels: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Return red, green, blue and alpha of pixels, no longer multiplied."""
    bands = np.stack([pixels >> shift & OPAQUE for shift in (16, 8, 0, 24)], axis=2).astype(np.uint32)
    alpha = np.maximum(bands[:, :, 3:], 1)
    bands[:, :, :3] = np.minimum((bands[:, :, :3] * OPAQUE + alpha // 2) // alpha, OPAQUE)
    return bands.astype(np.uint8)


def _fitted(image: Image.Image, most: int, hot_x: int, hot_y: int) -> tuple[Image.Image, int, int]:
    """Return a pointer made small enough, and its pointing pixel, which lies within it in any case."""
    largest = max(image.size)
    if largest > most:
        size = (max(1, image.width * most // largest), max(1, image.height * most // largest))
        image, hot_x, hot_y = image.resize(size), hot_x * most // largest, hot_y * most // largest
    return image, min(max(0, hot_x), image.width - 1), min(max(0, hot_y), image.height - 1)
