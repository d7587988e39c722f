"""What scrolls is moved on the page instead of sent again."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside_screen.messages import Packing
from deskside_screen.moves import Move, find_drag, find_scroll
from deskside_screen.tiles import Box, blank, changed_tiles

WINDOW = Box(70, 30, 500, 340)
EVERYTHING = Box(0, 0, 640, 400)


def scrolled(picture, text, by: int):  # type: ignore[no-untyped-def]
    """Return the picture with text in its window, scrolled."""
    found = picture.copy()
    WINDOW.of(found)[:] = text[by : by + WINDOW.height, : WINDOW.width]
    return found


def is_found(move: Move | None, window: Box, across: int, down: int, share: float) -> None:
    """See that a move tells of a window's way, and puts so much of it right."""
    assert move is not None
    assert (move.across, move.down) == (-across, -down)
    common = move.box.within(window.moved(across, down))
    assert common is not None
    assert common.width * common.height > share * window.width * window.height


@pytest.mark.parametrize("by", [1, 14, 100, -14])
def test_a_scrolled_window_is_found_with_its_distance(document, by: int) -> None:
    text, picture = document(500, 800), blank(640, 400)
    before, after = scrolled(picture, text, 200), scrolled(picture, text, 200 + by)

    move = find_scroll(after, before, changed_tiles(after, before, 0, 7))

    assert move is not None
    assert move.down == by
    assert move.box.height > WINDOW.height - abs(by) - 20
    assert WINDOW.left <= move.box.left <= move.box.right <= WINDOW.right


@pytest.mark.parametrize(("across", "down"), [(17, 0), (-40, 0), (9, -14), (-21, 12), (1, 1)])
def test_a_dragged_window_is_found_with_its_way(document, photo, across: int, down: int) -> None:
    window, before = Box(140, 90, 330, 210), blank(640, 400)
    before[:400] = document(640, 400, 70)
    after, inside = before.copy(), document(330, 210)
    inside[100:180, 20:200] = photo(180, 80)
    window.of(before)[:], window.moved(across, down).of(after)[:] = inside, inside

    move = find_drag(after, before, changed_tiles(after, before, 0, 7))

    is_found(move, window, across, down, 0.9)


@pytest.mark.parametrize(("across", "down"), [(60, 40), (-100, 3), (300, -150)])
def test_a_large_window_is_found_from_its_middle_or_else_from_all_of_it(
    document, across: int, down: int
) -> None:
    window, before = Box(400, 250, 900, 560), blank(1920, 1080)
    before[:1080] = document(1920, 1080, 70)
    after, inside = before.copy(), document(900, 560)
    window.of(before)[:], window.moved(across, down).of(after)[:] = inside, inside

    move = find_drag(after, before, changed_tiles(after, before, 0, 17))

    # Its right third is empty, before and after.
    is_found(move, window, across, down, 0.6)


def test_a_whole_screen_that_moves_is_found_and_another_picture_is_not(document, photo) -> None:
    before, moved, other = blank(1920, 1080), blank(1920, 1080), blank(1920, 1080)
    wide = photo(2000, 1150)
    before[:1080], moved[:1080] = wide[:1080, :1920], wide[50:1130, 40:1960]
    other[:1080] = photo(1920, 1080, seed=9)
    marks = np.ones((17, 30), np.bool_)

    found = find_drag(moved, before, marks)

    assert found is not None
    assert (found.across, found.down) == (40, 50)
    assert find_drag(other, before, marks) is None


def test_what_scrolls_sideways_is_found(document) -> None:
    before, after = blank(640, 400), blank(640, 400)
    wide = document(700, 340)
    WINDOW.of(before)[:], WINDOW.of(after)[:] = wide[:, :500], wide[:, 33:533]

    move = find_drag(after, before, changed_tiles(after, before, 0, 7))

    assert move is not None
    assert (move.across, move.down) == (33, 0)
    assert move.box.width > WINDOW.width - 60


