"""Finds what has scrolled in any direction or was dragged, so that it need not be sent again. Pure.

What moved up or down over its whole width is found by hashes of rows. Else, spots are picked by what they
look like, so that the same are picked wherever they stand, and vote for how far they moved. A wrong guess
costs bytes and nothing else: the picture is compared again after the move.
"""

import numpy as np
import numpy.typing as npt
from attrs import frozen
from numpy.lib.stride_tricks import sliding_window_view

from deskside_screen.tiles import SIDE, Block, Box, Marks, Picture

LEAST_TILES = 8
LEAST_ROWS = 24
SAMPLES = 128
EDGE_ROWS = 4
"""One row in so many is looked at to find the edges of what moved."""
SPOT_WIDTH, SPOT_HEIGHT = 24, 4
"""The pixels by which a spot is known again."""
SPOT_ROWS = 3
"""Spots of the new picture are looked for in one row of so many."""
PICKED = 8192
"""How many spots are picked in an area, by the hash of sixteen pixels in a row."""
BAND = 30
"""Rows looked through at once; a multiple of SPOT_ROWS."""
MOST_SPOTS = 8192
LEAST_VOTES = 6
LEAST_GAIN = 2 * SIDE * SIDE
"""Pixels that a move must put right."""
PROBED, MIDDLE_WIDTH, MIDDLE_HEIGHT, REACH = 1 << 18, 512, 384, 2 * SIDE
"""In areas of at least so many pixels, the middle is tried first, for moves that go no further."""
TELLING = 64
"""So many spots in the middle without a move say that there is none in most of the picture."""
_RANDOM = np.random.default_rng(64)
WEIGHTS = _RANDOM.integers(1, 1 << 63, 4 * SAMPLES, np.uint64) | np.uint64(1)
ODD = [np.uint32(one) for one in _RANDOM.integers(1 << 30, 1 << 32, 5, np.uint32) | np.uint32(1)]
FAR = 1 << 16

Numbers = npt.NDArray[np.int64]


@frozen
class Move:
    """A box whose new pixels are those that stood so much further right and lower before."""

    box: Box
    down: int
    across: int = 0

    @property
    def source(self) -> Box:
        """Return where the pixels stood."""
        return self.box.moved(self.across, self.down)


def find_scroll(new: Picture, old: Picture, marks: Marks) -> Move | None:
    """Return the move up or down that explains most of the marked tiles, if one does."""
    if marks.sum() < LEAST_TILES:
        return None
    area = _moving(new, old, marks)
    if area is None:
        return None
    mine, theirs = _hashes(area.of(new)), _hashes(area.of(old))
    height = area.height
    at = _once(mine, theirs)
    shift = np.where(at >= 0, at - np.arange(height), height)
    votes = np.bincount(shift + height, minlength=2 * height + 1)
    votes[[height, 2 * height]] = 0
    down = int(votes.argmax()) - height
    if votes.max() < LEAST_ROWS:
        return None
    rows = np.flatnonzero(shift == down)
    top = int(rows[0])
    return Move(Box(area.left, area.top + top, area.width, int(rows[-1]) + 1 - top), down)


