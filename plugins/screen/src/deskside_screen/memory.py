"""Tiles seen before: pages keep some in numbered slots, and this end says which go where. Pure.

The rule is the same on both ends because only this end decides: it says which shown tile goes into which
slot, and which slot is painted where. Pages keep no more than SLOTS tiles, and paint none from an empty slot.
What is shown is kept once it is calm, so that nothing has to be kept when much changes at once.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import define, field

from deskside_screen.messages import SLOTS
from deskside_screen.tiles import SIDE, Marks, Picture

MOST_AT_ONCE = 512
NOWHERE, NOT_WORTH = SLOTS, SLOTS + 1
SAMPLED_ROWS = 4
"""One row in so many tells which tiles may be the same; only those are compared to the last pixel."""
WEIGHTS = np.random.default_rng(65).integers(
    1, 1 << 63, SIDE * SIDE // 2 // SAMPLED_ROWS, np.uint64
) | np.uint64(1)

Numbers = npt.NDArray[np.int64]
Tiles = npt.NDArray[np.uint64]


@define
class Places:
    """Tiles by row and column, and the slot of each."""

    rows: Numbers
    columns: Numbers
    slots: Numbers

    def packed(self) -> bytes:
        """Return column, row and slot of each tile as 16-bit numbers, little-endian."""
        return np.stack([self.columns, self.rows, self.slots], axis=1).astype("<u2").tobytes()


@define(eq=False)
class Memory:
    """What the pages of one class keep."""

    rows: int
    columns: int
    at: Numbers = field(init=False)
    """The slot in which what a tile shows is kept, or one of NOWHERE and NOT_WORTH."""
    _hashes: Tiles = field(factory=lambda: np.zeros(SLOTS, np.uint64))
    _used: Numbers = field(factory=lambda: np.zeros(SLOTS, np.int64))
    """When each was used last, counted in pictures; 0 for an empty one."""
    _count: int = 0
    _pixels: Tiles | None = None

    def __attrs_post_init__(self) -> None:
        self.at = np.full((self.rows, self.columns), NOWHERE)

    def clear(self) -> None:
        """Begin anew: the pages keep nothing."""
        self._used[:], self.at[:] = 0, NOWHERE

    def left(self, marks: Marks) -> None:
        """Note that tiles show something else now; what they showed may come back."""
        slots = self.at[marks]
        self._count += 1
        self._used[slots[(slots != NOWHERE) & (slots != NOT_WORTH)]] = self._count
        self.at[marks] = NOWHERE

    def keep(self, sent: Picture, marks: Marks) -> Places | None:
        """Choose slots for what tiles show, in place of what is not shown and was not for longest."""
        rows, columns = _first(marks)
        samples = _tiles(sent, rows, columns, SAMPLED_ROWS)
        is_worth = ~(samples == samples[:, :1]).all(axis=1)
        hashes = _hashes(samples)
        known = self._slots_of(hashes, sent, rows, columns)
        fresh = np.flatnonzero(is_worth & (known < 0))
        fresh = np.sort(fresh[np.unique(hashes[fresh], return_index=True)[1]])
        # In the order of the slots, for neighbours that stay neighbours are kept at one stroke.
        slots = np.sort(self._free()[: fresh.size])
        fresh = fresh[: slots.size]
        self._remember(slots, hashes[fresh], _tiles(sent, rows[fresh], columns[fresh]))
        known[fresh] = slots
        # Those that look like others at a glance, or find no slot, are not tried again until they change.
        self.at[rows, columns] = np.where(is_worth & (known >= 0), known, NOT_WORTH)
        return Places(rows[fresh], columns[fresh], slots) if fresh.size else None

    def recall(self, picture: Picture, marks: Marks) -> Places | None:
        """Return which of the marked tiles are kept already."""
        if not self._used.any():
            return None
        rows, columns = _first(marks)
        hashes = _hashes(_tiles(picture, rows, columns, SAMPLED_ROWS))
        slots = self._slots_of(hashes, picture, rows, columns)
        found = np.flatnonzero(slots >= 0)
        if not found.size:
            return None
        self.at[rows[found], columns[found]] = slots[found]
        return Places(rows[found], columns[found], slots[found])

    def forget(self, places: Places) -> None:
        """Take back what did not reach the pages."""
        self._used[places.slots] = 0
        self.at[np.isin(self.at, places.slots)] = NOWHERE

    def _free(self) -> Numbers:
        """Return the slots that hold nothing shown, those not used for longest first."""
        is_shown = np.zeros(NOT_WORTH + 1, np.bool_)
        is_shown[self.at] = True
        order = np.argsort(self._used, kind="stable")
        return order[~is_shown[order]]

    def _slots_of(self, hashes: Tiles, picture: Picture, rows: Numbers, columns: Numbers) -> Numbers:
        """Return where each tile is kept to the last pixel, -1 for none."""
        slots = np.full(len(hashes), -1)
        kept = np.flatnonzero(self._used)
        if self._pixels is None or not kept.size:
            return slots
        order = kept[np.argsort(self._hashes[kept], kind="stable")]
        at = np.minimum(np.searchsorted(self._hashes[order], hashes), order.size - 1)
        likely = np.flatnonzero(self._hashes[order[at]] == hashes)
        tiles = _tiles(picture, rows[likely], columns[likely])
        same = (self._pixels[order[at[likely]]] == tiles).all(axis=1)
        slots[likely[same]] = order[at[likely[same]]]
        return slots

    def _remember(self, slots: Numbers, hashes: Tiles, tiles: Tiles) -> None:
        if self._pixels is None:
            self._pixels = np.empty((SLOTS, SIDE * SIDE // 2), np.uint64)
        self._pixels[slots], self._hashes[slots], self._used[slots] = tiles, hashes, self._count + 1


def _first(marks: Marks) -> tuple[Numbers, Numbers]:
    rows, columns = np.nonzero(marks)
    return rows[:MOST_AT_ONCE], columns[:MOST_AT_ONCE]


def _tiles(picture: Picture, rows: Numbers, columns: Numbers, step: int = 1) -> Tiles:
    """Return tiles, or one in so many of their rows, as rows of pixels, two in a number."""
    shape = picture.shape[0] // SIDE, SIDE, picture.shape[1] // SIDE, SIDE // 2
    wide: Any = picture.view(np.uint64).reshape(shape)[:, step // 2 :: step]
    found: Tiles = wide[rows, :, columns].reshape(len(rows), SIDE * SIDE // 2 // step)
    return found


def _hashes(tiles: Tiles) -> Tiles:
    found: Tiles = (tiles * WEIGHTS).sum(axis=1)
    return found
