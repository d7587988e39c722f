"""What one quality class has been sent, and what it should be sent next. Pure.

Nothing is ever queued: what could not be sent is marked, and the next picture is made of the newest
pixels. Tiles sent as JPEG are sent again exactly once they have been calm for a moment.
"""

from collections.abc import Iterator, Sequence
from functools import partial, reduce

import numpy as np
from attrs import define, field

from deskside_screen.encode import EXACT, Look, copy, told
from deskside_screen.jobs import Job
from deskside_screen.memory import NOWHERE, Memory, Places
from deskside_screen.mending import most_repairs
from deskside_screen.messages import Packing
from deskside_screen.moves import Move, carried, covered, find_drag, find_scroll
from deskside_screen.moving import Moving, beside
from deskside_screen.reel import Reel
from deskside_screen.tiles import (
    SIDE,
    Block,
    Box,
    Marks,
    Picture,
    Times,
    blank,
    blocks,
    changed_box,
    changed_tiles,
    photo_tiles,
    shape_of,
)

CALM_S = 0.25
MOST_TILES = 60
MOST_SUSPECTS = 24
FEW_TILES = 16
NARROW_BYTES = 128 * 1024
"""With less room than this, pieces are kept small."""
TILE_BYTES = 2048
"""What a tile of text may take: on the narrowest line a piece is no more than there is room for."""
MOST_MOVES = 3
LEAST_TILES = 8
SETTLED_S = 1.0
LEAST_KEPT = 3
KEPT_BYTES = 64
"""The room that there must be for each tile to be kept at a time."""
IN_VAIN_MOST = 4


