"""Pictures as arrays of 64×64 tiles: what differs, what is photo-like, which rectangles cover it. Pure.

A picture is a `uint32` array (blue, green, red, unused) padded to whole tiles, so that all tiles look alike
to numpy. Nothing here loops over pixels, and over tiles only where something changed.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

SIDE = 64
SAMPLED_ROWS = 4
"""One row in so many is looked at to tell photos from text."""
PHOTO_BELOW = 0.4
"""A tile in which fewer pixels than this equal their left neighbour is taken for part of a photo."""

Picture = npt.NDArray[np.uint32]
Marks = npt.NDArray[np.bool_]
Times = npt.NDArray[np.float64]


@frozen
class Block:
    """A rectangle of tiles."""

    row: int
    column: int
    rows: int
    columns: int

    @classmethod
    def around(cls, box: "Box") -> "Block":
        """Return the tiles that a box touches."""
        row, column = box.top // SIDE, box.left // SIDE
        return cls(row, column, -(-box.bottom // SIDE) - row, -(-box.right // SIDE) - column)

    @property
    def place(self) -> tuple[int, int]:
        """Return its first row and column."""
        return self.row, self.column

    @property
    def tiles(self) -> int:
        """Return how many tiles it has."""
        return self.rows * self.columns

    def of(self, marks: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the part of a tile map that it covers, as a view."""
        return marks[self.row : self.row + self.rows, self.column : self.column + self.columns]

    def changed(self, new: Picture, old: Picture) -> Marks:
        """Return which of its tiles differ between two pictures."""
        marks = np.zeros((self.rows, self.columns), np.bool_)
        across = slice(self.column * SIDE, (self.column + self.columns) * SIDE)
        for row in range(self.rows):
            down = slice((self.row + row) * SIDE, (self.row + row + 1) * SIDE)
            mine, theirs = new[down, across].view(np.uint64), old[down, across].view(np.uint64)
            if not np.array_equal(mine, theirs):
                differing = np.logical_or.reduce(mine != theirs, axis=0)
                marks[row] = differing.reshape(self.columns, SIDE // 2).any(axis=1)
        return marks

    def pixels(self, width: int, height: int) -> "Box":
        """Return its pixels within a picture of this size."""
        left, top = self.column * SIDE, self.row * SIDE
        return Box(left, top, min(self.columns * SIDE, width - left), min(self.rows * SIDE, height - top))

    def padded(self) -> "Box":
        """Return its pixels within a picture that is padded to whole tiles."""
        return Box(self.column * SIDE, self.row * SIDE, self.columns * SIDE, self.rows * SIDE)


@frozen
class Box:
    """A rectangle of pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Return the first column right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Return the first row below it."""
        return self.top + self.height

    def of(self, picture: Picture) -> Picture:
        """Return its pixels as a view."""
        return picture[self.top : self.bottom, self.left : self.right]

    def joined(self, other: "Box | None") -> "Box":
        """Return the smallest box around both."""
        if other is None:
            return self
        left, top = min(self.left, other.left), min(self.top, other.top)
        return Box(left, top, max(self.right, other.right) - left, max(self.bottom, other.bottom) - top)

    def within(self, other: "Box") -> "Box | None":
        """Return the part of it that lies in the other."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        width, height = min(self.right, other.right) - left, min(self.bottom, other.bottom) - top
        return Box(left, top, width, height) if width > 0 and height > 0 else None

    def moved(self, across: int, down: int) -> "Box":
        """Return it elsewhere."""
        return Box(self.left + across, self.top + down, self.width, self.height)


def shape_of(width: int, height: int) -> tuple[int, int]:
    """Return rows and columns of tiles."""
    return -(-height // SIDE), -(-width // SIDE)


def blank(width: int, height: int) -> Picture:
    """Return a black picture, padded to whole tiles."""
    rows, columns = shape_of(width, height)
    return np.zeros((rows * SIDE, columns * SIDE), np.uint32)


def changed_tiles(new: Picture, old: Picture, first: int, last: int) -> Marks:
    """Return which tiles of the rows `first` to `last` (not included) differ; others count as equal."""
    rows, columns = new.shape[0] // SIDE, new.shape[1] // SIDE
    marks = np.zeros((rows, columns), np.bool_)
    if last > first:
        marks[first:last] = Block(first, 0, last - first, columns).changed(new, old)
    return marks


def changed_box(new: Picture, old: Picture, box: Box) -> Box | None:
    """Return the smallest box around the differing pixels within a box."""
    mine, theirs = box.of(new), box.of(old)
    edges = (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1])
    if all((mine[edge] != theirs[edge]).any() for edge in edges):
        return box
    differing = mine != theirs
    rows, columns = np.flatnonzero(differing.any(axis=1)), np.flatnonzero(differing.any(axis=0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Box(box.left + left, box.top + top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def photo_tiles(picture: Picture, marks: Marks) -> Marks:
    """Return which of the marked tiles look like parts of a photo."""
    rows, columns = marks.shape
    found = np.zeros_like(marks)
    tiles = picture.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2)[:, :, SAMPLED_ROWS // 2 :: SAMPLED_ROWS]
    where = np.nonzero(marks)
    if where[0].size:
        sample = tiles[where]
        equal = (sample[:, :, 1:] == sample[:, :, :-1]).mean(axis=(1, 2))
        found[where] = equal < PHOTO_BELOW
    return found


def blocks(marks: Marks, most_tiles: int) -> Iterator[Block]:
    """Cover the marked tiles, and no other, with few rectangles, from the top."""
    left = marks.copy()
    for row in np.flatnonzero(left.any(axis=1)).tolist():
        for column, columns in _runs(left[row], most_tiles):
            below = left[row : row + most_tiles // columns, column : column + columns]
            unmarked = np.flatnonzero(~below.all(axis=1))
            rows = int(unmarked[0]) if unmarked.size else below.shape[0]
            left[row : row + rows, column : column + columns] = False
            yield Block(row, column, rows, columns)


def _runs(marks: Marks, longest: int) -> Iterator[tuple[int, int]]:
    """Return where the runs of marked tiles in one row begin and how long they are."""
    edges = np.flatnonzero(np.diff(marks.astype(np.int8), prepend=0, append=0)).tolist()
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        for column in range(begin, end, longest):
            yield column, min(longest, end - column)
