"""The page's module in a real browser: what is on its canvas is what was on the screen."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deskside_screen.encode import EXACT, Look, encode
from deskside_screen.tiles import Box

from .stub_page import (
    EVERYTHING,
    HEIGHT,
    WIDTH,
    begin,
    paint,
    piece,
    pieces,
    serving,
    settled,
    shorts,
)
from programs import CHROMIUM_OPTIONS, WIDE, chromium

pytestmark = pytest.mark.browser
WITHOUT_WORKER = "delete globalThis.Worker"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium, headless; ended soon, for its loop and ours do not mix."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Return a function that opens a page in a browser context of its own."""
    with ExitStack() as contexts:

        def make() -> Page:
            context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
            contexts.callback(context.close)
            return context.new_page()

        yield make


@pytest.fixture(params=["worker", "no worker"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page], address: str) -> Page:
    page = open_page()
    if request.param == "no worker":
        page.add_init_script(WITHOUT_WORKER)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    assert not errors
    wanted = int(request.param == "worker")
    for _ in range(100):
        if len(page.workers) >= wanted:
            break
        page.wait_for_timeout(50)  # the driver hears of a worker a little later than the page
    assert len(page.workers) == wanted
    return page


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """Return one page for many tests that each load it again."""
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def one_page(shared_page: Page, address: str) -> Page:
    shared_page.goto(f"{address}/stub.html")
    shared_page.wait_for_function("window.stub?.sent.length > 0")
    return shared_page


@pytest.mark.feature("SCR-01")
def test_exact_pieces_are_exact_on_the_canvas(page: Page, document, photo) -> None:
    picture = document(WIDTH, HEIGHT)
    picture[200:300, 100:500] = photo(400, 100)
    picture[320:380, :] = 0x336699
    picture[300:310, 64:70] = 0xFF0000

    begin(page)
    paint(page, pieces(picture), pieces(picture, Box(60, 296, 40, 20)), pieces(picture, Box(0, 320, 640, 60)))

    assert settled(page, picture)


def test_pieces_are_painted_in_the_order_they_came_however_long_they_take(page: Page, photo) -> None:
    first, last = photo(WIDTH, HEIGHT, 1), photo(WIDTH, HEIGHT, 2)
    last[100:110, 100:120] = 0x00FF00

    begin(page)
    paint(
        page,
        pieces(first, look=Look(90)),
        pieces(first),
        pieces(last),
        pieces(last, Box(100, 100, 20, 10)),
    )

    assert settled(page, last)


def test_a_piece_can_be_moved(page: Page, document) -> None:
    picture = document(WIDTH, HEIGHT)
    moved = picture.copy()
    moved[20:300] = picture[34:314]
    place = (0).to_bytes(2, "little") + (34).to_bytes(2, "little")
    copy = {"x": 0, "y": 20, "width": WIDTH, "height": 280, "packing": "copy"}

    begin(page)
    paint(page, pieces(picture), [{**copy, "data": base64.b64encode(place).decode()}])

    assert settled(page, moved)


def test_a_piece_that_cannot_be_read_holds_nothing_up(page: Page, document) -> None:
    picture = document(WIDTH, HEIGHT)
    broken = {**pieces(picture)[0], "data": base64.b64encode(b"no picture").decode()}

    begin(page)
    paint(page, [broken], pieces(picture))

    assert settled(page, picture)


@pytest.mark.feature("CNS-10")
def test_a_pause_is_said_with_a_way_to_ask(page: Page) -> None:
    page.evaluate("stub.features['screen.view']({state: 'on', reason: '', isPaused: true})")
    button = page.get_by_role("button")
    button.click()

    assert page.locator(".screen-veil").is_visible()
    assert button.is_disabled()
    assert ["resume", "ask_resume", {}] in page.evaluate("stub.sent")

    page.evaluate("stub.give('resume', 'answered', {is_resumed: false, reason: 'refused.consent.no'})")
    assert button.is_enabled()
    assert "refused.consent.no" in page.evaluate("stub.said")

    page.evaluate("stub.features['screen.view']({state: 'on', reason: '', isPaused: false})")
    assert not page.locator(".screen-veil").is_visible()


@pytest.mark.feature("SCR-02")
def test_the_view_menu_offers_the_monitors(page: Page) -> None:
    monitors = [
        {"number": 1, "name": "HDMI-1", "left": 0, "top": 0, "width": 320, "height": 400},
        {"number": 2, "name": "", "left": 320, "top": 0, "width": 320, "height": 400},
    ]
    page.evaluate("(monitors) => stub.give('view', 'monitors', {shown: 1, monitors})", monitors)
    labels = page.evaluate(
        "stub.buttons.filter((one) => one.icon === 'monitor')"
        ".map((one) => [one.label, one.shortcut ?? '', one.pressed ?? false])"
    )

    page.evaluate("stub.buttons.find((one) => one.shortcut === 'Ctrl+Win+Right').onPress()")
    page.evaluate("stub.buttons.find((one) => one.shortcut === 'Ctrl+Win+W').onPress()")

    assert labels == [
        ["screen.monitor.choose", "Ctrl+Win+W", False],
        ["screen.monitor.next", "Ctrl+Win+Right", False],
        ["screen.monitor.previous", "Ctrl+Win+Left", False],
        ["screen.monitor.named 1 HDMI-1 320 400", "", True],
        ["screen.monitor 2  320 400", "", False],
        ["screen.monitor.all", "", False],
    ]
    chosen = [one[2] for one in page.evaluate("stub.sent") if one[1] == "choose_monitor"]
    assert chosen == [{"number": 2}, {"number": 1}]
    assert page.evaluate("stub.status.monitor") == "screen.monitor.of 1 2"


