"""The camera sends what changed, skips when there is no room, mends what is calm, and rests."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside_screen.messages import Packing
from deskside_screen.quality import quality_for
from deskside_screen.tiles import Box

EVERYTHING = Box(0, 0, 640, 400)
WHOLE_TILES = Box(0, 0, 640, 384)
LETTER = Box(300, 200, 9, 14)


def test_a_page_that_enters_gets_everything(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)

    rig.steps()

    assert page.shows(rig.desktop.pixels)
    assert [(one.width, one.height, one.monitor) for one in page.frames] == [(640, 400, 0)]


@pytest.mark.feature("SCR-13")
def test_a_small_change_is_a_small_piece_of_few_bytes(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(2)
    before, count = page.sent_bytes, len(page.pieces)

    rig.desktop.paint(LETTER, np.eye(14, 9, dtype=np.uint32) * 0x123456)
    rig.steps(2)

    assert page.shows(rig.desktop.pixels)
    assert len(page.pieces) == count + 1
    assert page.sent_bytes - before < 1024


def test_what_is_painted_without_a_change_is_not_sent(make_rig, document) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    rig.steps(2)

    rig.desktop.paint(EVERYTHING, rig.desktop.pixels.copy())
    rig.steps(5)

    assert len(page.messages) == 2


def test_nothing_is_grabbed_while_nothing_changes_and_nothing_while_nobody_looks(make_rig) -> None:
    rig = make_rig()
    rig.steps(3)
    rig.session.join(1)
    rig.steps(3)
    grabs = len(rig.desktop.grabbed)

    rig.steps(20)

    assert len(rig.desktop.grabbed) == grabs <= 2
    assert min(rig.desktop.slept[-10:]) >= 0.5


def test_a_photo_goes_as_jpeg_and_is_exact_within_a_second_of_calm(make_rig, photo) -> None:
    rig = make_rig(640, 384)
    page = rig.session.join(1, room=100 * 1024 * 1024)
    rig.steps(2)
    rig.desktop.paint(WHOLE_TILES, photo(640, 384))
    painted_at = rig.desktop.now

    rig.steps(2)
    assert {piece.packing for piece in page.pieces[1:]} == {Packing.JPEG}
    while not page.shows(rig.desktop.pixels):
        mended_at = rig.desktop.now
        rig.steps()

    assert mended_at - painted_at <= 1.0
    assert len({one.sequence for one in page.messages}) > 3


def test_without_room_nothing_leaves_and_then_the_newest_picture_does(make_rig, document) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    rig.steps(2)
    count = len(page.messages)
    rig.session.leave_room(1, 0)

    for line in range(10):
        rig.desktop.paint(EVERYTHING, document(640, 400, line))
        rig.steps(3)
    assert len(page.messages) == count
    rig.session.leave_room(1, 1024 * 1024)
    rig.steps(2)

    assert page.shows(rig.desktop.pixels)
    assert len({one.sequence for one in page.messages[count:]}) == 1


def test_no_part_starves_on_a_narrow_line(make_rig, photo) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    rig.steps(2)
    touched = np.zeros(400, bool)

    for turn in range(12):
        count = len(page.pieces)
        rig.desktop.paint(EVERYTHING, photo(640, 400, turn))
        rig.session.leave_room(1, 16 * 1024)
        rig.steps(3)
        for piece in page.pieces[count:]:
            touched[piece.y : piece.y + piece.height] = True

    assert touched.all()


def test_each_class_has_its_own_pace_and_quality(make_rig, photo) -> None:
    rig = make_rig()
    quick, slow = rig.session.join(1), rig.session.join(3)
    rig.steps(2)
    rig.session.leave_room(3, 0)

    rig.desktop.paint(EVERYTHING, photo(640, 400))
    rig.steps(2)
    before = {one.packing for one in slow.pieces}
    rig.session.leave_room(3, 1024 * 1024)
    rig.steps(2)

    def jpegs(page):  # type: ignore[no-untyped-def]
        return sum(len(one.data) for one in page.pieces if one.packing is Packing.JPEG)

    assert before <= {Packing.RUNS, Packing.STREAM}
    assert jpegs(slow) < jpegs(quick)


def test_a_page_that_joins_later_makes_its_class_begin_anew(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(3)

    rig.session.join(1)
    rig.steps(2)

    assert len(page.frames) == 2
    assert page.shows(rig.desktop.pixels)


@pytest.mark.feature("SCR-02")
def test_the_chosen_monitor_is_what_is_shown(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(2)

    rig.camera.chosen = 2
    rig.steps(2)

    assert page.shows(rig.desktop.pixels[:, 320:])
    assert page.frames[-1].monitor == 2
    assert rig.session.layouts[-1][1] == 2


def test_another_size_begins_anew(make_rig, document) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    rig.steps(2)

    rig.desktop.resize(500, 300)
    rig.desktop.paint(Box(0, 0, 500, 300), document(500, 300))
    rig.desktop.now += 2
    rig.steps(3)

    assert (page.frames[-1].width, page.frames[-1].height) == (500, 300)
    assert page.shows(rig.desktop.pixels)


@pytest.mark.parametrize("room", [1, 70_000, 300_000])
def test_what_left_in_part_and_was_then_painted_back_ends_exact(make_rig, photo, room: int) -> None:
    rig = make_rig(1280, 768)
    before, after = photo(1280, 768, 1), photo(1280, 768, 2)
    rig.desktop.paint(Box(0, 0, 1280, 768), before)
    page = rig.session.join(1, room=100_000_000)
    rig.steps(40)
    assert page.shows(before)

    for turn in range(3):
        rig.desktop.paint(Box(0, 0, 1280, 768), after)
        rig.session.leave_room(1, room)
        rig.steps(1 + turn)
        rig.desktop.paint(Box(0, 0, 1280, 768), before)
        rig.session.leave_room(1, 100_000_000)
        rig.steps(40)

        assert page.shows(before)


BOXES = st.builds(Box, st.integers(0, 150), st.integers(0, 90), st.integers(1, 50), st.integers(1, 40))
KINDS = st.sampled_from(("flat", "noise"))
PAINTS = st.lists(st.tuples(BOXES, KINDS, st.integers(0, 9), st.integers(0, 60_000)), max_size=8)


@given(PAINTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_painted_and_however_little_room_there_is_the_page_ends_exact(make_rig, paints) -> None:
    rig = make_rig(200, 130)
    page = rig.session.join(1, room=5000)
    for box, kind, seed, room in paints:
        noise = np.random.default_rng(seed).integers(0, 1 << 24, (box.height, box.width), np.uint32)
        rig.desktop.paint(box, noise if kind == "noise" else seed * 0x0A1B2C)
        rig.session.leave_room(1, room)
        rig.steps(seed % 4)

    rig.session.leave_room(1, 10_000_000)
    rig.steps(30)

    assert page.shows(rig.desktop.pixels)


def test_quality_falls_with_the_class_and_with_a_slow_line() -> None:
    assert [quality_for(80, one, 0.0) for one in (1, 2, 3)] == [80, 65, 50]
    assert quality_for(80, 1, 100_000.0) == 65
    assert quality_for(30, 3, 100_000.0) == 25
