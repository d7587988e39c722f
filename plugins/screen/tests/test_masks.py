"""What another plugin hides never leaves the machine: not as pixels, by a move, or out of a page's memory."""

from collections.abc import Callable
from typing import Any

import anyio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskside.api import Feature, PluginInfo, PluginSession, hookimpl
from deskside.testing import pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.masks import Masks
from deskside_screen.messages import Colours, Packing
from deskside_screen.quality import Settings
from deskside_screen.tiles import Box

EVERYTHING = Box(0, 0, 640, 400)
SECRET = 0xC0FFEE
RED = 0xAA1122
SCREEN = plugin("screen", plugin=declared, host=host)
PLENTY = 100_000_000


def shows(page: Any, colour: int) -> bool:
    """Tell whether a page shows a colour anywhere."""
    wanted = np.array([colour >> 16, colour >> 8 & 255, colour & 255], np.uint8)
    return page.canvas is not None and bool((page.canvas == wanted).all(axis=2).any())


def knows(page: Any, colour: int) -> bool:
    """Tell whether a page shows a colour or keeps it in a slot."""
    wanted = np.array([colour >> 16, colour >> 8 & 255, colour & 255], np.uint8)
    return shows(page, colour) or any((tile == wanted).all(axis=2).any() for tile in page.kept.values())


def covered(picture: Any, box: Box, colour: int) -> Any:
    hidden = picture.copy()
    box.of(hidden)[:] = colour
    return hidden


