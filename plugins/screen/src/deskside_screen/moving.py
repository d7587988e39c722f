"""Finds the one rectangle that keeps moving, to be sent as video. Pure.

It is told which photo-like tiles each picture changed that nothing else explains: what scrolls or is dragged
never gets here. A rectangle begins after several pictures and ends once most of it has been calm a moment.
"""

from collections import deque
from collections.abc import Callable, Collection

import numpy as np
import numpy.typing as npt
from attrs import define, field

from deskside_screen.moves import covered
from deskside_screen.tiles import SIDE, Block, Box, Marks, Picture, Times, photo_tiles

WINDOW_S = 0.5
LONGEST_S = 4.0
"""On a slow line pictures are few: they count for so long then."""
LEAST_PICTURES = 4
LEAST_S = 0.2
MOSTLY = 0.5
LEAST_SIDE = 2
"""Tiles: anything flatter is what the edge of a moving window leaves."""
MOST_TILES = 1024
DENSE, PHOTO_LIKE = 0.7, 0.5
"""The parts of a rectangle that move, and that look like a photo too, when it begins."""
CALM_S = 0.75
STAYS = 0.4
"""The part that must have moved lately for it to go on."""
WORTH = 0.1
"""The part that must have changed for a picture of it."""
CLEAR = 0.85
"""If fewer of its tiles than this look like a photo, there is text among them."""
RIPE = 2
"""Pictures over which its edges are looked for."""

