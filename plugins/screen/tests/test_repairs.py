"""What was sent as JPEG is mended, but never at the cost of what moves."""

from itertools import count
from typing import Any

import numpy as np

from deskside_screen.flow import Shown
from deskside_screen.jobs import Job
from deskside_screen.tiles import Box, blank

SIZE = 1280, 768
NARROW, WIDE = 16 * 1024, 1 << 30
STEP_S = 1 / 30


def shown_photo(photo: Any) -> tuple[Shown, Any]:
    """Return what a class shows after a photo, and the picture."""
    shown, picture = Shown(*SIZE), blank(*SIZE)
    picture[:] = photo(*SIZE)
    shown.begin()
    list(shown.plan(picture, 100, 80, WIDE))
    assert shown.lossy.all()
    return shown, picture


def mended(jobs: list[Job]) -> int:
    return sum(job.block.tiles for job in jobs if job.look.is_exact and job.piece is None)


def painted(shown: Shown, picture: Any, box: Box, turn: int) -> None:
    box.of(picture)[:] = np.random.default_rng(turn).integers(0, 1 << 24, (box.height, box.width), np.uint32)
    shown.note(box)


def test_a_photo_just_sent_is_not_yet_calm(photo: Any) -> None:
    shown, picture = shown_photo(photo)

    assert mended(list(shown.plan(picture, 100.1, 80, WIDE))) == 0
    assert mended(list(shown.plan(picture, 100.3, 80, WIDE))) > 0


def test_while_much_moves_a_narrow_line_carries_nothing_else(photo: Any) -> None:
    shown, picture = shown_photo(photo)
    for turn in range(30):
        painted(shown, picture, Box(0, 0, 640, 384), turn)
        assert mended(list(shown.plan(picture, 101 + turn * STEP_S, 80, NARROW))) == 0

    painted(shown, picture, Box(0, 0, 640, 384), 30)
    assert mended(list(shown.plan(picture, 102, 80, WIDE))) > 0


def test_beside_something_small_that_never_rests_all_else_becomes_exact(photo: Any) -> None:
    shown, picture = shown_photo(photo)
    spinner = Box(64, 64, 32, 32)
    for turn in count():
        painted(shown, picture, spinner, turn)
        assert mended(list(shown.plan(picture, 101 + turn * STEP_S, 80, NARROW))) <= 1
        if shown.lossy.sum() <= 1:
            break
        assert turn < 2 * shown.lossy.size
    rest = np.ones_like(shown.sent, np.bool_)
    rest[64:128, 64:128] = False

    assert np.array_equal(shown.sent[rest], picture[rest])