def test_nothing_is_found_where_nothing_moved(document, photo) -> None:
    before, after = blank(640, 400), blank(640, 400)
    before[:400], after[:400] = document(640, 400), photo(640, 400)

    marks = changed_tiles(after, before, 0, 7)

    assert find_scroll(after, before, marks) is None
    assert find_drag(after, before, marks) is None


def test_scrolling_costs_few_bytes_and_stays_exact(make_rig, document) -> None:
    rig = make_rig()
    text = document(640, 800)
    rig.desktop.paint(EVERYTHING, text[:400])
    page = rig.session.join(1)
    rig.steps(2)
    whole = page.sent_bytes

    for by in range(14, 154, 14):
        rig.desktop.paint(EVERYTHING, text[by : by + 400])
        rig.steps(2)
        assert page.shows(rig.desktop.pixels)

    assert sum(piece.packing is Packing.COPY for piece in page.pieces) == 10
    assert page.sent_bytes - whole < whole


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 50_000), st.integers(0, 4)), max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_a_photo_or_text_is_scrolled_the_page_ends_exact(make_rig, document, photo, turns) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    tall = np.concatenate([document(500, 400), photo(500, 400)])
    for by, room, steps in turns:
        rig.desktop.paint(WINDOW, tall[by : by + WINDOW.height])
        rig.desktop.paint(Box(by % 600, by % 380, 20, 10), by * 0x010203)
        rig.session.leave_room(1, room if by % 2 else 10_000_000)
        rig.steps(steps)

    rig.session.leave_room(1, 10_000_000)
    rig.steps(40)

    assert page.shows(rig.desktop.pixels)


DRAGS = st.lists(
    st.tuples(
        st.sampled_from(("drag", "scroll", "sideways", "paint")),
        st.integers(-60, 60),
        st.integers(-40, 40),
        st.sampled_from((0, 3000, 40_000, 10_000_000)),
        st.integers(0, 3),
    ),
    max_size=10,
)


@pytest.mark.slow
@given(DRAGS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_windows_are_dragged_scrolled_and_painted_the_page_ends_exact(
    make_rig, document, photo, turns
) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    ground, inside = document(640, 400, 50), np.concatenate([document(900, 400), photo(900, 300)])
    left, top, right, lower = 100, 60, 200, 150
    for what, across, down, room, steps in turns:
        if what == "drag":
            left, top = min(max(0, left + across), 300), min(max(0, top + down), 180)
        elif what == "scroll":
            lower = min(max(0, lower + down), 480)
        elif what == "sideways":
            right = min(max(0, right + across), 560)
        picture = ground.copy()
        picture[top : top + 220, left : left + 340] = inside[lower : lower + 220, right : right + 340]
        if what == "paint":
            picture[abs(down) * 5 :, abs(across) : abs(across) + 90] = 0x336699 + down
        rig.desktop.paint(EVERYTHING, picture)
        rig.session.leave_room(1, room)
        rig.steps(steps)

    rig.session.leave_room(1, 10_000_000)
    rig.steps(40)

    assert page.shows(rig.desktop.pixels)


def test_dragging_costs_few_bytes_and_stays_exact(make_rig, document) -> None:
    rig = make_rig()
    ground, inside = document(640, 400, 50), document(300, 200)
    picture = ground.copy()
    picture[40:240, 60:360] = inside
    rig.desktop.paint(EVERYTHING, picture)
    page = rig.session.join(1)
    rig.steps(2)
    whole = page.sent_bytes

    for by in range(1, 11):
        picture = ground.copy()
        picture[40 + 7 * by : 240 + 7 * by, 60 + 11 * by : 360 + 11 * by] = inside
        rig.desktop.paint(EVERYTHING, picture)
        rig.steps(2)
        assert page.shows(rig.desktop.pixels)

    assert sum(piece.packing is Packing.COPY for piece in page.pieces) == 10
    assert page.sent_bytes - whole < 1.5 * whole
