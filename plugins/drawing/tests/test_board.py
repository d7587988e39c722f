"""The picture against a plain model of it: bounded, undo and redo for each person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from deskside_drawing.board import MOST_POINTS_IN_ALL, Board, Change, Changes, clamped
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
from deskside_drawing.pens import PALETTE, Pens

PEOPLE = st.integers(0, 2)
POINTS = st.lists(st.tuples(st.integers(-50_000, 50_000), st.integers(0, 900)), min_size=1, max_size=8)


def begun(mark: int, shape: Shape = Shape.CURVE, place: Point = (1, 2)) -> StrokeBegun:
    return StrokeBegun(mark, shape, "", 4, *place)


def draw(board: Board, by: int, mark: int) -> int:
    """Draw a whole stroke and return its id."""
    board.begin(by, begun(mark), "#123456")
    board.go_on(by, mark, ((5, 6),))
    board.end(by, mark)
    return next(reversed(board.strokes))


class Watching:
    """What a page knows that hears only the changes."""

    def __init__(self) -> None:
        self.strokes: dict[int, Stroke] = {}

    def hear(self, change: Change) -> None:
        match change:
            case Drawn(stroke):
                self.strokes.pop(stroke.id, None)
                self.strokes[stroke.id] = stroke
            case DrawnOn(id_, start, points):
                old = self.strokes[id_]
                self.strokes[id_] = Stroke(
                    id_, old.by, old.mark, old.shape, old.colour, old.width, old.points[:start] + points
                )
            case Finished(id_):
                old = self.strokes[id_]
                self.strokes[id_] = Stroke(
                    id_, old.by, old.mark, old.shape, old.colour, old.width, old.points, True
                )
            case Removed(ids):
                for id_ in ids:
                    del self.strokes[id_]


class ThreePeopleDraw(RuleBasedStateMachine):
    """The model: each person has a list of what stands and a list of what he took back."""

    @initialize(most=st.integers(3, 12))
    def start(self, most: int) -> None:
        self.board = Board(most)
        self.most = most
        self.order: list[int] = []
        self.done: dict[int, list[int]] = {0: [], 1: [], 2: []}
        self.undone: dict[int, list[int]] = {0: [], 1: [], 2: []}
        self.drawing: dict[int, int] = {}
        self.points: dict[int, list[Point]] = {}
        self.page = Watching()
        self.mark = 0

    def note(self, changes: Changes) -> None:
        for change in changes:
            self.page.hear(change)

    def put(self, by: int, id_: int) -> None:
        self.order.append(id_)
        if len(self.order) > self.most:
            gone = self.order.pop(0)
            for person in self.done:
                self.done[person] = [one for one in self.done[person] if one != gone]
            self.drawing = {person: one for person, one in self.drawing.items() if one != gone}

    def lift(self, by: int) -> None:
        if by in self.drawing:
            self.done[by].append(self.drawing.pop(by))
            self.done[by].sort(key=self.order.index)

    @rule(by=PEOPLE, place=st.tuples(st.integers(0, 99), st.integers(0, 99)))
    def begin(self, by: int, place: Point) -> None:
        self.lift(by)
        self.mark += 1
        changes = self.board.begin(by, begun(self.mark, place=place), "#123456")
        self.note(changes)
        drawn = next(change.stroke for change in changes if isinstance(change, Drawn))
        self.undone[by] = []
        self.drawing[by] = drawn.id
        self.points[drawn.id] = [place]
        self.put(by, drawn.id)

    @rule(by=PEOPLE, points=POINTS)
    def go_on(self, by: int, points: list[Point]) -> None:
        id_ = self.drawing.get(by)
        mark = self.board.strokes[id_].mark if id_ is not None else self.mark
        self.note(self.board.go_on(by, mark, tuple(points)))
        if id_ is not None:
            self.points[id_] += [clamped(point) for point in points]

    @rule(by=PEOPLE)
    def end(self, by: int) -> None:
        id_ = self.drawing.get(by)
        self.note(self.board.end(by, self.board.strokes[id_].mark if id_ is not None else 0))
        self.lift(by)

    @rule(by=PEOPLE)
    def undo(self, by: int) -> None:
        self.note(self.board.undo(by))
        if self.done[by]:
            id_ = self.done[by].pop()
            self.undone[by].append(id_)
            self.order.remove(id_)

    @rule(by=PEOPLE)
    def redo(self, by: int) -> None:
        self.note(self.board.redo(by))
        if self.undone[by]:
            id_ = self.undone[by].pop()
            self.done[by].append(id_)
            self.put(by, id_)

    @rule()
    def reset(self) -> None:
        self.note(self.board.reset())
        self.order.clear()
        self.drawing.clear()
        for by in self.done:
            self.done[by], self.undone[by] = [], []

    @rule()
    def withdraw(self) -> None:
        self.note(self.board.remove_others())
        self.order = [one for one in self.order if one in self.done[0] or one == self.drawing.get(0)]
        self.drawing = {by: id_ for by, id_ in self.drawing.items() if by == 0}
        for by in (1, 2):
            self.done[by], self.undone[by] = [], []

    @invariant()
    def the_board_is_the_model_and_what_a_page_heard(self) -> None:
        if not hasattr(self, "board"):
            return
        assert list(self.board.strokes) == self.order
        assert self.page.strokes == self.board.strokes
        assert list(self.page.strokes) == self.order
        for id_, stroke in self.board.strokes.items():
            assert list(stroke.points) == self.points[id_]
            assert stroke.is_done is (id_ not in self.drawing.values())


TestThreePeopleDraw = ThreePeopleDraw.TestCase
TestThreePeopleDraw.pytestmark = [pytest.mark.slow]
TestThreePeopleDraw.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_shape_has_its_first_and_its_latest_point() -> None:
    board = Board()
    board.begin(1, begun(7, Shape.CIRCLE), "#123456")
    board.go_on(1, 7, ((5, 5), (9, 9)))
    board.go_on(1, 7, ((20, 30),))

    assert board.strokes[1].points == ((1, 2), (20, 30))


def test_a_shape_without_a_second_point_was_none_but_a_dot_is_a_curve() -> None:
    board = Board()
    for mark, shape in enumerate((Shape.ARROW, Shape.CURVE)):
        board.begin(1, begun(mark, shape), "#123456")
        board.end(1, mark)

    assert [stroke.shape for stroke in board.strokes.values()] == [Shape.CURVE]


def test_a_stroke_and_the_whole_picture_have_bounds() -> None:
    board = Board(2000)
    part = tuple((x, 1) for x in range(500))
    for mark in range(30):
        board.begin(1, begun(mark), "#123456")
        for _ in range(6):
            board.go_on(1, mark, part)

    assert max(len(stroke.points) for stroke in board.strokes.values()) == MOST_POINTS
    assert sum(len(stroke.points) for stroke in board.strokes.values()) <= MOST_POINTS_IN_ALL
    assert next(reversed(board.strokes.values())).mark == 29


def test_points_for_another_stroke_than_the_one_begun_are_nothing() -> None:
    board = Board()
    board.begin(1, begun(1), "#123456")

    assert board.go_on(1, 2, ((9, 9),)) == ()
    assert board.go_on(2, 1, ((9, 9),)) == ()
    assert board.end(1, 2) == ()


def test_who_draws_on_cannot_bring_back_what_he_took_back_before() -> None:
    board = Board()
    draw(board, 1, 1)
    board.undo(1)
    draw(board, 1, 2)

    assert board.redo(1) == ()


@given(st.lists(st.integers(0, 20), unique=True, max_size=len(PALETTE) - 1))
def test_everyone_has_a_colour_of_his_own_that_stays(people: list[int]) -> None:
    pens = Pens()
    given = {person: pens.of(person) for person in [0, *people]}
    again = Pens.restore(pens.state())

    assert len(set(given.values())) == len(given)
    assert {person: again.of(person) for person in reversed(given)} == given


def test_of_those_who_will_not_come_again_only_what_they_drew_is_kept() -> None:
    board, pens = Board(), Pens()
    for by in range(1, 300):
        pens.of(by)
        draw(board, by, 1)
        draw(board, by, 2)
        board.undo(by)
        board.begin(by, begun(3), "#123456")

    changes = board.keep_only({0, 298, 299})
    pens.keep_only({298, 299})

    assert {one for one in changes if isinstance(one, Finished)} == set(changes)
    assert set(board._undone) | set(board._pens) <= {298, 299}
    assert all(stroke.is_done for stroke in board.strokes.values() if stroke.by < 298)
    assert len(board.strokes) == 500
    assert set(pens.colours) == {0, 298, 299}
    assert not board.redo(5)
