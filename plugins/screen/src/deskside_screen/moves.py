"""Finds what has moved up or down, so that a scrolled page need not be sent again. Pure.

Rows are hashed by a sample of their pixels; rows that occur once vote for the distance they moved. A wrong
guess costs bytes and nothing else: the picture is compared again after the move.
"""

import numpy as np
import numpy.typing as npt
from attrs import frozen

from deskside_screen.tiles import SIDE, Box, Marks, Picture

LEAST_TILES = 8
LEAST_ROWS = 24
SAMPLES = 128
EDGE_ROWS = 4
"""One row in so many is looked at to find the edges of what moved."""
WEIGHTS = np.random.default_rng(64).integers(1, 1 << 63, 4 * SAMPLES, np.uint64) | np.uint64(1)


@frozen
class Move:
    """A box whose new pixels are those that stood so much lower (or higher, below zero) before."""

    box: Box
    down: int

    @property
    def source(self) -> Box:
        """Return where the pixels stood."""
        return self.box.moved(0, self.down)


def find_move(new: Picture, old: Picture, marks: Marks) -> Move | None:
    """Return the move that explains most of the marked tiles, if one does."""
    if marks.sum() < LEAST_TILES:
        return None
    area = _moving(new, old, marks)
    if area is None:
        return None
    mine, theirs = _hashes(area.of(new)), _hashes(area.of(old))
    values, first, counts = np.unique(theirs, return_index=True, return_counts=True)
    values, first = values[counts == 1], first[counts == 1]
    if not values.size:
        return None
    at = np.minimum(np.searchsorted(values, mine), values.size - 1)
    height = area.height
    shift = np.where(values[at] == mine, first[at] - np.arange(height), height)
    votes = np.bincount(shift + height, minlength=2 * height + 1)
    votes[[height, 2 * height]] = 0
    down = int(votes.argmax()) - height
    if votes.max() < LEAST_ROWS:
        return None
    rows = np.flatnonzero(shift == down)
    top = int(rows[0])
    return Move(Box(area.left, area.top + top, area.width, int(rows[-1]) + 1 - top), down)


def _moving(new: Picture, old: Picture, marks: Marks) -> Box | None:
    """Return the box of the tile columns that changed most, exact to the pixel at left and right."""
    counts = marks.sum(axis=0)
    columns = np.flatnonzero(counts * 2 >= counts.max())
    first, last = int(columns[0]), int(columns[-1]) + 1
    rows = np.flatnonzero(marks[:, first:last].any(axis=1))
    top, bottom = int(rows[0]) * SIDE, (int(rows[-1]) + 1) * SIDE
    sample = slice(top, bottom, EDGE_ROWS), slice(first * SIDE, last * SIDE)
    differing = np.flatnonzero(np.logical_or.reduce(new[sample] != old[sample], axis=0))
    if not differing.size:
        return None
    left, right = first * SIDE + int(differing[0]), first * SIDE + int(differing[-1]) + 1
    return Box(left, top, right - left, bottom - top)


def _hashes(pixels: Picture) -> npt.NDArray[np.uint64]:
    step = max(1, pixels.shape[1] // SAMPLES)
    sample = pixels[:, ::step]
    hashes: npt.NDArray[np.uint64] = (sample * WEIGHTS[: sample.shape[1]]).sum(axis=1)
    return hashes
