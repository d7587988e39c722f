"""Whatever pieces come, the page paints on, reserves no more than the picture takes, and says it once."""

import base64
import re
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fixtures
import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from deskside_screen.encode import EXACT, Look, copy, encode
from deskside_screen.messages import FURTHEST, SLOTS, Packing, Piece
from deskside_screen.stream import Stream, loose
from deskside_screen.tiles import Box

from .stub_page import HEIGHT, WEB, WIDTH, begin, pieces, serving, settled, shorts
from programs import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
browser = fixtures.browser

CORPUS = Path(__file__).parent / "corpus" / "pieces"
READ = {"jpeg-ends-in-its-frame", "jpeg-two-frames", "png-more-pixels-than-it-says"}
"""What looks sound until a decoder reads it; the last it forgives, and paints what belongs there."""
WATCH = """{
  globalThis.watched = { asked: 0, largest: 0, open: 0, errors: [], spares: 0 };
  const note = (error) => watched.errors.push(String(error));
  addEventListener("error", (event) => note(event.message));
  addEventListener("unhandledrejection", (event) => note(event.reason));
  const real = createImageBitmap;
  globalThis.createImageBitmap = async (...given) => {
    watched.asked += 1;
    const bitmap = await real(...given);
    watched.largest = Math.max(watched.largest, bitmap.width * bitmap.height);
    watched.open += 1;
    const close = bitmap.close.bind(bitmap);
    bitmap.close = () => { watched.open -= 1; close(); };
    return bitmap;
  };
  const Real = VideoDecoder;
  globalThis.VideoDecoder = class extends Real {
    constructor({ output, error }) {
      const counted = (frame) => {
        watched.largest = Math.max(watched.largest, frame.codedWidth * frame.codedHeight);
        watched.open += 1;
        const close = frame.close.bind(frame);
        let isOpen = true;
        frame.close = () => { watched.open -= Number(isOpen); isOpen = false; close(); };
        output(frame);
      };
      super({ output: counted, error });
    }
  };
  const Spare = OffscreenCanvas;
  globalThis.OffscreenCanvas = class extends Spare {
    constructor(width, height) {
      super(width, height);
      watched.spares += width * height;
    }
  };
}"""
WITHOUT_WORKER = "delete globalThis.Worker"
GIVE = """async (batches) => {
  await Promise.all(batches.map((one) => stub.tiles(one)));
  await new Promise((resolve) => setTimeout(resolve));
}"""
Told = tuple[str, int, int, int, int, bytes]


@pytest.fixture(scope="module", params=["worker", "no worker"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with serving() as address:
        context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
        page = context.new_page()
        if request.param == "no worker":
            page.add_init_script(WITHOUT_WORKER)
        page.add_init_script(WATCH)
        page.goto(f"{address}/stub.html")
        page.wait_for_function("window.stub?.sent.length > 0")
        yield page
        context.close()


def told_of(piece: Piece) -> Told:
    return str(piece.packing), piece.x, piece.y, piece.width, piece.height, piece.data


@cache
def seeds() -> list[Told]:
    """Return sound pieces of every packing."""
    noise = np.random.default_rng(1).integers(0, 1 << 24, (HEIGHT, WIDTH), np.uint32)
    few = noise & 0x010101
    box = Box(64, 64, 64, 64)
    made = [*encode(noise, box, EXACT), *encode(noise, box, Look(70)), *encode(few, box, EXACT)]
    made += [*encode(few * 0, Box(0, 0, 640, 400), EXACT), copy(box, Box(3, 5, 64, 64))]
    packed = [told_of(one) for one in made]
    slots = shorts(1, 2, 7) + shorts(3, 3, SLOTS - 1)
    packed += [(str(one), 0, 0, 64, 64, slots) for one in (Packing.KEEP, Packing.RECALL)]
    for picture in (few, few * 0, noise & 0xFF):
        running = Stream()
        packed += [told_of(running.packed(loose(picture, Box(left, 0, 64, 64)))) for left in (0, 64)]
    samples = re.findall(r'^ +"([A-Za-z0-9+/=]{40,})",$', (WEB / "selftest.js").read_text(), re.M)
    packed += [(str(Packing.VIDEO), 0, 0, 64, 64, base64.b64decode(one)) for one in samples]
    assert {one[0] for one in packed} == set(Packing)
    return packed


@cache
def found_before() -> dict[str, Told]:
    return {path.stem: tuple(msgpack.unpackb(path.read_bytes())) for path in sorted(CORPUS.glob("*.bin"))}


NUMBERS = st.sampled_from([0, 1, 63, 64, 65, 399, 400, 401, 639, 640, FURTHEST]) | st.integers(0, FURTHEST)


@st.composite
def mutated(draw: st.DrawFn) -> Told:
    """Return a piece with something wrong in it, or nothing."""
    packing, *place, data = draw(st.sampled_from([*seeds(), *found_before().values()]))
    torn = bytearray(data)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, min(len(torn) - 1, 120))) | st.integers(0, max(0, len(torn) - 1)))
        match draw(st.sampled_from(["set", "cut", "put", "drop"])):
            case "set" if torn:
                torn[at] = draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xC0, 0xDA, 0xFF]) | st.integers(0, 255))
            case "cut":
                del torn[at:]
            case "put":
                torn[at:at] = draw(st.binary(max_size=12))
            case _:
                del torn[at : at + draw(st.integers(1, 12))]
    if draw(st.integers(0, 3)) == 0:
        place[draw(st.integers(0, 3))] = draw(NUMBERS)
    if draw(st.integers(0, 5)) == 0:
        packing = draw(st.sampled_from([*map(str, Packing)]))
    x, y, width, height = place
    return packing, x, y, max(1, width), max(1, height), bytes(torn)


