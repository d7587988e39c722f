"""What keeps moving is found, once; what moves once, scrolls or stands beside it is not."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from deskside_screen.moving import Moving, cluster, even, widened
from deskside_screen.tiles import Block, Box, Marks, Picture, blank, changed_box

WIDTH, HEIGHT = 1280, 768
SHAPE = HEIGHT // 64, WIDTH // 64
FILM = Block(3, 4, 5, 6)
FPS = 30


@pytest.fixture
def moving() -> Moving:
    return Moving(WIDTH, HEIGHT)


@pytest.fixture
def noise(photo: Any) -> Callable[[int], Picture]:
    def make(number: int) -> Picture:
        picture = blank(WIDTH, HEIGHT)
        FILM.pixels(WIDTH, HEIGHT).of(picture)[:] = photo(FILM.columns * 64, FILM.rows * 64, number)
        return picture

    return make


def marks(*blocks: Block) -> Marks:
    found = np.zeros(SHAPE, np.bool_)
    for block in blocks:
        block.of(found)[:] = True
    return found


def show(moving: Moving, pictures: list[Picture], photo: Marks, now: float, gap: float = 1 / FPS) -> float:
    """Note pictures one after the other, each of which changed the same tiles."""
    for before, picture in pairwise(pictures):
        moving.note(picture, photo, photo, now, lambda box, a=picture, b=before: changed_box(a, b, box))
        now += gap
    return now


@pytest.mark.parametrize("fps", [60, 30, 5, 2])
def test_what_changes_in_picture_after_picture_is_found_soon(moving: Moving, noise: Any, fps: int) -> None:
    pictures = [noise(number) for number in range(max(7, fps // 3))]

    show(moving, pictures, marks(FILM), 100.0, 1 / fps)

    assert moving.box == FILM.pixels(WIDTH, HEIGHT)


def test_a_few_changes_are_no_film(moving: Moving, noise: Any) -> None:
    show(moving, [noise(number) for number in range(5)], marks(FILM), 100.0)

    assert moving.box is None


def test_changes_now_and_then_are_no_film(moving: Moving, noise: Any) -> None:
    show(moving, [noise(number) for number in range(20)], marks(FILM), 100.0, 1.4)

    assert moving.box is None


def test_a_photo_that_a_full_line_refused_again_and_again_is_no_film(moving: Moving, noise: Any) -> None:
    show(moving, [blank(WIDTH, HEIGHT), *[noise(1)] * 20], marks(FILM), 100.0)

    assert moving.box is None


@pytest.mark.parametrize("block", [Block(2, 2, 1, 9), Block(1, 5, 9, 1)])
def test_a_strip_is_no_film(block: Block) -> None:
    assert cluster(marks(block), marks(block)) is None


def test_what_moves_far_from_the_rest_does_not_make_the_film_larger() -> None:
    moving = marks(FILM, Block(11, 19, 1, 1), Block(0, 0, 2, 1))

    assert cluster(moving, moving) == FILM


def test_tiles_too_few_for_their_rectangle_are_no_film() -> None:
    scattered = marks(FILM)
    FILM.of(scattered)[::2, ::2] = False
    FILM.of(scattered)[1::2, 1::2] = False

    assert cluster(scattered, scattered) is None
    assert cluster(scattered, marks(FILM)) == FILM


def test_edges_of_which_a_film_has_a_few_pixels_belong_to_it() -> None:
    edges = marks(FILM, Block(2, 4, 1, 6), Block(3, 10, 5, 1), Block(8, 4, 1, 1))

    assert widened(FILM, edges) == Block(2, 4, 6, 7)
    assert widened(Block(0, 0, 12, 20), marks(Block(0, 0, 12, 20))) == Block(0, 0, 12, 20)


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (Box(10, 10, 20, 20), Box(10, 10, 20, 20)),
        (Box(10, 11, 21, 33), Box(10, 11, 22, 34)),
        (Box(79, 59, 21, 41), Box(78, 58, 22, 42)),
        (Box(0, 0, 1, 1), Box(0, 0, 2, 2)),
        (Box(0, 0, 99, 99), Box(0, 0, 98, 98)),
    ],
)
def test_sides_are_even_and_within_the_picture(box: Box, wanted: Box) -> None:
    size = (99, 99) if box.width == 99 else (100, 100)

    assert even(box, *size) == wanted


def test_a_film_goes_on_until_it_is_calm(moving: Moving, noise: Any) -> None:
    now = show(moving, [noise(number) for number in range(10)], marks(FILM), 100.0)

    assert moving.goes_on(marks(FILM), now)
    assert moving.goes_on(marks(Block(3, 4, 5, 3)), now + 0.5)
    assert not moving.goes_on(marks(Block(3, 4, 1, 1)), now + 0.6)
    assert moving.box is not None
    assert not moving.goes_on(marks(), now + 2.0)
    assert moving.box is None


def test_a_film_in_a_part_of_the_rectangle_ends_it_so_that_the_rest_is_exact(
    moving: Moving, noise: Any
) -> None:
    now = show(moving, [noise(number) for number in range(10)], marks(FILM), 100.0)

    went_on = [moving.goes_on(marks(Block(3, 4, 2, 3)), now + number / FPS) for number in range(FPS)]

    assert went_on[0]
    assert moving.box is None


def test_a_film_that_grows_is_followed(moving: Moving, noise: Any) -> None:
    now = show(moving, [noise(number) for number in range(10)], marks(FILM), 100.0)
    wide = Block(FILM.row, FILM.column + FILM.columns, FILM.rows, 3)
    grown = []
    for number in range(12):
        picture = noise(number)
        wide.pixels(WIDTH, HEIGHT).of(picture)[:] = np.random.default_rng(number).integers(
            0, 1 << 24, (320, 192)
        )
        grown.append(picture)

    show(moving, grown, marks(wide), now)

    assert moving.box == Block(FILM.row, FILM.column, FILM.rows, FILM.columns + 3).pixels(WIDTH, HEIGHT)
