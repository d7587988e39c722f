"""The customer's mouse pointer: read from a real X server, told in few bytes, drawn by a real browser."""

import base64
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from screens import Screen, wait_until

from deskside_screen.cursor import Numbers, Seen, Shape
from deskside_screen.messages import MOST_CURSOR_BYTES, MOST_SHAPES, CursorMoved, CursorShape, Frame
from deskside_screen.pointer import Follower, PointerLost, X11Pointer

from .desk_page import give, serving, shot
from programs import CHROMIUM_OPTIONS, chromium

WIDTH, HEIGHT = 640, 400
CROSS, HAND = 34, 60
RED, BLUE = (65535, 0, 0), (0, 0, 65535)


def flat(colour: int, width: int = 8, height: int = 8) -> Shape:
    shape = Shape.of(np.full((height, width), 0xFF000000 | colour, np.uint32), 1, 2)
    assert shape is not None
    return shape


def told(shape: Shape, number: int = 1) -> CursorShape:
    return CursorShape(number, shape.width, shape.height, shape.hot_x, shape.hot_y, shape.png)


def pixels_of(shape: Shape) -> Any:
    return np.asarray(Image.open(io.BytesIO(shape.png)).convert("RGBA")).astype(int)


class Places:
    """What a follower has told."""

    def __init__(self, screen: Screen) -> None:
        self.seen: list[Seen] = []
        self.follower = Follower(lambda: X11Pointer(screen.name), self.seen.append)
        self.follower.is_wanted = True
        self.thread = threading.Thread(target=self.follower.run)
        self.thread.start()

    def until(self, wanted: Callable[[Seen], bool], what: str) -> Seen:
        wait_until(lambda: self.seen and wanted(self.seen[-1]), what, 40)
        return self.seen[-1]

    def want(self, *, is_wanted: bool) -> None:
        self.follower.is_wanted = is_wanted
        self.follower.bell.ring()

    def stop(self) -> None:
        self.follower.stop()
        self.thread.join(30)
        self.follower.bell.close()
        assert not self.thread.is_alive()


@pytest.fixture
def screen() -> Iterator[Screen]:
    with Screen(WIDTH, HEIGHT, has_window_manager=False) as one:
        yield one


@pytest.fixture
def places(screen: Screen) -> Iterator[Places]:
    one = Places(screen)
    yield one
    one.stop()


def window(screen: Screen, left: int, glyph: int | None) -> Any:
    """Map a window that has a pointer of its own: a glyph of the cursor font, or nothing at all."""
    connection = screen.connect()
    root = connection.screen().root
    one = root.create_window(
        left, 100, 200, 200, 0, connection.screen().root_depth, background_pixel=0x206020
    )
    if glyph is None:
        empty = root.create_pixmap(8, 8, 1)
        context = empty.create_gc(foreground=0)
        empty.fill_rectangle(context, 0, 0, 8, 8)
        cursor = empty.create_cursor(empty, (0, 0, 0), (0, 0, 0), 0, 0)
    else:
        cursor = connection.open_font("cursor").create_glyph_cursor(
            connection.open_font("cursor"), glyph, glyph + 1, RED, BLUE
        )
    one.change_attributes(cursor=cursor)
    one.map()
    connection.sync()
    return one


@pytest.mark.screen
def test_place_and_shape_of_a_real_pointer_are_followed(screen: Screen, places: Places) -> None:
    window(screen, 100, HAND)
    screen.do("mousemove", 20, 30)
    away = places.until(lambda one: (one.x, one.y) == (20, 30), "the pointer elsewhere")

    screen.do("mousemove", 150, 160)
    over = places.until(lambda one: (one.x, one.y) == (150, 160) and one.shape != away.shape, "the hand")

    assert over.shape is not None
    colours = {tuple(one) for one in pixels_of(over.shape).reshape(-1, 4) if one[3]}
    assert colours == {(255, 0, 0, 255), (0, 0, 255, 255)}


@pytest.mark.screen
def test_an_invisible_pointer_is_no_shape(screen: Screen, places: Places) -> None:
    window(screen, 100, None)
    screen.do("mousemove", 20, 30)
    assert places.until(lambda one: one.x == 20, "the pointer elsewhere").shape is not None

    screen.do("mousemove", 150, 160)

    places.until(lambda one: one.shape is None, "nothing")


