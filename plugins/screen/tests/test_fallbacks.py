"""A browser that lacks something shows the same pixels; and what it reserves for a picture it lets go of."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import fixtures
import pytest
from playwright.sync_api import Browser, Page, Route
from screens import wait_until

from deskside_screen.encode import Look
from deskside_screen.tiles import Box

from .stub_page import (
    HEIGHT,
    WEB,
    WIDTH,
    begin,
    paint,
    piece,
    pieces,
    serving,
    settled,
    shorts,
)
from programs import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
browser = fixtures.browser

NO_VIDEO = "for (const one of ['VideoDecoder', 'VideoFrame', 'EncodedVideoChunk', 'ImageDecoder'])"
WITHOUT_OPTIONS = """{
  const real = createImageBitmap;
  globalThis.createImageBitmap = async (...given) => {
    if (given.length > 1) throw new TypeError("the options are not understood");
    return real(...given);
  };
}"""
LACKS: dict[str, tuple[str, bool]] = {
    "workers": ("delete globalThis.Worker", False),
    "workers made of modules": (
        "{ const Old = Worker; globalThis.Worker = class extends Old { constructor(url) { super(url); } }; }",
        False,
    ),
    "workers that may be made": (
        "globalThis.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } }",
        False,
    ),
    "drawing off the page": (
        "if (globalThis.document === undefined) OffscreenCanvas.prototype.getContext = () => null",
        True,
    ),
    "canvases off the page": ("delete globalThis.OffscreenCanvas", True),
    "bitmaps": (
        "delete globalThis.Worker; delete globalThis.ImageDecoder; delete globalThis.createImageBitmap",
        False,
    ),
    "bitmaps in workers": (
        "if (globalThis.document === undefined) globalThis.createImageBitmap = undefined",
        False,
    ),
    "options of bitmaps": (WITHOUT_OPTIONS, True),
    "options of bitmaps and workers": (f"delete globalThis.Worker; {WITHOUT_OPTIONS}", False),
    "decoders of pictures": ("delete globalThis.ImageDecoder", True),
    "frames copied in colours": (
        "VideoFrame.prototype.copyTo = () => Promise.reject(new DOMException('no', 'NotSupportedError'))",
        True,
    ),
    "frames copied right": ("VideoFrame.prototype.copyTo = async () => []", True),
    "codecs of videos": (f"{NO_VIDEO} delete globalThis[one]", True),
    "nothing": ("", True),
}
COUNTING = """{
  const [real, decode] = [createImageBitmap, globalThis.ImageDecoder?.prototype.decode];
  globalThis.counted = { opened: 0, closed: 0 };
  const [frames, closed] = [new WeakSet(), new WeakSet()];
  for (const kind of [ImageBitmap, VideoFrame]) {
    const close = kind.prototype.close;
    kind.prototype.close = function () {
      // Those of videos are none of ours.
      if (!closed.has(this) && (kind === ImageBitmap || frames.has(this))) counted.closed += 1;
      closed.add(this);
      close.call(this);
    };
  }
  globalThis.createImageBitmap = async (...given) => {
    const bitmap = await real(...given);
    counted.opened += 1;
    return bitmap;
  };
  if (decode) {
    ImageDecoder.prototype.decode = async function (...given) {
      const found = await decode.apply(this, given);
      counted.opened += 1;
      frames.add(found.image);
      return found;
    };
  }
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


Open = Callable[[str], Page]


@pytest.fixture
def open_stub(browser: Browser, address: str) -> Iterator[Open]:
    """Return a function that opens the stub after a script has run, in the page and in its worker."""
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]

    def make(script: str) -> Page:
        def changed(route: Route) -> None:
            body = (WEB / "worker.js").read_text()
            # What is imported runs before any line of the worker itself, so the script is one of the imports.
            if route.request.url.endswith("/before.js"):
                route.fulfill(body=script, content_type="text/javascript")
            else:
                route.fulfill(body=f'import "./before.js";\n{body}', content_type="text/javascript")

        context.route("**/web/worker.js", changed)
        context.route("**/web/before.js", changed)
        context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/stub.html")
        page.wait_for_function("window.stub?.sent.length > 0")
        return page

    errors: list[str] = []
    yield make
    context.close()
    assert errors == []


def has_workers(page: Page) -> bool:
    """Tell whether the page has a worker; the driver hears of it only while it is asked something."""
    page.evaluate("1")
    return bool(page.workers)


@pytest.mark.parametrize("what", sorted(LACKS))
def test_a_browser_that_lacks_something_shows_the_same_pixels(
    open_stub: Open, document, photo, what: str
) -> None:
    script, has_worker = LACKS[what]
    page = open_stub(script)
    first, picture = document(WIDTH, HEIGHT), document(WIDTH, HEIGHT, 40)
    picture[200:300, 100:500] = photo(400, 100)
    picture[320:380, :] = 0x336699
    after = picture.copy()
    after[0:64, 64:128] = first[128:192, 64:128]
    after[340:390, 10:210] = after[210:260, 20:220]

    begin(page)
    paint(page, pieces(first), [piece("keep", shorts(1, 2, 7))])
    paint(page, pieces(picture, look=Look(60)), pieces(picture))
    paint(page, [piece("recall", shorts(1, 0, 7))], [piece("copy", shorts(20, 210), Box(10, 340, 200, 50))])

    assert settled(page, after)
    assert page.evaluate("stub.said") == []
    wait_until(lambda: has_workers(page) == has_worker, "a worker" if has_worker else "no worker", 30)


