"""What scrolls is moved on the page instead of sent again."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside_screen.messages import Packing
from deskside_screen.moves import find_move
from deskside_screen.tiles import Box, blank, changed_tiles

WINDOW = Box(70, 30, 500, 340)
EVERYTHING = Box(0, 0, 640, 400)


def scrolled(picture, text, by: int):  # type: ignore[no-untyped-def]
    """Return the picture with text in its window, scrolled."""
    found = picture.copy()
    WINDOW.of(found)[:] = text[by : by + WINDOW.height, : WINDOW.width]
    return found


@pytest.mark.parametrize("by", [1, 14, 100, -14])
def test_a_scrolled_window_is_found_with_its_distance(document, by: int) -> None:
    text, picture = document(500, 800), blank(640, 400)
    before, after = scrolled(picture, text, 200), scrolled(picture, text, 200 + by)

    move = find_move(after, before, changed_tiles(after, before, 0, 7))

    assert move is not None
    assert move.down == by
    assert move.box.height > WINDOW.height - abs(by) - 20
    assert WINDOW.left <= move.box.left <= move.box.right <= WINDOW.right


def test_nothing_is_found_where_nothing_moved(document, photo) -> None:
    before, after = blank(640, 400), blank(640, 400)
    before[:400], after[:400] = document(640, 400), photo(640, 400)

    assert find_move(after, before, changed_tiles(after, before, 0, 7)) is None


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
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
