"""Exact pieces decode to the very pixels; no piece is larger than a message may carry."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from deskside_screen.encode import EXACT, Look, encode
from deskside_screen.messages import MOST_BYTES, Frame, Packing, Tiles
from deskside_screen.tiles import Box, blank

SIZES = st.tuples(st.integers(1, 70), st.integers(1, 70))
PIXELS = SIZES.flatmap(
    lambda size: arrays(np.uint32, size, elements=st.integers(0, 2**32 - 1), fill=st.just(0))
)


def shown(decoder, picture, box, look):  # type: ignore[no-untyped-def]
    decoder.take(Frame(1, picture.shape[1], picture.shape[0], 0))
    pieces = encode(picture, box, look)
    decoder.take(Tiles(1, tuple(pieces), True, 0.0))
    return pieces


@given(PIXELS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exact_pieces_show_the_very_pixels(decoder, pixels) -> None:  # type: ignore[no-untyped-def]
    shown(decoder, pixels, Box(0, 0, pixels.shape[1], pixels.shape[0]), EXACT)

    assert decoder.shows(pixels)


def test_a_flat_area_is_one_run(decoder) -> None:  # type: ignore[no-untyped-def]
    picture = blank(1920, 1080)
    picture[:] = 0xFF336699

    pieces = shown(decoder, picture, Box(0, 0, 1920, 128), EXACT)

    assert [(piece.packing, len(piece.data)) for piece in pieces] == [(Packing.RUNS, 2 + 4 + 4 * 3)]


def test_text_is_a_png_and_only_its_own_part_of_the_picture(decoder, document) -> None:  # type: ignore[no-untyped-def]
    picture = document(640, 320)

    pieces = shown(decoder, picture, Box(64, 64, 512, 192), EXACT)

    assert [piece.packing for piece in pieces] == [Packing.PNG]
    assert np.array_equal(decoder.canvas[64:256, 64:576, 2], picture[64:256, 64:576] & 0xFF)
    assert not decoder.canvas[:64].any()


def test_what_would_be_too_large_is_split(decoder, photo) -> None:  # type: ignore[no-untyped-def]
    picture = photo(1280, 192)

    pieces = shown(decoder, picture, Box(0, 0, 1280, 192), EXACT)

    assert len(pieces) > 1
    assert max(len(piece.data) for piece in pieces) <= MOST_BYTES
    assert decoder.shows(picture)


def test_a_lossy_piece_is_near(decoder) -> None:  # type: ignore[no-untyped-def]
    ramp = np.linspace(0, 255, 256).astype(np.uint32)
    picture = np.tile(ramp << 16 | ramp << 8 | ramp, (64, 1))

    pieces = shown(decoder, picture, Box(0, 0, 256, 64), Look(80))

    assert [piece.packing for piece in pieces] == [Packing.JPEG]
    assert np.abs(decoder.canvas[:, :, 0].astype(int) - (picture >> 16)).max() <= 8
