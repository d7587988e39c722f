"""A film reaches pages picture by picture, or begins anew; where it cannot be encoded nothing is missing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from deskside_screen import video
from deskside_screen.messages import MOST_BYTES, Frame, Packing, Piece, Tiles, VideoCodec
from deskside_screen.tiles import Box, Picture, blank
from deskside_screen.video import HEAD, Film, codecs, film_for

BOX = Box(101, 53, 322, 250)
ROOM = 1 << 20
GOOD = 80


@pytest.fixture
def picture(movie: Any) -> Callable[[int], Picture]:
    def make(number: int) -> Picture:
        found = blank(640, 400)
        BOX.of(found)[:] = movie(BOX.width, BOX.height, number)
        return found

    return make


def encoded(
    film: Film, picture: Picture, box: Box = BOX, quality: int = GOOD, room: int = ROOM
) -> list[Piece]:
    return film.encode(picture, box, quality, room, film.promise())


def is_key(piece: Piece) -> bool:
    return bool(HEAD.unpack_from(piece.data)[1])


def nearness(decoder: Any, picture: Picture) -> float:
    source = (
        np.ascontiguousarray(BOX.of(picture)).view(np.uint8).reshape(BOX.height, BOX.width, 4)[:, :, 2::-1]
    )
    return float(10 * np.log10(255**2 / np.mean((BOX.of(decoder.canvas).astype(float) - source) ** 2)))


@pytest.mark.parametrize("codec", list(VideoCodec))
def test_each_picture_is_one_small_piece_that_decodes_at_once(decoder, picture, codec: VideoCodec) -> None:  # type: ignore[no-untyped-def]
    film = Film(codec)
    decoder.take(Frame(1, 640, 400, 0))
    keys, sizes = [], []

    for number in range(10):
        (piece,) = encoded(film, picture(number))
        decoder.take(Tiles(1, (piece,), True, 0.0))
        keys.append(is_key(piece))
        sizes.append(len(piece.data))
        assert nearness(decoder, picture(number)) > 30

    assert keys == [True] + [False] * 9
    assert max(sizes[1:]) < sizes[0] < 32 * 1024


def test_after_a_loss_another_place_or_another_size_the_next_is_a_key_picture(picture) -> None:  # type: ignore[no-untyped-def]
    film = Film(VideoCodec.H264)
    first = [is_key(encoded(film, picture(number))[0]) for number in range(2)]
    film.lose()
    lost = [is_key(encoded(film, picture(number))[0]) for number in range(2)]
    moved = is_key(encoded(film, picture(3), BOX.moved(2, 0))[0])
    smaller = is_key(encoded(film, picture(3), Box(101, 53, 320, 250))[0])

    assert (first, lost, moved, smaller) == ([True, False], [True, False], True, True)


def test_a_picture_that_was_taken_back_before_it_was_encoded_leaves_no_gap(picture) -> None:  # type: ignore[no-untyped-def]
    film = Film(VideoCodec.H264)
    encoded(film, picture(1))
    taken_back = film.promise()
    film.lose()

    newest = encoded(film, picture(3))

    assert film.encode(picture(2), BOX, GOOD, ROOM, taken_back) == []
    assert is_key(newest[0])


def test_a_worse_line_makes_it_smaller(photo) -> None:  # type: ignore[no-untyped-def]
    sizes = {}
    for quality in (GOOD, 35):
        film, picture = Film(VideoCodec.H264), blank(640, 400)
        pieces = []
        for number in range(20):
            BOX.of(picture)[:] = photo(BOX.width, BOX.height, number)
            pieces += encoded(film, picture, quality=GOOD if number < 10 else quality)
        sizes[quality] = sum(len(one.data) for one in pieces[11:])

    assert sizes[35] < 0.75 * sizes[GOOD]


@pytest.mark.parametrize("codec", list(VideoCodec))
def test_no_picture_is_larger_than_a_message_may_carry(photo, codec: VideoCodec) -> None:  # type: ignore[no-untyped-def]
    film = Film(codec)
    pieces = [
        piece
        for number in range(4)
        for piece in encoded(film, photo(1920, 1088, number), Box(0, 0, 1920, 1088), quality=95)
    ]

    assert max(len(one.data) for one in pieces) <= MOST_BYTES


def test_an_encoder_that_fails_is_given_up_and_the_picture_is_there_all_the_same(
    monkeypatch, picture
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(video.OPTIONS, VideoCodec.H264, {"preset": "no such thing"})
    film = Film(VideoCodec.H264)

    pieces = encoded(film, picture(1))

    assert {one.packing for one in pieces} == {Packing.JPEG}
    assert film.is_broken


def test_pages_get_the_first_codec_that_they_decode_and_that_is_there(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    both = (VideoCodec.H264, VideoCodec.VP9)
    first = film_for(both, None)
    assert first is not None
    chosen = [first.codec, film_for(both, first), film_for([VideoCodec.VP9], first), film_for((), first)]
    monkeypatch.setattr(video, "codecs_available", {"libvpx-vp9"})
    without = film_for(both, None)

    assert (chosen[0], chosen[1], chosen[3]) == (VideoCodec.H264, first, None)
    assert chosen[2].codec is VideoCodec.VP9
    assert without is not None
    assert without.codec is VideoCodec.VP9


def test_a_machine_without_encoders_makes_no_films(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(video, "HAS_ENCODERS", False)

    assert codecs() == ()
    assert film_for(tuple(VideoCodec), None) is None