def test_what_a_browser_without_bitmaps_cannot_read_holds_nothing_up(open_stub: Open, document) -> None:
    page = open_stub(LACKS["bitmaps"][0])
    picture = document(WIDTH, HEIGHT)
    torn = piece("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40" + b"\0" * 60)

    begin(page)
    paint(page, [torn], pieces(picture))

    assert settled(page, picture)
    assert page.evaluate("stub.said") == ["screen.broken"]


@pytest.mark.parametrize("lacks", ["nothing", "decoders of pictures"])
@pytest.mark.parametrize("where", ["worker", "page"])
def test_thousands_of_pictures_leave_none_open(open_stub: Open, photo, where: str, lacks: str) -> None:
    page = open_stub(
        ("delete globalThis.Worker;" if where == "page" else "") + LACKS[lacks][0] + ";" + COUNTING
    )
    picture = photo(WIDTH, HEIGHT)
    boxes = [Box(64 * column, 64 * row, 64, 64) for column in range(10) for row in range(6)]
    many = [one for number, box in enumerate(boxes) for one in pieces(picture, box, Look(50 + number % 40))]
    torn = piece("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40" + b"\0" * 60)

    for turn in range(5):
        begin(page)
        paint(page, *[[*many, torn]] * 10)
        # Decoded, and then they do not fit any more: another size has begun before they are painted.
        size = {"sequence": 1, "width": WIDTH // (1 + turn % 2), "height": HEIGHT, "monitor": 0}
        page.evaluate(
            "([frame, pieces]) => { stub.tiles(pieces); stub.give('frames', 'frame', frame); }", [size, many]
        )
    begin(page)
    paint(page, pieces(picture))

    assert settled(page, picture)
    if where == "worker":
        wait_until(lambda: has_workers(page), "the worker", 30)
    # What a worker has opened may be drawn and closed by the page.
    counted = [one.evaluate("counted") for one in (page, *page.workers)]
    opened, closed = (sum(one[which] for one in counted) for which in ("opened", "closed"))
    assert opened == closed > 3000


def test_pictures_that_come_before_the_worker_is_ready_are_painted_in_order(
    browser: Browser, address: str, photo
) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    held: list[Route] = []
    context.route("**/web/worker.js", lambda route: held.append(route))
    page = context.new_page()
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    wait_until(lambda: page.evaluate("1") and held, "the worker being asked for", 30)

    frame = {"sequence": 1, "width": WIDTH, "height": HEIGHT, "monitor": 0}
    page.evaluate("(frame) => void stub.give('frames', 'frame', frame)", frame)
    batches = [pieces(photo(WIDTH, HEIGHT, number)) for number in range(1, 4)]
    page.evaluate("(batches) => void batches.forEach((one) => stub.tiles(one))", batches)
    blank = page.evaluate("stub.pixels()")
    held[0].continue_()

    assert settled(page, photo(WIDTH, HEIGHT, 3))
    assert page.evaluate("stub.pixels()") != blank
    wait_until(lambda: has_workers(page), "the worker", 30)
    context.close()


def test_a_worker_that_never_comes_is_not_waited_for(browser: Browser, address: str, document) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    context.route("**/web/worker.js", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    picture = document(WIDTH, HEIGHT)

    begin(page)
    paint(page, pieces(picture))

    assert settled(page, picture)
    context.close()


ON = "stub.features['screen.view']({state: 'on', reason: '', isPaused: %s})"


def test_a_picture_that_never_begins_is_told_in_words(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    page = context.new_page()
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    page.clock.install(time=noon)
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    page.clock.pause_at(noon + timedelta(hours=1))
    told = "stub.said.filter((one) => one === 'screen.waiting').length"
    assert page.evaluate(told) == 1

    page.evaluate(ON % "true")
    page.clock.fast_forward(60_000)
    assert page.evaluate(told) == 1

    page.evaluate(ON % "false")
    page.clock.fast_forward(9_900)
    assert page.evaluate(told) == 1
    page.clock.fast_forward(200)
    assert page.evaluate(told) == 2

    page.evaluate(ON % "true")
    page.evaluate(ON % "false")
    page.clock.fast_forward(5_000)
    begin(page)
    page.clock.fast_forward(60_000)
    assert page.evaluate(told) == 2
    context.close()


def test_what_waits_for_a_worker_is_bounded(browser: Browser, address: str, document) -> None:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    held: list[Route] = []
    context.route("**/web/worker.js", lambda route: held.append(route))
    page = context.new_page()
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    flat = piece("runs", shorts(1, 7, 0) + b"\0" + shorts(0), Box(0, 0, 1, 1))
    picture = document(WIDTH, HEIGHT)

    many = "(one) => { window.all = Promise.all(Array.from({ length: 5000 }, () => stub.tiles([one]))); }"
    page.evaluate(many, flat)
    page.wait_for_function("stub.said.includes('screen.broken')")
    wait_until(lambda: page.evaluate("1") and held, "the worker being asked for", 30)
    held[0].continue_()
    page.evaluate("window.all.then(() => null)")
    begin(page)
    paint(page, pieces(picture))

    assert settled(page, picture)
    context.close()
