"""A film on the customer's screen in a real browser: near while it moves, exact once it is calm."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from attrs import define, evolve, field
from playwright.sync_api import Browser, Page, sync_playwright
from screens import wait_until

from deskside_screen.messages import Frame, Packing, Tiles, VideoCodec
from deskside_screen.tiles import Box
from deskside_screen.video import Film

from .stub_page import HEIGHT, WIDTH, begin, canvas, paint, piece, pieces, serving, settled, wanted
from programs import CHROMIUM_OPTIONS, WIDE, chromium

pytestmark = pytest.mark.browser
WITHOUT_WORKER = "delete globalThis.Worker"
WITHOUT_DECODER = f"{WITHOUT_WORKER}; delete globalThis.VideoDecoder"
ON_PAGE = Box(101, 53, 333, 251)
FPS = 30


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@define(eq=False)
class Far:
    """A page behind a camera: gives it what comes, and says what it has said."""

    page: Page
    pieces: list[Any] = field(factory=list)
    spoil: Callable[[Any], Any] = field(default=lambda one: one)

    def take(self, message: Frame | Tiles) -> None:
        """Give a message to the page and wait until it is painted."""
        if isinstance(message, Frame):
            begin(self.page)
            return
        self.pieces += message.pieces
        spoiled = [self.spoil(one) for one in message.pieces]
        boxes = [Box(one.x, one.y, one.width, one.height) for one in spoiled]
        paint(
            self.page,
            [piece(one.packing.value, one.data, box) for one, box in zip(spoiled, boxes, strict=True)],
        )

    def said(self, kind: str) -> list[Any]:
        """Return what the page has said of a kind."""
        return [
            fields for name, told, fields in self.page.evaluate("stub.sent") if (name, told) == ("view", kind)
        ]

    def codecs(self) -> tuple[VideoCodec, ...]:
        """Return what the page decodes, as soon as it says so."""
        wait_until(lambda: self.said("decodes"), "the page's word")
        return tuple(VideoCodec(one) for one in self.said("decodes")[-1]["codecs"])

    @property
    def packings(self) -> list[Packing]:
        """Return how the last pictures were packed."""
        return [one.packing for one in self.pieces[-20:]]


@pytest.fixture
def open_far(browser: Browser, address: str) -> Iterator[Callable[..., Far]]:
    with ExitStack() as contexts:

        def make(script: str = "") -> Far:
            context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
            contexts.callback(context.close)
            page = context.new_page()
            page.add_init_script(script)
            page.goto(f"{address}/stub.html")
            page.wait_for_function("window.stub?.sent.length > 0")
            return Far(page)

        yield make


@pytest.fixture
def play(make_rig: Any, movie: Any, document: Any, monkeypatch: Any) -> Callable[..., Any]:
    """Return a function that shows a film on a desktop to a page, picture by picture."""
    rig = make_rig(WIDTH, HEIGHT)

    def sleep(self: Any, seconds: float, bell: Any, *, for_damage: bool) -> bool:
        return for_damage and self._damage is not None

    monkeypatch.setattr(type(rig.desktop), "sleep", sleep)
    rig.desktop.paint(Box(0, 0, WIDTH, HEIGHT), document(WIDTH, HEIGHT))
    shown = [0]

    def play(far: Far, pictures: int, codecs: tuple[VideoCodec, ...] | None = None) -> Any:
        if 1 not in rig.session.pages:
            rig.session.pages[1] = far
            rig.session.join(1)
            rig.camera.decodable = far.codecs() if codecs is None else codecs
        for _ in range(pictures):
            shown[0] += 1
            rig.desktop.paint(ON_PAGE, movie(ON_PAGE.width, ON_PAGE.height, shown[0]))
            rig.desktop.now += 1 / FPS
            rig.steps(2)
        return rig

    return play


def psnr(page: Page, pixels: Any) -> float:
    seen, source = (ON_PAGE.of(one).astype(float) for one in (canvas(page), wanted(pixels)))
    return float(10 * np.log10(255**2 / max(1e-9, np.mean((seen - source) ** 2))))


def calm(rig: Any) -> None:
    """Let a second pass in which nothing changes."""
    for _ in range(20):
        rig.desktop.now += 0.05
        rig.steps(1)


@pytest.mark.feature("SCR-01")
@pytest.mark.parametrize("script", ["", WITHOUT_WORKER], ids=["worker", "no worker"])
@pytest.mark.parametrize("codec", list(VideoCodec))
def test_a_film_is_near_while_it_moves_and_exact_a_second_later(open_far, play, script, codec) -> None:
    far = open_far(script)
    assert codec in far.codecs()

    rig = play(far, 30, (codec,))

    assert set(far.packings) == {Packing.VIDEO}
    wait_until(lambda: psnr(far.page, rig.desktop.pixels) > 30, "the film's newest picture")
    calm(rig)
    assert settled(far.page, rig.desktop.pixels)
    assert "screen.broken" not in far.page.evaluate("stub.said")


def test_a_page_without_a_decoder_says_so_and_gets_pictures_it_can_paint(open_far, play) -> None:
    far = open_far(WITHOUT_DECODER)
    assert far.codecs() == ()

    rig = play(far, 30)

    assert Packing.VIDEO not in {one.packing for one in far.pieces}
    wait_until(lambda: psnr(far.page, rig.desktop.pixels) > 30, "the newest picture")
    calm(rig)
    assert settled(far.page, rig.desktop.pixels)


def garbage(one: Any) -> Any:
    if one.packing is not Packing.VIDEO:
        return one
    return evolve(one, data=one.data[:40] + bytes(range(256)) * 4)


def nothing(one: Any) -> Any:
    """Return a picture from which the decoder makes none."""
    return evolve(one, data=one.data[:4] + b"\0\0\1\x09\xf0") if one.packing is Packing.VIDEO else one


def missing(one: Any) -> Any:
    return evolve(one, packing=Packing.RUNS, data=b"\0" * 9) if one.packing is Packing.VIDEO else one


@pytest.mark.parametrize("spoil", [nothing, missing])
def test_a_film_with_a_broken_picture_begins_anew(open_far, play, spoil) -> None:
    far = open_far()
    rig = play(far, 20)
    assert set(far.packings[-5:]) == {Packing.VIDEO}

    far.spoil = spoil
    play(far, 1)
    far.spoil = lambda one: one
    play(far, 1)
    wait_until(lambda: far.said("want_key"), "the page's wish")
    rig.camera.wants_key = True
    play(far, 5)

    wait_until(lambda: psnr(far.page, rig.desktop.pixels) > 30, "the film's newest picture")
    assert "screen.broken" in far.page.evaluate("stub.said")
    calm(rig)
    assert settled(far.page, rig.desktop.pixels)


def test_garbage_that_a_decoder_takes_for_a_picture_is_gone_once_it_is_calm(open_far, play) -> None:
    far = open_far()
    rig = play(far, 20)

    far.spoil = garbage
    play(far, 3)
    far.spoil = lambda one: one
    calm(rig)

    assert settled(far.page, rig.desktop.pixels)


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def one_page(shared_page: Page, address: str) -> Far:
    shared_page.goto(f"{address}/stub.html")
    shared_page.wait_for_function("window.stub?.sent.length > 0")
    return Far(shared_page)


def tiles(codec: VideoCodec, count: int = 2, side: int = 64) -> list[bytes]:
    """Return the pictures of a film as large as a tile."""
    film, found = Film(codec), []
    for number in range(count):
        pixels = np.full((side, side), 0x102030 * (number + 1), np.uint32)
        (one,) = film.encode(pixels, Box(0, 0, side, side), 80, 1 << 20, film.promise())
        found.append(one.data)
    return found


KEY, NEXT = tiles(VideoCodec.H264)
VP9_KEY, VP9_NEXT = tiles(VideoCodec.VP9)
SIZE_AT = KEY.index(b"\x67")
LARGE_KEY, VP9_LARGE_KEY = (tiles(codec, 1, 1024)[0] for codec in (VideoCodec.H264, VideoCodec.VP9))
FULL_KEY = tiles(VideoCodec.H264_FULL, 1)[0]
IDR_AT = KEY.index(b"\x65", SIZE_AT + 40)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        KEY[:4],
        KEY[:3],
        KEY[:SIZE_AT],
        KEY[: SIZE_AT + 6],
        KEY[:IDR_AT],
        b"\x09" + KEY[1:],
        b"\0\0" + KEY[2:],
        b"\0\x02" + KEY[2:],
        NEXT,
        b"\0\1" + NEXT[2:],
        LARGE_KEY,
        KEY + KEY[4:],
        KEY[: SIZE_AT + 1] + b"\xff" * 40 + KEY[SIZE_AT + 41 :],
        KEY[: SIZE_AT + 1] + b"\0" * 40 + KEY[SIZE_AT + 41 :],
        KEY[: IDR_AT + 1] + b"\xff" * 100,
        KEY[: IDR_AT + 1] + b"\0" * 100,
        KEY[:1] + FULL_KEY[1:],
        FULL_KEY[:1] + KEY[1:],
        VP9_NEXT,
        VP9_LARGE_KEY,
        VP9_KEY[:6],
        VP9_KEY[:20],
        VP9_KEY + b"\xc1\x01\x01\xc1",
        VP9_KEY[:16] + b"\xff" * 100,
    ],
    ids=range(25),
)
def test_video_that_lies_is_passed_over_and_told_once(one_page: Far, document, bad: bytes) -> None:
    picture = document(WIDTH, HEIGHT)

    begin(one_page.page)
    paint(one_page.page, *[[piece("video", bad)]] * 3, pieces(picture))

    assert settled(one_page.page, picture)
    assert one_page.page.evaluate("stub.said").count("screen.broken") == 1


@pytest.mark.parametrize("bad", [KEY[: IDR_AT + 1] + b"\xff" * 100, NEXT])
def test_a_page_that_was_lied_to_again_and_again_wants_no_more_video(one_page: Far, document, bad) -> None:
    picture = document(WIDTH, HEIGHT)
    assert one_page.codecs()

    begin(one_page.page)
    for _ in range(8):
        paint(one_page.page, *[[piece("video", bad)] * 100] * 5)
        begin(one_page.page)
    paint(one_page.page, pieces(picture))

    assert settled(one_page.page, picture)
    wait_until(lambda: one_page.said("decodes")[-1]["codecs"] == [], "the page's word")
    assert len(one_page.said("want_key")) < 5


def test_a_picture_that_has_not_begun_anew_where_it_should_is_not_painted(one_page: Far) -> None:
    begin(one_page.page)
    paint(one_page.page, [piece("video", KEY)], [piece("video", NEXT)])
    assert "screen.broken" not in one_page.page.evaluate("stub.said")

    begin(one_page.page)
    paint(one_page.page, [piece("video", NEXT)])

    assert "screen.broken" in one_page.page.evaluate("stub.said")
    assert one_page.said("want_key")


def test_a_picture_that_never_comes_holds_nothing_up_for_long(open_far, document) -> None:
    far, picture = open_far(WITHOUT_WORKER), document(WIDTH, HEIGHT)
    assert far.codecs()
    far.page.evaluate("VideoDecoder.prototype.decode = () => {}")

    begin(far.page)
    paint(far.page, [piece("video", KEY)], pieces(picture), [piece("video", NEXT)])

    assert settled(far.page, picture)
    assert "screen.broken" in far.page.evaluate("stub.said")
    assert len(far.said("want_key")) == 1


def test_a_film_that_changes_its_size_or_codec_loses_no_picture(one_page: Far) -> None:
    large = Box(64, 0, 128, 128)
    first, second = tiles(VideoCodec.H264_FULL, 2, 128)
    film = [
        *([piece("video", KEY)], [piece("video", NEXT)]),
        *([piece("video", first, large)], [piece("video", second, large)]),
        *([piece("video", VP9_KEY)], [piece("video", VP9_NEXT)]),
    ]

    begin(one_page.page)
    paint(one_page.page, *film * 5)

    assert "screen.broken" not in one_page.page.evaluate("stub.said")
    assert one_page.said("want_key") == []