def as_given(told: Told) -> dict[str, Any]:
    packing, x, y, width, height, data = told
    place = {"x": x, "y": y, "width": width, "height": height}
    return {**place, "packing": packing, "data": base64.b64encode(data).decode()}


def bounded(page: Page) -> None:
    """See that nothing was thrown and nothing larger than the picture was decoded."""
    watched = page.evaluate("watched")
    assert watched["errors"] == []
    assert watched["open"] == 0
    assert watched["largest"] <= WIDTH * HEIGHT
    assert watched["spares"] <= (SLOTS + 4) * 64 * 64


def test_no_pieces_bring_the_painter_down_or_make_it_reserve_much(page: Page, photo) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(mutated(), min_size=1, max_size=8), min_size=1, max_size=4))
    def search(batches: list[list[Told]]) -> None:
        page.evaluate(GIVE, [[as_given(one) for one in batch] for batch in batches])
        bounded(page)

    begin(page)
    search()

    picture = photo(WIDTH, HEIGHT)
    begin(page)
    page.evaluate(GIVE, [pieces(picture)])
    assert settled(page, picture)
    assert page.evaluate("stub.said").count("screen.broken") <= 1


INFLATE = """async ([parts, lengths]) => {
  const { Inflate } = await import("/web/inflate.js");
  const stream = new Inflate();
  const found = [];
  for (const [at, part] of parts.entries()) {
    const data = Uint8Array.from(atob(part), (one) => one.charCodeAt(0));
    try {
      const read = stream.read(data, lengths[at]);
      found.push(btoa(Array.from(read, (one) => String.fromCharCode(one)).join("")));
    } catch (error) {
      found.push(error.name);
      break;
    }
  }
  return found;
}"""
CHUNKS = st.lists(
    st.binary(min_size=1, max_size=400)
    | st.builds(bytes.__mul__, st.binary(min_size=1, max_size=9), st.integers(1, 3000)),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_streams_are_read_as_they_were_packed(page: Page, level: int) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CHUNKS)
    def search(chunks: list[bytes]) -> None:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        parts = [packer.compress(one) + packer.flush(zlib.Z_SYNC_FLUSH) for one in chunks]
        given_ = [base64.b64encode(one.removesuffix(b"\0\0\xff\xff")).decode() for one in parts]

        found = page.evaluate(INFLATE, [given_, [len(one) for one in chunks]])

        assert [base64.b64decode(one) for one in found] == chunks

    search()


def test_torn_streams_are_refused_and_nothing_worse(page: Page) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=60), st.integers(1, 100_000), st.data())
    def search(random: bytes, length: int, data: st.DataObject) -> None:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        torn = bytearray(packer.compress(random * 40) + packer.flush(zlib.Z_SYNC_FLUSH))
        for _ in range(data.draw(st.integers(0, 4))):
            torn[data.draw(st.integers(0, len(torn) - 1))] = data.draw(st.integers(0, 255))
        parts = [base64.b64encode(one).decode() for one in (bytes(torn), random)]

        found = page.evaluate(INFLATE, [parts, [length, 10]])

        assert found[-1] == "RangeError" or len(found) == len(parts)
        assert all(one == "RangeError" or len(base64.b64decode(one)) <= length for one in found[:1])

    search()


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.bin")))
def test_pieces_found_before_are_refused_before_they_are_read(page: Page, document, name: str) -> None:
    told = found_before()[name]
    picture = document(WIDTH, HEIGHT)
    begin(page)
    page.evaluate(GIVE, [pieces(picture)])
    asked = page.evaluate("watched.asked")

    page.evaluate(GIVE, [[as_given(told)] * 3])

    if name not in READ:
        assert page.evaluate("watched.asked") == asked
    if "more-pixels" not in name:
        assert settled(page, picture)
    bounded(page)
