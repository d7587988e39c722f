"""What differs is found, and covered by rectangles."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from deskside_screen.tiles import (
    SIDE,
    Box,
    blank,
    blocks,
    changed_box,
    changed_tiles,
    photo_tiles,
    shape_of,
)

WIDTH, HEIGHT = 200, 150
PLACES = st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1))
ROWS = st.integers(1, 6).map(lambda columns: st.lists(st.booleans(), min_size=columns, max_size=columns))
MAPS = ROWS.flatmap(lambda row: st.lists(row, min_size=1, max_size=6))


@given(st.sets(PLACES, max_size=5), st.integers(1, 2**32 - 1))
def test_exactly_the_tiles_with_a_changed_pixel_are_found(places: set[tuple[int, int]], flip: int) -> None:
    old = blank(WIDTH, HEIGHT)
    new = old.copy()
    for row, column in places:
        new[row, column] ^= flip

    marks = changed_tiles(new, old, 0, shape_of(WIDTH, HEIGHT)[0])

    found = set(zip(*(axis.tolist() for axis in np.nonzero(marks)), strict=True))
    assert found == {(row // SIDE, column // SIDE) for row, column in places}


def test_rows_that_were_not_to_be_looked_at_count_as_equal() -> None:
    old = blank(WIDTH, HEIGHT)
    new = old + np.uint32(1)

    marks = changed_tiles(new, old, 1, 2)

    assert marks[1].all()
    assert not marks[[0, 2]].any()


@given(st.sets(PLACES, min_size=1, max_size=5))
def test_the_box_around_changes_is_the_smallest(places: set[tuple[int, int]]) -> None:
    old = blank(WIDTH, HEIGHT)
    new = old.copy()
    for row, column in places:
        new[row, column] = 7

    box = changed_box(new, old, Box(0, 0, WIDTH, HEIGHT))

    rows, columns = zip(*places, strict=True)
    assert box is not None
    assert (box.top, box.bottom - 1) == (min(rows), max(rows))
    assert (box.left, box.right - 1) == (min(columns), max(columns))


@given(MAPS, st.integers(1, 12))
@settings(max_examples=300)
def test_blocks_cover_every_marked_tile_once_and_no_other(cells: list[list[bool]], most: int) -> None:
    marks = np.array(cells, np.bool_)
    covered = np.zeros(marks.shape, int)

    for block in blocks(marks, most):
        assert 1 <= block.tiles <= most
        block.of(covered)[:] += 1

    assert (covered == marks).all()


def test_a_whole_screen_is_a_handful_of_blocks() -> None:
    assert len(list(blocks(np.ones(shape_of(1920, 1080), np.bool_), 60))) == 9


def test_text_and_flat_areas_are_told_from_photos(photo, document) -> None:  # type: ignore[no-untyped-def]
    picture = blank(192, 64)
    picture[:, :64] = document(64, 64)
    picture[:, 64:128] = 0x336699
    picture[:, 128:] = photo(64, 64)

    assert photo_tiles(picture, np.ones((1, 3), np.bool_)).tolist() == [[False, False, True]]