def test_tiles_that_were_kept_are_painted_again_until_a_picture_begins(page: Page, document, photo) -> None:
    first, second = document(WIDTH, HEIGHT), photo(WIDTH, HEIGHT)
    mixed = second.copy()
    mixed[64:128, 128:192] = first[128:192, 64:128]
    keep, recall = piece("keep", shorts(1, 2, 1023)), piece("recall", shorts(2, 1, 1023))

    begin(page)
    paint(page, pieces(first), [keep], pieces(second), [recall])
    assert settled(page, mixed)

    begin(page)
    paint(page, pieces(first), [recall])
    assert settled(page, first)
    assert page.evaluate("stub.said").count("screen.broken") == 1


FLAT = shorts(1, 7, 0) + b"\0" + shorts(4095)
FLAT_SCREEN = shorts(1, 7, 0) + b"\0" * 4 + b"\xff" * 8
LARGE = np.tile(np.arange(2048, dtype=np.uint32), (2048, 1))
BOMB = encode(LARGE, Box(0, 0, 2048, 2048), EXACT)


@pytest.mark.parametrize(
    "bad",
    [
        piece("copy", shorts(600, 0)),
        piece("copy", shorts(0, 65535)),
        piece("copy", shorts(0)),
        piece("copy", shorts(0, 0), Box(600, 0, 64, 64)),
        piece("runs", FLAT, Box(0, 0, 32767, 32767)),
        piece("runs", shorts(1, 7, 0) + b"\0" * 9 + b"\xff" * 18),
        piece("runs", shorts(1, 7, 0) + b"\1" + shorts(4095)),
        piece("runs", shorts(65535, 7, 0) + b"\0" + shorts(4095)),
        piece("runs", shorts(0, 7, 0) + b"\0" + shorts(4095)),
        piece("runs", shorts(1, 7, 0) + b"\0\0" + shorts(4, 4)),
        piece("runs", b"\0" * 8),
        piece("keep", shorts(0, 0, 1024)),
        piece("keep", shorts(9, 6, 0)),
        piece("keep", shorts(0, 0)),
        piece("recall", shorts(0, 0, 5)),
        piece("recall", shorts(0, 0, 65535)),
        piece("recall", shorts(0, 0, 0) * 40_000),
        piece("png", BOMB[0].data),
        piece("jpeg", b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + b"\0" * 40),
        piece("jpeg", b"\xff\xd8" + b"\xff\xe0\x00\x00" * 3),
        piece("video", b"\0" * 8),
    ],
    ids=str,
)
def test_what_a_hostile_host_sends_is_passed_over_and_told_once(one_page: Page, document, bad) -> None:
    picture = document(WIDTH, HEIGHT)

    begin(one_page)
    paint(one_page, pieces(picture), [bad, bad])

    assert settled(one_page, picture)
    assert one_page.evaluate("stub.said").count("screen.broken") == 1


def test_a_picture_of_an_absurd_size_is_not_begun(page: Page, document) -> None:
    picture = document(WIDTH, HEIGHT)
    begin(page)
    paint(page, pieces(picture))
    frame = {"sequence": 1, "width": 32767, "height": 32767, "monitor": 0}
    page.evaluate("(frame) => stub.give('frames', 'frame', frame)", frame)
    paint(page, [piece("runs", FLAT, Box(0, 0, 32767, 32767))])

    assert settled(page, picture)
    assert page.evaluate("stub.size") == {"width": WIDTH, "height": HEIGHT}
    assert "screen.broken" in page.evaluate("stub.said")


def test_a_picture_painted_over_and_over_in_one_message_stops(page: Page) -> None:
    begin(page)
    paint(page, [piece("runs", FLAT_SCREEN, EVERYTHING)] * 512)

    assert "screen.broken" in page.evaluate("stub.said")


def test_windows_that_overlap_their_own_place_are_moved_exactly(page: Page, document, photo) -> None:
    picture = document(WIDTH, HEIGHT)
    picture[100:200, 100:300] = photo(200, 100)

    begin(page)
    paint(page, pieces(picture))
    for left, top, by, down in ((80, 60, 7, 5), (90, 70, -13, 9), (60, 60, 3, -11), (61, 61, -1, -1)):
        box = Box(left, top, 320, 240)
        box.of(picture)[:] = box.moved(by, down).of(picture).copy()
        paint(page, [piece("copy", shorts(left + by, top + down), box)])

    assert settled(page, picture)
