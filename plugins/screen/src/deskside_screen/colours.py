"""Fewer colours and fewer pixels: what the picture is made of before anything compares or packs it. Pure."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from attrs import frozen

from deskside_screen.messages import Colours
from deskside_screen.tiles import Box, Picture

COLOUR = np.uint32(0x00FFFFFF)
BYTE, EVEN_BYTES = np.uint32(0xFF), np.uint32(0x00FF00FF)
FIVE, SIX, EIGHT = np.uint32(5), np.uint32(6), np.uint32(8)
LEVELS = 6
"""Of red, green and blue each with 8 bits: 216 colours, and grey stays grey."""


def _levels() -> npt.NDArray[np.uint16]:
    """Return the nearest level of two bytes at once."""
    step = 255 // (LEVELS - 1)
    one = (np.arange(256) + step // 2) // step * step
    return (one[None, :] | one[:, None] << 8).astype(np.uint16).ravel()


NEAREST = _levels()


def reduced(pixels: Picture, colours: Colours) -> Picture:
    """Return the same pixels in fewer colours; black and white stay what they are."""
    return pixels if colours is Colours.TRUE else WAYS[colours](pixels)


def _bits_16(pixels: Picture) -> Picture:
    """Keep five, six and five bits; the lowest are the highest again."""
    short = pixels & np.uint32(0x00F8FCF8)
    found: Picture = short | (short >> FIVE & np.uint32(0x00070007)) | (short >> SIX & np.uint32(0x00000300))
    return found


def _bits_8(pixels: Picture) -> Picture:
    return NEAREST[np.ascontiguousarray(pixels).view(np.uint16)].view(np.uint32) & COLOUR


def _grey(pixels: Picture) -> Picture:
    blue, green, red = (pixels >> shift & BYTE for shift in np.array((0, 8, 16), np.uint32))
    # Weights of 256 together, so that white is 255.
    light = red * np.uint32(77) + green * np.uint32(150) + blue * np.uint32(29)
    found: Picture = (light >> np.uint32(8)) * np.uint32(0x010101)
    return found


WAYS: Mapping[Colours, Callable[[Picture], Picture]] = {
    Colours.BITS_16: _bits_16,
    Colours.BITS_8: _bits_8,
    Colours.GREY: _grey,
}


def halved(pixels: Picture) -> Picture:
    """Return each four pixels as their mean; an odd edge counts twice."""
    height, width = pixels.shape
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2)), "edge")
    # Two colours are added up in one number, far enough from each other.
    even, odd = (_mean(part & EVEN_BYTES) for part in (pixels, pixels >> EIGHT))
    return even | (odd << EIGHT)


def _mean(parts: Picture) -> Picture:
    sums = parts[::2, ::2] + parts[1::2, ::2] + parts[::2, 1::2] + parts[1::2, 1::2]
    mean: Picture = (sums + np.uint32(0x00020002)) >> np.uint32(2) & EVEN_BYTES
    return mean


@frozen
class Sight:
    """How the desktop is looked at: in which colours, and how many of its pixels become one."""

    colours: Colours = Colours.TRUE
    scale: int = 1

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size of the picture of a desktop of this size."""
        return -(-width // self.scale), -(-height // self.scale)

    def around(self, box: Box, everything: Box) -> Box:
        """Return the box around whole pixels of the picture that a box of the desktop touches."""
        if self.scale == 1:
            return box
        inside = box.moved(-everything.left, -everything.top)
        left, top = inside.left // self.scale * self.scale, inside.top // self.scale * self.scale
        right, bottom = (one * self.scale for one in self.size(inside.right, inside.bottom))
        wide = Box(left, top, right - left, bottom - top).moved(everything.left, everything.top)
        return wide.within(everything) or box

    def place(self, box: Box) -> Box:
        """Return the place in the picture of such a box, whose corner is counted from the picture's."""
        return Box(box.left // self.scale, box.top // self.scale, *self.size(box.width, box.height))

    def seen(self, pixels: Picture) -> Picture:
        """Return what the picture shows of these pixels of the desktop."""
        return reduced(pixels if self.scale == 1 else halved(pixels), self.colours)