@define(eq=False)
class Shown:
    """What the pages of one class show, as far as it is on its way to them."""

    width: int
    height: int
    sent: Picture = field(init=False)
    stale: Marks = field(init=False)
    """Tiles to be looked at: they have changed, or what pages show there is unknown."""
    unknown: Marks = field(init=False)
    """Tiles to be sent whatever they hold."""
    lossy: Marks = field(init=False)
    changed_at: Times = field(init=False)
    is_begun: bool = False
    suspects: list[Box] = field(factory=list)
    """Where something may have changed since the last plan."""
    due: float = 0.0
    """When it may be sent something again."""
    found_changes: bool = False
    """Whether the last plan found any."""
    memory: Memory = field(init=False)
    reel: Reel = field(init=False)
    _changed: Marks = field(init=False)
    """Tiles that the last plan found changed; others may be stale because they did not leave."""
    _first: tuple[int, int] = (0, 0)
    _in_vain: int = 0
    _pass_over: int = 0

    def __attrs_post_init__(self) -> None:
        shape = shape_of(self.width, self.height)
        self.sent = blank(self.width, self.height)
        self.stale = np.ones(shape, np.bool_)
        self.unknown = np.ones(shape, np.bool_)
        self.lossy = np.zeros(shape, np.bool_)
        self.changed_at = np.zeros(shape, np.float64)
        self._changed = np.zeros(shape, np.bool_)
        self.memory = Memory(*shape)
        self.reel = Reel(Moving(self.width, self.height))

    def begin(self) -> None:
        """Begin anew: the pages know nothing."""
        self.stale[:] = self.unknown[:] = True
        self.lossy[:] = False
        self.memory.clear()
        self.reel.begin()
        self.is_begun = True

    def note(self, damage: Box) -> None:
        """Note where something may have changed."""
        self.suspects.append(damage)
        if len(self.suspects) > MOST_SUSPECTS:
            self.suspects = [reduce(Box.joined, self.suspects)]

    def hide(self, place: Box) -> None:
        """Have a box sent whole and first, whatever pages show there; nothing is moved until it has left."""
        block = Block.around(place)
        block.of(self.stale)[:] = block.of(self.unknown)[:] = True
        self._first = block.place
        # The next picture of a video would rest on one that still shows it.
        self.reel.renew()

    def has_news(self) -> bool:
        """Tell whether a plan may hold more than what is done in calm."""
        return bool(self.suspects) or bool(self.stale.any())

    def calm_at(self) -> float | None:
        """Return when enough will have been calm for long enough to be mended or kept."""
        times = [float(self.changed_at[self.lossy].min()) + CALM_S] if self.lossy.any() else []
        waits = self.changed_at[self._unkept()]
        if waits.size >= LEAST_KEPT:
            times.append(float(np.partition(waits, LEAST_KEPT - 1)[LEAST_KEPT - 1]) + SETTLED_S)
        return min(times, default=None)

    def plan(self, picture: Picture, now: float, quality: int, room_bytes: int) -> Iterator[Job]:
        """Yield what to encode, taking each as sent when it is yielded; changes first, then repairs."""
        marks, moved = self._marks(picture, now), list[Box]()
        if not self.unknown.any():
            yield from self._filmed(picture, now, quality, room_bytes)
            for move in self._moves(picture, self.stale.copy()):
                moved.append(move.box)
                yield self._moved(move, now)
            yield from self._recalled(picture)
            marks = self.stale.copy()
        photo = photo_tiles(picture, marks)
        if not self.unknown.any():
            seek = partial(changed_box, picture, self.sent)
            self.reel.note(picture, marks, beside(photo, moved), now, seek)
        few = max(1, min(FEW_TILES, room_bytes // TILE_BYTES))
        most = few if room_bytes < NARROW_BYTES else MOST_TILES
        work = [(block, EXACT) for block in blocks(marks & ~photo, most)]
        work += [(block, Look(quality)) for block in blocks(photo, most)]
        # It begins where the last picture ran out of room, so that no part of the screen starves.
        work.sort(key=lambda one: (one[0].place < self._first, one[0].place))
        self._first = (0, 0)
        for block, look in work:
            yield from self._take(picture, block, look, self.unknown)
        busy = int((self.changed_at > now - CALM_S).sum())
        for block in blocks(self._calm(now, most_repairs(busy, room_bytes)), most):
            yield from self._take(picture, block, EXACT, self.lossy)
        yield from self._kept(now, room_bytes)

    def returned(self, jobs: Sequence[Job], begun: Job | None) -> None:
        """Take back jobs that did not leave; of the one that was begun a part did."""
        for job in reversed(jobs):
            if job.piece is not None and job.piece.packing is Packing.KEEP and job.places:
                self.memory.forget(job.places)
                continue
            job.block.of(self.stale)[:] = True
            if job.film is not None:
                self.reel.renew()
            if job.before is None or job is begun:
                job.block.of(self.unknown)[:] = True
            else:
                job.box.of(self.sent)[:] = job.before
                job.block.of(self.lossy)[:] = job.was_lossy
        if jobs:
            self._first = jobs[0].block.place

    def _marks(self, picture: Picture, now: float) -> Marks:
        """Return the tiles to send, and mark them until they are taken."""
        self.found_changes = False
        self._changed[:] = False
        self.changed_at[self.unknown] = now
        self.memory.left(self.unknown)
        if self.suspects:
            changed = np.zeros_like(self.stale)
            for box in self.suspects:
                block = Block.around(box)
                block.of(changed)[:] |= block.changed(picture, self.sent)
            self.suspects = []
            self.found_changes, self._changed = bool(changed.any()), changed
            self.changed_at[changed] = now
            self.memory.left(changed)
            self.stale |= changed
        return self.stale.copy()

    def _kept(self, now: float, room_bytes: int) -> Iterator[Job]:
        """Let pages keep what has been shown exactly for a while."""
        worth = self._unkept() & (self.changed_at <= now - SETTLED_S)
        if worth.sum() < LEAST_KEPT:
            return
        worth.flat[np.flatnonzero(worth)[max(LEAST_KEPT, room_bytes // KEPT_BYTES) :]] = False
        places = self.memory.keep(self.sent, worth)
        if places is not None:
            yield self._told(Packing.KEEP, places)

    def _unkept(self) -> Marks:
        return self._whole((self.memory.at == NOWHERE) & ~self.lossy & ~self.stale)

    def _filmed(self, picture: Picture, now: float, quality: int, room_bytes: int) -> Iterator[Job]:
        """Take what keeps moving as sent by video, if that pays; it is sent exactly once it is calm."""
        box = self.reel.now(picture, self._changed, now)
        if box is None:
            return
        block = Block.around(box)
        before, was_lossy = box.of(self.sent).copy(), block.of(self.lossy).copy()
        box.of(self.sent)[:] = box.of(picture)
        around = block.padded()
        block.of(self.stale)[:] = changed_tiles(around.of(picture), around.of(self.sent), 0, block.rows)
        block.of(self.lossy)[:] = True
        block.of(self.changed_at)[:] = now + self.reel.moving.pause_s
        film = self.reel.encoder(box, quality, room_bytes)
        yield Job(block, box, Look(quality), before, was_lossy, film=film)

    def _recalled(self, picture: Picture) -> Iterator[Job]:
        """Let pages paint what they have kept."""
        places = self.memory.recall(picture, self._whole(self.stale))
        if places is None:
            return
        where = places.rows, places.columns
        for row, column in zip(places.rows.tolist(), places.columns.tolist(), strict=True):
            box = Box(column * SIDE, row * SIDE, SIDE, SIDE)
            box.of(self.sent)[:] = box.of(picture)
        self.stale[where] = self.lossy[where] = False
        yield self._told(Packing.RECALL, places)

    def _told(self, packing: Packing, places: Places) -> Job:
        top, left = int(places.rows.min()), int(places.columns.min())
        block = Block(top, left, int(places.rows.max()) + 1 - top, int(places.columns.max()) + 1 - left)
        box = block.pixels(self.width, self.height)
        return Job(block, box, EXACT, piece=told(packing, box, places.packed()), places=places)

    def _whole(self, marks: Marks) -> Marks:
        """Return the marked tiles that are not cut off by an edge."""
        whole = marks.copy()
        whole[self.height // SIDE :] = False
        whole[:, self.width // SIDE :] = False
        return whole

    def _moves(self, picture: Picture, marks: Marks) -> Iterator[Move]:
        """Yield what has moved; each is to be taken before the next is looked for."""
        for number in range(MOST_MOVES):
            move = find_scroll(picture, self.sent, marks)
            if move is None and self._pass_over:
                # Having looked in vain, it does not look in each of the next pictures: that costs time.
                self._pass_over -= 1
                return
            move = move or find_drag(picture, self.sent, marks)
            before = marks.sum()
            if move is None:
                is_vain = number == 0 and before >= LEAST_TILES
                self._in_vain = min(IN_VAIN_MOST, self._in_vain + 1) if is_vain else 0
                self._pass_over = self._in_vain
                return
            yield move
            marks = self._after_move(picture, marks)
            if marks.sum() * 2 < before:
                return

    def _moved(self, move: Move, now: float) -> Job:
        """Take a move as sent; what it carries along is as exact as it was."""
        block = Block.around(move.box)
        inexact = carried(self.lossy, move)
        block.of(self.lossy)[:] = inexact | (block.of(self.lossy) & ~covered(block, move.box))
        block.of(self.changed_at)[inexact] = now
        move.box.of(self.sent)[:] = move.source.of(self.sent).copy()
        return Job(block, move.box, EXACT, piece=copy(move.box, move.source))

    def _after_move(self, picture: Picture, marks: Marks) -> Marks:
        """Return what still differs."""
        rows = np.flatnonzero(marks.any(axis=1))
        left = self.stale
        left[:] = changed_tiles(picture, self.sent, int(rows[0]), int(rows[-1]) + 1)
        return left.copy()

    def _take(self, picture: Picture, block: Block, look: Look, all_of: Marks) -> Iterator[Job]:
        box = block.pixels(self.width, self.height)
        is_unknown, is_whole = block.of(self.unknown).any(), block.of(all_of).any()
        cropped = box if is_whole else changed_box(picture, self.sent, box)
        was_lossy = block.of(self.lossy).copy()
        block.of(self.stale)[:] = block.of(self.unknown)[:] = False
        if look.is_exact and cropped == box:
            block.of(self.lossy)[:] = False
        elif not look.is_exact:
            block.of(self.lossy)[:] = True
        if cropped is None:
            return
        before = None if is_unknown else cropped.of(self.sent).copy()
        cropped.of(self.sent)[:] = cropped.of(picture)
        yield Job(block, cropped, look, before, was_lossy)

    def _calm(self, now: float, most: int) -> Marks:
        """Return up to so many tiles that are to be mended, from the top."""
        calm = self.lossy & ~self.stale & (self.changed_at <= now - CALM_S)
        places = np.flatnonzero(calm)
        calm.flat[places[most:]] = False
        return calm