def find_drag(new: Picture, old: Picture, marks: Marks) -> Move | None:
    """Return the move in any direction that explains most of the marked tiles, if one does."""
    if marks.sum() < LEAST_TILES:
        return None
    area = _around(marks)
    found = None
    if area.width * area.height >= PROBED:
        middle = _middle(area)
        around = Box(
            middle.left - REACH, middle.top - REACH, middle.width + 2 * REACH, middle.height + 2 * REACH
        )
        found, spots = _voted(new, old, middle, around.within(area) or area, PICKED // 4)
        is_most = area.width * area.height * 2 >= new.size
        if found is None and spots >= TELLING and is_most:
            return None
    if found is None:
        found, _ = _voted(new, old, area, area, PICKED)
    if found is None:
        return None
    seed = found.row - area.top, found.column - area.left
    box = _grown(area.of(new), area.of(old), found.down, found.across, seed)
    return Move(box.moved(area.left, area.top), found.down, found.across) if box else None


@frozen
class _Vote:
    """How far something has moved, and a place within it."""

    down: int
    across: int
    row: int
    column: int


def _middle(area: Box) -> Box:
    """Return the middle of a box, half as wide and high if that is not much."""
    width, height = min(area.width // 2, MIDDLE_WIDTH), min(area.height // 2, MIDDLE_HEIGHT)
    return Box(area.left + (area.width - width) // 2, area.top + (area.height - height) // 2, width, height)


def _voted(new: Picture, old: Picture, mine: Box, theirs: Box, picked: int) -> tuple[_Vote | None, int]:
    """Return what most spots in a box of the new picture say has moved there, and how many there are."""
    below = int(min(picked / (theirs.width * theirs.height), 0.25) * (1 << 32))
    rows, columns, hashes = _spots(mine.of(new), below, SPOT_ROWS)
    old_rows, old_columns, old_hashes = _spots(theirs.of(old), below, 1)
    if not hashes.size or not old_hashes.size:
        return None, hashes.size
    at = _once(hashes, old_hashes)
    known = np.flatnonzero(at >= 0)
    down = old_rows[at[known]] + (theirs.top - mine.top) - rows[known]
    across = old_columns[at[known]] + (theirs.left - mine.left) - columns[known]
    moved = (down != 0) | (across != 0)
    known, down, across = known[moved], down[moved], across[moved]
    if known.size < LEAST_VOTES:
        return None, hashes.size
    shifts, votes = np.unique(down * FAR + across, return_counts=True)
    if votes.max() < LEAST_VOTES:
        return None, hashes.size
    voters = known[down * FAR + across == shifts[votes.argmax()]]
    first = np.flatnonzero(known == voters[0])[0]
    row, column = mine.top + int(np.median(rows[voters])), mine.left + int(np.median(columns[voters]))
    return _Vote(int(down[first]), int(across[first]), row, column), hashes.size


def carried(lossy: Marks, move: Move) -> Marks:
    """Return which of the tiles that a move reaches get something from a tile that is not exact."""
    rows = _sources(move.box.top, move.box.bottom, move.down)
    columns = _sources(move.box.left, move.box.right, move.across)
    found = np.zeros((len(rows[0]), len(columns[0])), np.bool_)
    for row in rows:
        for column in columns:
            found |= lossy[np.ix_(row, column)]
    return found


def _sources(begin: int, end: int, by: int) -> tuple[Numbers, Numbers]:
    """Return for each tile between two lines the first and the last tile that its pixels come from."""
    tiles = np.arange(begin // SIDE, -(-end // SIDE))
    first = np.maximum(tiles * SIDE, begin) + by
    last = np.minimum((tiles + 1) * SIDE, end) - 1 + by
    return first // SIDE, last // SIDE


def covered(block: Block, box: Box) -> Marks:
    """Return which tiles of a block a box covers whole."""
    rows, columns = np.arange(block.rows) + block.row, np.arange(block.columns) + block.column
    is_row = (rows * SIDE >= box.top) & ((rows + 1) * SIDE <= box.bottom)
    is_column = (columns * SIDE >= box.left) & ((columns + 1) * SIDE <= box.right)
    found: Marks = is_row[:, None] & is_column
    return found


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


def _around(marks: Marks) -> Box:
    """Return the box around what is marked but for single tiles far from the rest."""
    rows, columns = marks.sum(axis=1), marks.sum(axis=0)
    many_rows = np.flatnonzero(rows * 4 >= rows.max())
    many_columns = np.flatnonzero(columns * 4 >= columns.max())
    top, left = int(many_rows[0]), int(many_columns[0])
    block = Block(top, left, int(many_rows[-1]) + 1 - top, int(many_columns[-1]) + 1 - left)
    return block.pixels(marks.shape[1] * SIDE, marks.shape[0] * SIDE)


def _hashes(pixels: Picture) -> npt.NDArray[np.uint64]:
    step = max(1, pixels.shape[1] // SAMPLES)
    sample = pixels[:, ::step]
    hashes: npt.NDArray[np.uint64] = (sample * WEIGHTS[: sample.shape[1]]).sum(axis=1)
    return hashes


def _once(mine: npt.NDArray[np.uint64], theirs: npt.NDArray[np.uint64]) -> Numbers:
    """Return where each of mine is among theirs, -1 if it is not there exactly once."""
    values, first, counts = np.unique(theirs, return_index=True, return_counts=True)
    values, first = values[counts == 1], first[counts == 1]
    if not values.size:
        return np.full(mine.shape, -1)
    at = np.minimum(np.searchsorted(values, mine), values.size - 1)
    return np.where(values[at] == mine, first[at], -1)


def _spots(pixels: Picture, below: int, step: int) -> tuple[Numbers, Numbers, npt.NDArray[np.uint64]]:
    """Return rows, columns and hashes of spots picked by their looks alone."""
    height, width = pixels.shape[0] - SPOT_HEIGHT, pixels.shape[1] - SPOT_WIDTH
    # Band by band, for each fits into the processor's cache.
    bands = [_picked(pixels[top : min(top + BAND, height) : step], below) for top in range(0, height, BAND)]
    looks = np.concatenate([one[1] for one in bands])
    rows = np.concatenate([number * BAND + one[0] // width * step for number, one in enumerate(bands)])
    columns = np.concatenate([one[0] % width for one in bands])
    if looks.size > MOST_SPOTS:
        few = looks < np.partition(looks, MOST_SPOTS)[MOST_SPOTS]
        rows, columns = rows[few], columns[few]
    seen = sliding_window_view(pixels, (SPOT_HEIGHT, SPOT_WIDTH))[rows, columns]
    flat = seen.reshape(len(rows), SPOT_HEIGHT * SPOT_WIDTH)
    hashes: npt.NDArray[np.uint64] = (flat * WEIGHTS[: flat.shape[1]]).sum(axis=1)
    return rows, columns, hashes


def _picked(rows: Picture, below: int) -> tuple[Numbers, Picture]:
    """Return the places of spots in some rows, and the numbers by which they were picked."""
    width = rows.shape[1] - SPOT_WIDTH
    mixed = rows * ODD[0]
    for number, by in enumerate((1, 2, 4, 8), start=1):
        mixed = mixed[:, :-by] + mixed[:, by:] * ODD[number]
    mixed = mixed[:, :width]
    # Flat places look alike everywhere.
    places = np.flatnonzero((mixed < below) & (rows[:, 7 : width + 7] != rows[:, 8 : width + 8]))
    return places, mixed.ravel()[places]


def _grown(new: Picture, old: Picture, down: int, across: int, seed: tuple[int, int]) -> Box | None:
    """Return the box around the seed in which the move puts most right and least wrong."""
    height, width = new.shape
    top, bottom = max(0, -down), min(height, height - down)
    left, right = max(0, -across), min(width, width - across)
    here = new[top:bottom, left:right]
    right_after = here == old[top + down : bottom + down, left + across : right + across]
    right_before = here == old[top:bottom, left:right]
    gain = right_after.view(np.int8) - right_before.view(np.int8)
    row, column = seed[0] - top, seed[1] - left
    rows, columns = slice(max(0, row - SIDE), row + SIDE), slice(0, right - left)
    for _ in range(2):
        columns = _best(gain[rows].sum(axis=0, dtype=np.int32), column)
        rows = _best(gain[:, columns].sum(axis=1, dtype=np.int32), row)
    if gain[rows, columns].sum(dtype=np.int64) < LEAST_GAIN:
        return None
    box = Box(left + columns.start, top + rows.start, columns.stop - columns.start, rows.stop - rows.start)
    return box if box.width and box.height else None


def _best(gains: npt.NDArray[np.int32], middle: int) -> slice:
    """Return the range around the middle with the greatest sum."""
    ahead, behind = np.cumsum(gains[middle:]), np.cumsum(gains[:middle][::-1])
    end = middle + int(ahead.argmax()) + 1
    begin = middle - (int(behind.argmax()) + 1) if behind.size and behind.max() > 0 else middle
    return slice(begin, end)
