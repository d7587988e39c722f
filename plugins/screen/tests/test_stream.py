"""Small pieces in one running stream: less than each alone, and never out of step."""

import zlib

import numpy as np
import pytest

from deskside_screen.encode import EXACT, encode
from deskside_screen.messages import Packing
from deskside_screen.stream import FLUSHED, RAW, Form, Stream, loose
from deskside_screen.tiles import Box

from .conftest import Decoder

LINE = Box(40, 300, 500, 16)


def test_a_line_of_text_takes_less_where_others_went_before(document) -> None:
    stream, picture = Stream(), document(640, 400)
    lines = [Box(40, top, 500, 16) for top in range(0, 384, 16)]

    streamed = [len(stream.packed(loose(picture, line)).data) for line in lines]

    alone = [sum(len(one.data) for one in encode(picture, line, EXACT)) for line in lines]
    assert sum(streamed) < sum(alone) / 2


@pytest.mark.parametrize("form", list(Form))
def test_pixels_come_out_as_they_went_in_whatever_their_form(form, document, photo) -> None:
    pictures = {
        Form.RUNS: np.full((64, 64), 0x336699, np.uint32),
        Form.NUMBERED: document(64, 64),
        Form.TRUE: photo(64, 64),
    }
    picture, box, page = pictures[form], Box(0, 0, 64, 64), Decoder(np.zeros((64, 64, 3), np.uint8))
    made = loose(picture, box)

    assert made.data[0] == form
    assert np.array_equal(page._pixels(Stream().packed(made)), colours_of(picture))


def colours_of(picture) -> object:
    return picture.view(np.uint8).reshape(64, 64, 4)[:, :, 2::-1]


def test_what_did_not_leave_is_taken_back(document) -> None:
    stream, picture, read = Stream(), document(640, 400), zlib.decompressobj(RAW)
    first, lost, then = (loose(picture, Box(40, top, 500, 16)) for top in (0, 16, 32))

    got = read.decompress(stream.packed(first).data[4:] + FLUSHED)
    mark = stream.mark()
    stream.packed(lost)
    stream.back_to(mark)

    assert got == first.data
    assert read.decompress(stream.packed(then).data[4:] + FLUSHED) == then.data


def test_a_full_line_leaves_pages_in_step(make_rig, document) -> None:
    rig = make_rig()
    page = rig.session.join(1)
    rig.steps(2)
    for turn in range(24):
        rig.session.leave_room(1, 0 if turn % 3 == 1 else 600)
        rig.desktop.paint(LINE, LINE.of(document(640, 400, turn * 7)))
        rig.steps(2)
    rig.session.leave_room(1, 1 << 20)
    rig.steps(4)

    assert Packing.STREAM in {one.packing for one in page.pieces}
    assert page.shows(rig.desktop.pixels)
