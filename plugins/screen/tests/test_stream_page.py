"""The page's reader of the running stream: as zlib reads it, and unharmed by what is none."""

import base64
import random
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deskside_screen.stream import FLUSHED, RAW, Form, Stream, loose
from deskside_screen.tiles import Box

from .stub_page import begin, paint, piece, serving, settled
from programs import CHROMIUM_OPTIONS, chromium

pytestmark = pytest.mark.browser
STRATEGIES = zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE
READ = """async ([parts, sizes]) => {
  const { Inflate } = await import("/web/inflate.js");
  const reader = new Inflate();
  const read = [];
  for (const [at, part] of parts.entries()) {
    const bytes = Uint8Array.from(atob(part), (one) => one.charCodeAt(0));
    try {
      const found = reader.read(bytes, sizes[at]);
      if (found.length !== sizes[at]) return "another length";
      let text = "";
      for (const one of found) text += String.fromCharCode(one);
      read.push(btoa(text));
    } catch (error) {
      if (!(error instanceof RangeError)) return String(error);
      break;
    }
  }
  return read;
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright, serving() as address:
        browser: Browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        page = browser.new_page()
        page.goto(f"{address}/stub.html")
        page.wait_for_function("window.stub?.sent.length > 0")
        yield page
        browser.close()


def read(page: Page, parts: list[bytes], sizes: list[int]) -> list[bytes]:
    """Return what the page's reader makes of a stream, as far as it gets."""
    found = page.evaluate(READ, [[base64.b64encode(one).decode() for one in parts], sizes])
    assert isinstance(found, list), found
    return [base64.b64decode(one) for one in found]


def material(chance: random.Random) -> list[bytes]:
    words = [chance.randbytes(chance.randrange(1, 40)) for _ in range(8)]
    made = []
    for _ in range(chance.randrange(1, 12)):
        kind = chance.randrange(4)
        size = chance.randrange(1, 9000)
        if kind == 0:
            made.append(chance.randbytes(size))
        elif kind == 1:
            made.append(bytes([chance.randrange(256)]) * size)
        else:
            made.append(b"".join(chance.choice(words) for _ in range(size // 20 + 1)))
    return made


def packed(chance: random.Random, pieces: list[bytes]) -> list[bytes]:
    packer = zlib.compressobj(chance.randrange(10), zlib.DEFLATED, RAW, 8, chance.choice(STRATEGIES))
    flushed = [packer.compress(one) + packer.flush(zlib.Z_SYNC_FLUSH) for one in pieces]
    return [one.removesuffix(FLUSHED) for one in flushed]


def test_it_reads_what_zlib_packs(page: Page) -> None:
    chance = random.Random(7)
    for _ in range(60):
        pieces = material(chance)
        assert read(page, packed(chance, pieces), [len(one) for one in pieces]) == pieces


def test_what_is_no_stream_is_refused_and_never_read_as_more_than_was_said(page: Page) -> None:
    chance = random.Random(11)
    for _ in range(120):
        pieces = material(chance)
        parts = packed(chance, pieces)
        at = chance.randrange(len(parts))
        broken = bytearray(parts[at])
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        parts[at] = bytes(broken[: chance.randrange(1, len(broken) + 1)])
        got = read(page, parts, [len(one) for one in pieces])
        assert got[:at] == pieces[:at]


def streamed(stream: Stream, picture: Any, box: Box) -> dict[str, Any]:
    made = stream.packed(loose(picture, box))
    return piece("stream", made.data, box)


def test_pieces_of_every_form_are_painted_exactly(page: Page, document: Any, photo: Any) -> None:
    stream, chance = Stream(), random.Random(3)
    picture = np.zeros((400, 640), np.uint32)
    sources = document(640, 400), photo(640, 400), np.full((400, 640), 0x204060, np.uint32)
    begin(page)
    forms = set()
    for _ in range(40):
        left, top = chance.randrange(600), chance.randrange(380)
        box = Box(
            left,
            top,
            chance.randrange(1, min(200, 640 - left) + 1),
            chance.randrange(1, min(100, 400 - top) + 1),
        )
        box.of(picture)[:] = box.of(chance.choice(sources))
        forms.add(loose(picture, box).data[0])
        paint(page, [streamed(stream, picture, box)])

    assert forms == set(Form)
    assert settled(page, picture)


def test_after_a_missing_part_nothing_is_painted_until_the_stream_begins_anew(
    page: Page, document: Any
) -> None:
    box = Box(0, 0, 320, 64)
    shown, hidden = document(640, 400), document(640, 400, 77)
    stream = Stream()
    begin(page)
    black = np.zeros((400, 640), np.uint32)
    paint(page, [piece("runs", _flat(0), Box(0, 0, 640, 400))])
    box.of(black)[:] = box.of(shown)
    paint(page, [streamed(stream, shown, box)])
    stream.packed(loose(hidden, box))
    lost = streamed(stream, hidden, Box(0, 0, 200, 64))
    paint(page, [piece("stream", b"\x00" * 9, box)], [lost])
    assert settled(page, black)

    stream.begin()
    box.of(black)[:] = box.of(hidden)
    paint(page, [streamed(stream, hidden, box)])

    assert settled(page, black)


def _flat(colour: int) -> bytes:
    runs = -(-640 * 400 // 65536)
    rest = 640 * 400 - (runs - 1) * 65536
    lengths = [65535] * (runs - 1) + [rest - 1]
    return (
        b"\x01\x00"
        + colour.to_bytes(4, "little")
        + bytes(runs)
        + b"".join(one.to_bytes(2, "little") for one in lengths)
    )
