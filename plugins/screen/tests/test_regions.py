"""Damage is reported box by box: what changes in two corners is not the whole screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Screen, wait_until

from deskside_screen.bell import Bell
from deskside_screen.damage import Damage
from deskside_screen.regions import MOST_BOXES, few
from deskside_screen.tiles import Box
from deskside_screen.watch import ANYWHERE

BOXES = st.builds(Box, st.integers(0, 900), st.integers(0, 900), st.integers(1, 99), st.integers(1, 99))


@given(st.lists(BOXES, max_size=40))
def test_few_boxes_cover_all_of_many(boxes: list[Box]) -> None:
    found = few(boxes)

    assert len(found) <= MOST_BOXES
    assert all(any(one.within(cover) == one for cover in found) for one in boxes)


def test_neighbours_are_one_box_and_corners_stay_apart() -> None:
    rows = [Box(10, top, 300, 20) for top in range(100, 200, 20)]

    assert few(rows) == (Box(10, 100, 300, 100),)
    assert few([Box(0, 0, 10, 10), Box(1900, 1060, 10, 10)]) == (Box(0, 0, 10, 10), Box(1900, 1060, 10, 10))
    assert few([]) == ()


@pytest.fixture
def damage(xvfb: Screen):  # type: ignore[no-untyped-def]
    found = Damage(xvfb.name)
    # What it looks at by itself is another matter.
    found._checked = float("inf")
    found.damage()
    bell = Bell()
    yield found, bell
    bell.close()
    found.close()


def reported(damage: Damage, bell: Bell) -> set[Box]:
    """Return what is reported once something is; now and then everything counts as damaged."""
    found: set[Box] = set()

    def look() -> bool:
        damage.sleep(0.1, bell, for_damage=True)
        found.update(set(damage.damage()) - {ANYWHERE})
        return bool(found)

    wait_until(look, "damage")
    return found


def test_two_corners_are_two_boxes_and_nothing_is_said_twice(xvfb: Screen, damage) -> None:
    watch, bell = damage
    root = xvfb.connect().screen().root
    pen = root.create_gc(foreground=0x123456)
    corners = {Box(3, 4, 20, 10), Box(1200, 700, 30, 40)}

    for turn in range(3):
        for box in corners:
            pen.change(foreground=turn + 1)
            root.fill_rectangle(pen, box.left, box.top, box.width, box.height)
        root.get_geometry()

        assert reported(watch, bell) == corners
        assert watch.damage() == ()


def test_a_thousand_specks_are_one_box(xvfb: Screen, damage) -> None:
    watch, bell = damage
    root = xvfb.connect().screen().root
    pen = root.create_gc(foreground=0x654321)
    for number in range(1000):
        root.fill_rectangle(pen, 7 * (number % 100), 9 * (number // 100), 2, 2)
    root.get_geometry()

    found = reported(watch, bell)

    assert found == {Box(0, 0, 7 * 99 + 2, 9 * 9 + 2)}
