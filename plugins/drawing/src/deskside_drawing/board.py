"""Everything drawn in a session: bounded, with undo and redo for each person. Pure."""

from collections.abc import Collection, Iterator

from attrs import define, evolve, field

from deskside_drawing.messages import (
    MOST_POINTS,
    Drawn,
    DrawnOn,
    Finished,
    Point,
    Removed,
    Shape,
    Stroke,
    StrokeBegun,
)

MOST_POINTS_IN_ALL = 40_000
MOST_UNDONE = 100
FARTHEST = 32_767
Change = Drawn | DrawnOn | Finished | Removed
Changes = tuple[Change, ...]


@define
class Board:
    """Every act returns what changed, in the words that pages are told."""

    most_strokes: int = 500
    strokes: dict[int, Stroke] = field(factory=dict)
    """By id, the topmost last."""
    _undone: dict[int, list[Stroke]] = field(factory=dict)
    _pens: dict[int, int] = field(factory=dict)
    """The stroke each person draws now."""
    _points: int = 0
    _last_id: int = 0

    def begin(self, by: int, begun: StrokeBegun, colour: str) -> Changes:
        """Put a person's pen down; what he took back is gone for good."""
        lifted = self.lift(by)
        self._undone.pop(by, None)
        self._last_id += 1
        place = clamped((begun.x, begun.y))
        stroke = Stroke(self._last_id, by, begun.stroke, begun.shape, colour, begun.width, (place,))
        self._pens[by] = stroke.id
        return (*lifted, *self._put(stroke))

    def go_on(self, by: int, mark: int, points: tuple[Point, ...]) -> Changes:
        """Move a person's pen."""
        stroke = self._drawing(by, mark)
        if stroke is None:
            return ()
        added = tuple(clamped(point) for point in points)
        start = len(stroke.points)
        if stroke.shape is Shape.CURVE:
            added = added[: MOST_POINTS - start]
        else:
            start, added = 1, added[-1:]
        if not added:
            return ()
        self._replace(evolve(stroke, points=stroke.points[:start] + added))
        return (DrawnOn(stroke.id, start, added), *self._forget_oldest())

    def end(self, by: int, mark: int) -> Changes:
        """Lift a person's pen off the stroke he calls so."""
        return () if self._drawing(by, mark) is None else self.lift(by)

    def lift(self, by: int) -> Changes:
        """End whatever a person draws; a shape without a second point was none."""
        id_ = self._pens.pop(by, 0)
        stroke = self.strokes.get(id_)
        if stroke is None:
            return ()
        if len(stroke.points) == 1 and stroke.shape is not Shape.CURVE:
            return self._remove((id_,))
        self.strokes[id_] = evolve(stroke, is_done=True)
        return (Finished(id_),)

    def undo(self, by: int) -> Changes:
        """Take a person's last finished stroke back."""
        for stroke in reversed(self.strokes.values()):
            if stroke.by == by and stroke.is_done:
                undone = self._undone.setdefault(by, [])
                undone.append(stroke)
                del undone[:-MOST_UNDONE]
                return self._remove((stroke.id,))
        return ()

    def redo(self, by: int) -> Changes:
        """Draw what a person took back last again, on top."""
        undone = self._undone.get(by)
        return self._put(undone.pop()) if undone else ()

    def reset(self) -> Changes:
        """Remove everything, for good."""
        self._undone.clear()
        self._pens.clear()
        return self._remove(tuple(self.strokes))

    def keep_only(self, people: Collection[int]) -> Changes:
        """End what others draw, and forget what they took back: they will not come again."""
        for by in set(self._undone) - set(people):
            del self._undone[by]
        return tuple(change for by in set(self._pens) - set(people) for change in self.lift(by))

    def remove_others(self) -> Changes:
        """Remove, for good, all but what the customer himself drew."""
        for kept in (self._undone, self._pens):
            for by in [by for by in kept if by]:
                del kept[by]
        return self._remove(tuple(id_ for id_, stroke in self.strokes.items() if stroke.by))

    def _drawing(self, by: int, mark: int) -> Stroke | None:
        stroke = self.strokes.get(self._pens.get(by, 0))
        return stroke if stroke is not None and stroke.mark == mark else None

    def _put(self, stroke: Stroke) -> Changes:
        self.strokes[stroke.id] = stroke
        self._points += len(stroke.points)
        return (Drawn(stroke), *self._forget_oldest())

    def _replace(self, stroke: Stroke) -> None:
        self._points += len(stroke.points) - len(self.strokes[stroke.id].points)
        self.strokes[stroke.id] = stroke

    def _remove(self, ids: tuple[int, ...]) -> Changes:
        for id_ in ids:
            self._points -= len(self.strokes.pop(id_).points)
        return (Removed(ids),) if ids else ()

    def _forget_oldest(self) -> Iterator[Change]:
        while len(self.strokes) > self.most_strokes or self._points > MOST_POINTS_IN_ALL:
            yield from self._remove((next(iter(self.strokes)),))


def clamped(point: Point) -> Point:
    """Return a point that every window system can count to."""
    x, y = point
    return (max(-FARTHEST, min(FARTHEST, x)), max(-FARTHEST, min(FARTHEST, y)))