@pytest.mark.screen
def test_nothing_is_told_while_nobody_looks_and_then_the_newest(screen: Screen, places: Places) -> None:
    screen.do("mousemove", 20, 30)
    places.until(lambda one: one.x == 20, "the pointer")
    places.want(is_wanted=False)
    count = len(places.seen)

    for x in range(100, 200, 10):
        screen.do("mousemove", x, 30)
    places.want(is_wanted=True)

    places.until(lambda one: one.x == 190, "the newest place")
    assert len(places.seen) <= count + 2


@pytest.mark.screen
def test_when_the_screen_is_gone_so_is_the_pointer(screen: Screen, places: Places) -> None:
    places.until(lambda one: one.shape is not None, "the pointer")

    screen.running.close()

    places.until(lambda one: one.shape is None, "no pointer")
    places.thread.join(40)
    assert not places.thread.is_alive()


def test_without_a_screen_there_is_no_pointer() -> None:
    with pytest.raises(PointerLost):
        X11Pointer("no display")


def test_a_pointer_half_transparent_keeps_its_colours_and_a_huge_one_is_made_small() -> None:
    half = Shape.of(np.full((4, 4), 0x80400000, np.uint32), 0, 0)
    noise = np.random.default_rng(1).integers(0, 1 << 24, (300, 200), np.uint32) | 0xFF000000
    huge = Shape.of(noise.astype(np.uint32), 199, 299)

    assert half is not None
    assert tuple(pixels_of(half)[0, 0]) == (128, 0, 0, 128)
    assert huge is not None
    assert (huge.width, huge.height) == (85, 128)
    assert len(huge.png) <= MOST_CURSOR_BYTES
    assert huge.hot_x < huge.width
    assert huge.hot_y < huge.height
    assert Shape.of(np.zeros((16, 16), np.uint32), 0, 0) is None


def test_numbers_are_few_and_those_not_seen_for_longest_are_used_again() -> None:
    numbers = Numbers()
    first = [numbers.of(flat(one)) for one in range(MOST_SHAPES)]
    assert first == [(one + 1, True) for one in range(MOST_SHAPES)]
    assert numbers.of(flat(0)) == (1, False)

    assert numbers.of(flat(999)) == (2, True)
    assert numbers.of(flat(1)) == (3, True)
    assert numbers.of(flat(0)) == (1, False)


# The page.


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield one
        one.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with ExitStack() as ends:
        address = ends.enter_context(serving())
        context = browser.new_context(viewport={"width": 1000, "height": 700})
        ends.callback(context.close)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_function("window.desk?.sent.some(([channel]) => channel === 'cursor')")
        give(page, "frames", Frame(1, WIDTH, HEIGHT, 0))
        page.evaluate("desk.stage.setView(100)")
        page.locator(".plane").wait_for()
        yield page
        assert not errors


def drawn(page: Page, shape: Shape, x: int, y: int, scale: float = 1) -> bool:
    """Tell whether the page shows a black picture with a pointer in it, and nothing else."""
    found = shot(page)
    left, top = round((x - shape.hot_x) * scale), round((y - shape.hot_y) * scale)
    width, height = round(shape.width * scale), round(shape.height * scale)
    there = found[top : top + height, left : left + width]
    seen = Image.fromarray(pixels_of(shape).astype(np.uint8), "RGBA")
    over = Image.new("RGBA", seen.size, "black")
    over.alpha_composite(seen)
    wanted = np.asarray(over.convert("RGB").resize((width, height), Image.Resampling.NEAREST)).astype(int)
    rest = found.copy()
    rest[max(0, top - 1) : top + height + 1, max(0, left - 1) : left + width + 1] = 0
    limit = 0 if scale == 1 else 8
    return there.shape == wanted.shape and bool(
        not rest.any() and wanted.any() and np.mean(np.abs(there - wanted)) <= limit
    )


