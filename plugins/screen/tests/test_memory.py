"""What was on the screen before is painted from what pages have kept."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside_screen.memory import NOWHERE, Memory
from deskside_screen.messages import SLOTS, Packing
from deskside_screen.tiles import SIDE, Box, blank

EVERYTHING = Box(0, 0, 640, 400)
DIALOG = Box(90, 50, 420, 260)


def test_what_a_window_has_covered_comes_back_for_few_bytes(make_rig, document, photo) -> None:
    rig = make_rig()
    below = document(640, 400)
    rig.desktop.paint(EVERYTHING, below)
    page = rig.session.join(1)
    rig.steps(3)
    rig.desktop.now += 5
    rig.steps(1)
    rig.desktop.paint(DIALOG, document(420, 260, 300))
    rig.steps(3)
    rig.desktop.now += 5
    rig.steps(1)
    before = page.sent_bytes

    rig.desktop.paint(DIALOG, DIALOG.of(below))
    rig.steps(3)

    assert page.shows(rig.desktop.pixels)
    assert {one.packing for one in page.pieces} >= {Packing.KEEP, Packing.RECALL}
    assert page.sent_bytes - before < 1024


def test_a_beginning_forgets_what_pages_kept(make_rig, document) -> None:
    rig = make_rig()
    below = document(640, 400)
    rig.desktop.paint(EVERYTHING, below)
    rig.session.join(1)
    rig.steps(3)
    rig.desktop.now += 5
    rig.steps(1)
    rig.desktop.paint(DIALOG, document(420, 260, 300))
    rig.steps(3)
    page = rig.session.join(1)
    rig.steps(3)
    count = len(page.pieces)

    rig.desktop.paint(DIALOG, DIALOG.of(below))
    rig.steps(3)

    assert page.shows(rig.desktop.pixels)
    assert Packing.RECALL not in {one.packing for one in page.pieces[count:]}


def test_no_more_is_kept_than_there_are_slots_and_what_was_used_last_stays(photo) -> None:
    memory, marks = Memory(16, 20), np.ones((16, 20), np.bool_)
    pictures = [photo(20 * SIDE, 16 * SIDE, seed) for seed in range(5)]

    slots = []
    for one in pictures:
        memory.left(marks)
        slots.append(memory.keep(one, marks).slots)

    assert all(one.min() >= 0 and one.max() < SLOTS for one in slots)
    assert memory.recall(pictures[0], marks) is None
    assert len(memory.recall(pictures[-1], marks).slots) == marks.size


def test_what_never_reached_the_pages_is_not_recalled(photo) -> None:
    memory, marks, picture = Memory(2, 2), np.ones((2, 2), np.bool_), photo(2 * SIDE, 2 * SIDE)
    places = memory.keep(picture, marks)
    assert places is not None
    memory.forget(places)

    assert memory.recall(picture, marks) is None


def test_flat_tiles_are_not_worth_a_slot() -> None:
    assert Memory(2, 2).keep(blank(128, 128), np.ones((2, 2), np.bool_)) is None


def test_a_slot_that_holds_something_shown_is_not_taken_for_something_else(photo) -> None:
    memory, marks = Memory(40, 40), np.ones((40, 40), np.bool_)
    picture = photo(40 * SIDE, 40 * SIDE)
    kept = [places for _ in range(5) if (places := memory.keep(picture, marks & (memory.at == NOWHERE)))]

    assert sum(len(places.slots) for places in kept) == SLOTS
    assert not (memory.at == NOWHERE).any()

    few = np.zeros_like(marks)
    few[0, :5] = True
    memory.left(few)
    picture[:SIDE] = photo(40 * SIDE, SIDE, seed=2)
    again = memory.keep(picture, few)

    assert again is not None
    assert set(again.slots) == set(kept[0].slots[:5])


def test_tiles_alike_at_a_glance_are_tried_once(photo) -> None:
    memory, marks = Memory(2, 3), np.ones((2, 3), np.bool_)
    tile = photo(SIDE, SIDE)
    picture = np.tile(tile, (2, 3))
    # None of the rows that are looked at first.
    picture[SIDE] ^= 0x00FF00
    places = memory.keep(picture, marks)

    assert places is not None
    assert len(places.slots) == 1
    assert not (memory.at == NOWHERE).any()


def test_what_is_calm_is_kept_once_and_then_there_is_rest(make_rig, document, photo) -> None:
    rig = make_rig()
    picture = document(640, 400)
    picture[:200, :300] = photo(300, 200)
    rig.desktop.paint(EVERYTHING, picture)
    page = rig.session.join(1)
    for _ in range(30):
        rig.desktop.now += 0.2
        rig.steps(1)
    count, shown = len(page.pieces), rig.view.shown[1]

    assert Packing.KEEP in {one.packing for one in page.pieces}
    assert shown.calm_at() is None
    for _ in range(10):
        rig.desktop.now += 1
        rig.steps(1)
    assert len(page.pieces) == count


TURNS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from((0.0, 0.3, 2.0)), st.sampled_from((0, 2000, 30_000, 9_000_000))
    ),
    max_size=12,
)


@pytest.mark.slow
@given(TURNS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_windows_come_and_go_the_page_ends_exact(make_rig, document, photo, turns) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    scenes = [document(640, 400), document(640, 400, 99), document(640, 400), photo(640, 400)]
    DIALOG.of(scenes[2])[:] = photo(420, 260)
    for scene, seconds, room in turns:
        rig.desktop.paint(EVERYTHING, scenes[scene])
        rig.session.leave_room(1, room)
        rig.steps(2)
        rig.desktop.now += seconds

    rig.session.leave_room(1, 10_000_000)
    rig.steps(40)

    assert page.shows(rig.desktop.pixels)