def test_what_is_hidden_is_flat_and_all_around_it_is_exact(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    box = Box(101, 77, 201, 99)
    rig.camera.masks.add(box, colour=RED)
    page = rig.session.join(1)

    rig.steps(3)

    assert page.shows(covered(rig.desktop.pixels, box, RED))


def test_a_box_that_is_added_is_in_the_very_next_picture_and_goes_first(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(3)
    count = len(page.messages)
    box = Box(200, 150, 64, 64)

    rig.desktop.paint(EVERYTHING, document(640, 400, 40))
    rig.camera.masks.add(box, colour=RED)
    rig.steps()

    first = page.messages[count].pieces[0]
    assert first.y <= box.top < first.y + first.height
    assert not any(piece.packing is Packing.COPY for piece in page.messages[count].pieces)
    assert (page.canvas[150:214, 200:264] == (0xAA, 0x11, 0x22)).all()
    rig.steps(2)
    assert page.shows(covered(rig.desktop.pixels, box, RED))


def test_it_needs_no_change_on_the_desktop(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(5)
    box = Box(0, 0, 640, 120)

    with rig.camera.masks.add(box) as mask:
        rig.steps(2)
        assert page.shows(covered(rig.desktop.pixels, box, 0))
        other = Box(30, 200, 50, 40)
        mask.move(other)
        rig.steps(2)
        assert page.shows(covered(rig.desktop.pixels, other, 0))
    rig.steps(2)

    assert page.shows(rig.desktop.pixels)


def test_each_owner_has_his_own_and_the_last_lies_on_top(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    first, second = Box(100, 100, 200, 100), Box(200, 150, 200, 100)
    one = rig.camera.masks.add(first, colour=RED)
    two = rig.camera.masks.add(second, colour=0x00FF00)
    rig.steps(3)
    assert page.shows(covered(covered(rig.desktop.pixels, first, RED), second, 0x00FF00))

    two.close()
    two.close()
    rig.steps(3)
    assert page.shows(covered(rig.desktop.pixels, first, RED))

    one.close()
    one.move(second)
    rig.steps(3)
    assert page.shows(rig.desktop.pixels)


def test_boxes_are_of_the_desktop_whatever_part_and_colours_are_shown(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    box = Box(300, 100, 100, 100)
    box.of(rig.desktop.pixels)[:] = SECRET
    rig.camera.masks.add(box, Box(-50, -50, 20, 20), Box(5000, 0, 9, 9), colour=0xFFFFFF)
    page = rig.session.join(1)
    rig.camera.chosen = 2
    rig.steps(3)
    assert page.shows(covered(rig.desktop.pixels, box, 0xFFFFFF)[:, 320:])

    rig.camera.settings = Settings(colours=Colours.GREY)
    rig.steps(3)
    patch = page.canvas[100:200, 0:80]
    assert (patch == 255).all()


def test_what_is_dragged_or_scrolled_beneath_leaves_nothing_behind(make_rig, document, photo) -> None:
    rig = make_rig(1280, 768)
    ground, text = document(1280, 768, 500), document(400, 300)
    text[::7] = SECRET
    box = Box(600, 100, 400, 500)
    rig.camera.masks.add(box, colour=RED)
    rig.desktop.paint(Box(0, 0, 1280, 768), ground)
    page = rig.session.join(1, room=PLENTY)
    rig.steps(3)

    for step in range(30):
        picture = ground.copy()
        inside = Box(600, 100 + 5 * step, 400, 300)
        inside.of(picture)[:] = text
        left = 40 * step % 300
        Box(left, 420, 280, 200).of(picture)[:] = text[:200, :280] & 0x00FF00
        rig.desktop.paint(Box(0, 0, 1280, 768), picture)
        rig.steps(2)
        assert not knows(page, SECRET), step

    assert page.shows(covered(rig.desktop.pixels, box, RED))
    assert any(piece.packing is Packing.COPY for piece in page.pieces)


def test_a_window_that_leaves_a_mask_is_not_seen_before_it_is_out(make_rig, document) -> None:
    rig = make_rig(1280, 768)
    ground, text = document(1280, 768, 500), document(400, 300)
    text[:] |= 0x010101
    box = Box(600, 100, 400, 500)
    rig.camera.masks.add(box, colour=RED)
    rig.desktop.paint(Box(0, 0, 1280, 768), ground)
    page = rig.session.join(1, room=PLENTY)
    rig.steps(3)

    for left in range(600, 150, -35):
        picture = ground.copy()
        Box(left, 200, 400, 300).of(picture)[:] = text
        rig.desktop.paint(Box(0, 0, 1280, 768), picture)
        rig.steps(2)
        hidden = covered(rig.desktop.pixels, box, RED)
        assert page.shows(hidden), left


def test_no_room_for_the_flat_box_means_no_move_and_nothing_from_memory(make_rig, document) -> None:
    rig = make_rig(1280, 768)
    first, second = document(1280, 768), document(1280, 768, 300)
    second[:, ::9] = SECRET
    page = rig.session.join(1, room=PLENTY)
    for picture in (first, second, first):
        rig.desktop.paint(Box(0, 0, 1280, 768), picture)
        rig.desktop.now += 5
        rig.steps(4)
    count = len(page.pieces)
    box = Box(0, 0, 1280, 768)

    rig.camera.masks.add(box, colour=RED)
    rig.desktop.paint(box, second)
    rig.session.leave_room(1, 1)
    rig.steps(6)
    rig.session.leave_room(1, PLENTY)
    rig.steps(6)

    known = {Packing.COPY, Packing.KEEP, Packing.RECALL}
    assert not known & {piece.packing for piece in page.pieces[count:]}
    assert not shows(page, SECRET)


BOXES = st.builds(Box, st.integers(-20, 150), st.integers(-20, 90), st.integers(1, 90), st.integers(1, 60))
STEPS = st.lists(
    st.tuples(st.sampled_from(("secret", "move", "paint", "more")), BOXES, st.integers(0, 60_000)), max_size=9
)


@given(BOXES, STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_beneath_a_mask_no_page_ever_learns_of_it(make_rig, box: Box, steps: Any) -> None:
    rig = make_rig(200, 130)
    screen = Box(0, 0, 200, 130)
    rig.camera.masks.add(box, colour=RED)
    page = rig.session.join(1, room=5000)
    noise = np.random.default_rng(3).integers(0, 1 << 23, (130, 200), np.uint32)
    hidden = box.within(screen)
    for number, (kind, other, room) in enumerate(steps):
        rig.session.leave_room(1, room)
        picture = np.roll(noise, number * 3 if kind == "move" else 0, axis=0)
        if kind == "paint" and (part := other.within(screen)) is not None:
            part.of(picture)[:] = number
        if kind == "more":
            rig.camera.masks.add(other, colour=RED)
        if hidden is not None:
            hidden.of(picture)[:] = SECRET
        rig.desktop.paint(screen, picture)
        rig.steps(1 + number % 3)
        assert not knows(page, SECRET)

    rig.session.leave_room(1, PLENTY)
    rig.steps(30)

    covers = [one for one, _ in rig.camera.masks.cover.boxes]
    wanted = rig.desktop.pixels.copy()
    for one in covers:
        if (part := one.within(screen)) is not None:
            part.of(wanted)[:] = RED
    assert page.shows(wanted)
    assert not knows(page, SECRET)


def test_a_picture_not_newer_than_a_mask_does_not_pass() -> None:
    now = [5.0]
    masks = Masks(clock=lambda: now[0])
    assert masks.lets_pass(0.0)

    masks.add(Box(0, 0, 1, 1))

    assert not masks.lets_pass(4.9)
    assert not masks.lets_pass(5.0)
    assert masks.lets_pass(5.1)


# In a session.


class Blinder:
    """A plugin that hides a part of the desktop."""

    masks: Any = None
    ready: anyio.Event

    class Declared:
        @staticmethod
        @hookimpl
        def deskside_plugin() -> PluginInfo:
            return PluginInfo(name="hider", version="1.0")

        @staticmethod
        @hookimpl
        def deskside_features() -> tuple[Feature, ...]:
            return (Feature(key="hider.use", needs=(declared.MASKS,)),)

    class Host:
        @staticmethod
        @hookimpl
        async def deskside_run_session(session: PluginSession) -> None:
            Blinder.masks = await session.provide(declared.MASKS)
            with Blinder.masks.add(Box(0, 0, 320, 400), colour=RED):
                Blinder.ready.set()
                await anyio.sleep_forever()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_another_plugin_hides_a_part_in_a_session(
    desktop: Any, document: Callable[..., Any], make_decoder: Callable[[], Any]
) -> None:
    desktop.paint(EVERYTHING, document(640, 400))
    Blinder.ready = anyio.Event()
    hider = plugin("hider", plugin=Blinder.Declared, host=Blinder.Host)
    async with pair(plugins=[SCREEN, hider]) as kit:
        page, decoder, taken = await kit.page(), make_decoder(), 0
        page.listen("screen.frames")

        def arrived(wanted: Any) -> bool:
            nonlocal taken
            messages = page.media["screen.frames"]
            for message, _ in messages[taken:]:
                decoder.take(message)
                assert not knows(decoder, SECRET)
            taken = len(messages)
            return bool(decoder.shows(wanted))

        await Blinder.ready.wait()
        desktop.paint(Box(0, 0, 320, 400), SECRET)
        await page.until(lambda: arrived(covered(desktop.pixels, Box(0, 0, 320, 400), RED)))
        whole = Blinder.masks.add(EVERYTHING)
        desktop.paint(EVERYTHING, SECRET)

        await page.until(lambda: arrived(np.zeros((400, 640), np.uint32)))
        desktop.paint(EVERYTHING, 0x0000FF)
        whole.close()
        await page.until(lambda: arrived(covered(desktop.pixels, Box(0, 0, 320, 400), RED)))