def is_there(seen: Seen, x: int) -> bool:
    """Tell whether a red and blue pointer is in this column."""
    colours = pixels_of(seen.shape)[:, :, :3].reshape(-1, 3).tolist() if seen.shape else []
    return seen.x == x and [255, 0, 0] in colours


@pytest.mark.browser
@pytest.mark.screen
def test_a_browser_shows_the_real_pointer_where_it_really_is(
    page: Page, screen: Screen, places: Places
) -> None:
    window(screen, 100, HAND)
    window(screen, 400, CROSS)
    for number, (x, y) in enumerate(((150, 160), (450, 222)), start=1):
        screen.do("mousemove", x, y)
        seen = places.until(lambda one, x=x: is_there(one, x), "the pointer")  # type: ignore[misc]
        assert seen.shape is not None

        give(page, "cursor", told(seen.shape, number))
        give(page, "cursor", CursorMoved(seen.x, seen.y, number))

        wait_until(lambda seen=seen, x=x, y=y: drawn(page, seen.shape, x, y), "the pointer in the page", 40)


@pytest.mark.browser
def test_a_pointer_follows_the_scale_and_goes_with_its_shape(page: Page) -> None:
    shape = flat(0xFF8000, 16, 20)
    give(page, "cursor", CursorMoved(100, 60, 5))
    give(page, "cursor", told(shape, 5))
    wait_until(lambda: drawn(page, shape, 100, 60), "the pointer", 40)

    page.evaluate("desk.stage.setView(50)")
    wait_until(lambda: drawn(page, shape, 100, 60, 0.5), "half the pointer", 40)
    page.evaluate("desk.stage.setView(100)")
    give(page, "cursor", CursorMoved(0, 0, 0))

    wait_until(lambda: not shot(page).any(), "no pointer", 40)


@pytest.mark.browser
def test_who_steers_has_the_pointer_at_his_own_and_sees_no_other(page: Page) -> None:
    shape = flat(0xFF8000, 16, 20)
    give(page, "cursor", told(shape))
    give(page, "cursor", CursorMoved(100, 60, 1))
    wait_until(lambda: drawn(page, shape, 100, 60), "the pointer", 40)
    own = "getComputedStyle(desk.stage.element).getPropertyValue('--remote-cursor')"

    page.evaluate("desk.steer(true)")
    assert drawn(page, shape, 100, 60), "his own is not over the picture"
    page.mouse.move(450, 300)
    wait_until(lambda: not shot(page).any(), "only his own", 40)
    assert page.evaluate(own).startswith("url(data:image/png;base64,")
    assert page.evaluate(own).endswith(") 1 2, crosshair")

    page.evaluate("desk.steer(false)")
    wait_until(lambda: drawn(page, shape, 100, 60), "the pointer again", 40)
    give(page, "cursor", CursorMoved(0, 0, 0))
    assert page.evaluate(own) == ""


GOOD = flat(0x00FF00)


@pytest.mark.browser
@pytest.mark.parametrize(
    "bad",
    [
        {"width": 9}, {"height": 4000}, {"number": 65}, {"number": 0}, {"hot_x": 8}, {"width": 0},
        {"png": b""}, {"png": b"\x89PNG"}, {"png": GOOD.png[:40]},
        {"png": GOOD.png[:16] + b"\0\0\xff\xff\0\0\xff\xff" + GOOD.png[24:]}, {"png": b"GIF89a" + b"\0" * 40},
    ],
    ids=str,
)  # fmt: skip
def test_a_shape_that_lies_is_passed_over(page: Page, bad: dict[str, Any]) -> None:
    fields = {
        "number": 2, "width": 8, "height": 8, "hot_x": 1, "hot_y": 2, "png": GOOD.png, **bad,
    }  # fmt: skip
    fields["png"] = base64.b64encode(fields["png"]).decode()
    page.evaluate(
        "(one) => desk.give('cursor', 'cursor_shape', { ...one, png: desk.bytes(one.png) })", fields
    )
    give(page, "cursor", CursorMoved(50, 50, 2))
    give(page, "cursor", told(GOOD, 3))
    assert not shot(page).any()

    give(page, "cursor", CursorMoved(50, 50, 3))

    wait_until(lambda: drawn(page, GOOD, 50, 50), "the good one", 40)