ROWS = 8
"""One row in so many tells whether a tile has changed since the last picture."""
WEIGHTS = np.random.default_rng(66).integers(1, 1 << 63, SIDE // ROWS * SIDE // 2, np.uint64) | np.uint64(1)
LONGEST_PAUSE_S = 0.4

Seek = Callable[[Box], Box | None]
"""Returns the box around the differing pixels within a box."""


@define(eq=False)
class Moving:
    """The moving rectangle of a picture, and how it is found."""

    width: int
    height: int
    box: Box | None = None
    has_text: bool = False
    """Whether there seems to be text in it."""
    _changed: deque[tuple[float, Marks, Marks]] = field(factory=deque)
    _counts: npt.NDArray[np.int32] | None = None
    """Of photo-like tiles, in how many of these pictures they changed."""
    _all_counts: npt.NDArray[np.int32] | None = None
    _edges: Box | None = None
    _ripe: int = 0
    _moved_at: Times = field(factory=lambda: np.zeros((0, 0)))
    _hashes: npt.NDArray[np.uint64] | None = None
    _paid_at: float = 0.0
    pause_s: float = 0.0
    """How much longer than usual its tiles must be calm to count as calm: pictures of it come that seldom."""

    def clear(self) -> None:
        """Begin anew."""
        self.box = None
        self._forget()

    def goes_on(self, photo: Marks, now: float) -> bool:
        """Tell whether a picture of it pays, given its photo-like changes; it ends once it is calm."""
        if self.box is None:
            return False
        mine = Block.around(self.box).of(photo)
        self._moved_at[mine] = now
        if (self._moved_at > now - CALM_S).mean() < STAYS:
            self.clear()
            return False
        if mine.mean() < WORTH:
            return False
        self.pause_s, self._paid_at = min(LONGEST_PAUSE_S, 1.5 * (now - self._paid_at)), now
        return True

    def note(self, picture: Picture, photo: Marks, marks: Marks, now: float, seek: Seek) -> None:
        """Note which tiles changed that nothing explained; begin a rectangle if photo-like ones go on."""
        if not self._changed and not photo.any():
            return
        if self._counts is None or self._all_counts is None:
            self._counts, self._all_counts = np.zeros(photo.shape, np.int32), np.zeros(photo.shape, np.int32)
        fresh = self._fresh(picture, photo)
        self._changed.append((now, fresh, marks))
        self._counts += fresh
        self._all_counts += marks
        while self._is_old(now):
            _, fresh, marks = self._changed.popleft()
            self._counts -= fresh
            self._all_counts -= marks
        found = self._candidate()
        edges = seek(found.pixels(self.width, self.height)) if found is not None else None
        if edges is None:
            self._edges, self._ripe = None, 0
            return
        self._edges, self._ripe = edges.joined(self._edges), self._ripe + 1
        if self._ripe >= RIPE:
            self._begin(picture, self._edges, now)

    def _fresh(self, picture: Picture, photo: Marks) -> Marks:
        """Return which tiles differ from the last picture: what a full line refused comes again unchanged."""
        if self._hashes is None:
            self._hashes = np.zeros(photo.shape, np.uint64)
        where, (rows, columns) = np.nonzero(photo), photo.shape
        wide = picture.view(np.uint64).reshape(rows, SIDE, columns, SIDE // 2)
        sample = wide[:, ROWS // 2 :: ROWS].swapaxes(1, 2)[where]
        hashes = (sample.reshape(len(sample), WEIGHTS.size) * WEIGHTS).sum(axis=1)
        fresh = np.zeros_like(photo)
        fresh[where] = hashes != self._hashes[where]
        self._hashes[where] = hashes
        return fresh

    def _is_old(self, now: float) -> bool:
        oldest = self._changed[0][0]
        return oldest < now - LONGEST_S or (len(self._changed) > LEAST_PICTURES and oldest < now - WINDOW_S)

    def _candidate(self) -> Block | None:
        if self._counts is None or self._all_counts is None or len(self._changed) < LEAST_PICTURES:
            return None
        if self._changed[-1][0] - self._changed[0][0] < LEAST_S:
            return None
        most = len(self._changed) * MOSTLY
        moving = self._all_counts >= most
        found = cluster(self._counts >= most, moving)
        # Tiles at its edges need not look like a photo: of some it has a few pixels only.
        return widened(found, moving) if found is not None else None

    def _begin(self, picture: Picture, edges: Box, now: float) -> None:
        """Begin a rectangle, or widen the one that is there if the new one touches it."""
        wide = edges if self.box is None else edges.joined(self.box)
        if self.box is not None and _area(wide) > 2 * (_area(self.box) + _area(edges)):
            self._forget()
            return
        box = even(wide, self.width, self.height)
        self._forget()
        block = Block.around(box)
        if block.tiles <= MOST_TILES and min(box.width, box.height) > 1:
            self.box, self._paid_at = box, now
            self._moved_at = np.full((block.rows, block.columns), now)
            inside = covered(block, box)
            looks = photo_tiles(block.padded().of(picture), inside)
            self.has_text = bool(inside.any() and looks[inside].mean() < CLEAR)

    def _forget(self) -> None:
        self._changed.clear()
        self._counts, self._all_counts, self._edges, self._ripe = None, None, None, 0


def cluster(photo: Marks, moving: Marks) -> Block | None:
    """Return the rectangle around most of the photo-like tiles, without single ones far from the rest."""
    columns = _run(photo.sum(axis=0))
    rows = _run(photo[:, columns].sum(axis=1))
    columns = _run(photo[rows].sum(axis=0))
    found = Block(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
    is_large = min(found.rows, found.columns) >= LEAST_SIDE
    if not is_large or found.of(photo).mean() < PHOTO_LIKE:
        return None
    return found if found.of(moving).mean() >= DENSE else None


def widened(block: Block, marks: Marks) -> Block:
    """Return a rectangle with those rows and columns right beside it that are mostly marked."""
    rows = slice(block.row, block.row + block.rows)
    columns = slice(block.column, block.column + block.columns)
    rows = _with_neighbours(rows, marks[:, columns].mean(axis=1))
    columns = _with_neighbours(columns, marks[rows].mean(axis=0))
    return Block(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)


def _with_neighbours(span: slice, shares: npt.NDArray[np.float64]) -> slice:
    many = np.concatenate((shares >= MOSTLY, [False]))
    before = int(span.start > 0 and many[span.start - 1])
    return slice(span.start - before, span.stop + int(many[span.stop]))


def beside(photo: Marks, boxes: Collection[Box]) -> Marks:
    """Return the tiles that do not touch a box that moved: what a move leaves open is no video."""
    found = photo.copy()
    for box in boxes:
        block = Block.around(box)
        rows, columns = slice(max(0, block.row - 1), block.row + block.rows + 1), max(0, block.column - 1)
        found[rows, columns : block.column + block.columns + 1] = False
    return found


def even(box: Box, width: int, height: int) -> Box:
    """Return a box with even sides within a picture: a pixel larger, or smaller where there is none."""
    left, across = _even(box.left, box.width, width)
    top, down = _even(box.top, box.height, height)
    return Box(left, top, across, down)


def _even(begin: int, size: int, most: int) -> tuple[int, int]:
    if size % 2 == 0:
        return begin, size
    if begin + size < most:
        return begin, size + 1
    return (begin - 1, size + 1) if begin else (begin, size - 1)


def _run(sums: npt.NDArray[np.intp]) -> slice:
    """Return where the numbers are large together."""
    many = np.concatenate(([False], sums * 4 >= max(1, int(sums.max())), [False]))
    edges = np.flatnonzero(many[1:] != many[:-1]).reshape(-1, 2)
    if not edges.size:
        return slice(0, 0)
    totals = np.concatenate(([0], np.cumsum(sums)))
    begin, end = edges[(totals[edges[:, 1]] - totals[edges[:, 0]]).argmax()].tolist()
    return slice(begin, end)


def _area(box: Box) -> int:
    return box.width * box.height
