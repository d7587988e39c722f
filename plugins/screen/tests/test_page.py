"""The page's module in a real browser: what is on its canvas is what was on the screen."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from screens import wait_until

import deskside_screen
from deskside_screen.encode import EXACT, Look, encode
from deskside_screen.tiles import Box, Picture

from programs import CHROMIUM_OPTIONS, WIDE, chromium

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
WEB = Path(deskside_screen.__file__).parent / "web"
WIDTH, HEIGHT = 640, 400
EVERYTHING = Box(0, 0, WIDTH, HEIGHT)
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:"
WITHOUT_WORKER = "delete globalThis.Worker"


class Files(SimpleHTTPRequestHandler):
    """Serves the stub page and the plugin's web folder, under the policy of session pages."""

    def translate_path(self, path: str) -> str:
        name = path.split("?", maxsplit=1)[0].lstrip("/")
        return str(WEB / name.removeprefix("web/") if name.startswith("web/") else HERE / name)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


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
    assert len(page.workers) == (request.param == "worker")
    return page


def begin(page: Page) -> None:
    frame = {"sequence": 1, "width": WIDTH, "height": HEIGHT, "monitor": 0}
    page.evaluate("(frame) => stub.give('frames', 'frame', frame)", frame)


def pieces(picture: Picture, box: Box = EVERYTHING, look: Look = EXACT) -> list[dict[str, Any]]:
    return [
        {
            "x": one.x, "y": one.y, "width": one.width, "height": one.height, "packing": one.packing.value,
            "data": base64.b64encode(one.data).decode(),
        }
        for one in encode(picture, box, look)
    ]  # fmt: skip


def paint(page: Page, *batches: list[dict[str, Any]]) -> None:
    """Give all batches at once and wait until the last is painted."""
    page.evaluate("(batches) => Promise.all(batches.map((one) => stub.tiles(one)))", list(batches))


def canvas(page: Page) -> Any:
    return np.frombuffer(base64.b64decode(page.evaluate("stub.pixels()")), np.uint8).reshape(HEIGHT, WIDTH, 3)


def wanted(picture: Picture) -> Any:
    return np.ascontiguousarray(picture).view(np.uint8).reshape(HEIGHT, WIDTH, 4)[:, :, 2::-1]


def settled(page: Page, picture: Picture) -> bool:
    """Tell whether the canvas shows a picture as soon as the browser has presented it."""
    return bool(wait_until(lambda: np.array_equal(canvas(page), wanted(picture)), "the picture"))


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
    labels = page.evaluate("stub.buttons.map((one) => [one.label, one.shortcut ?? '', one.pressed ?? false])")

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
