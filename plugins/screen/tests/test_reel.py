"""A film among everything else on a screen: what is sent as video, and what is not."""

from collections.abc import Callable
from typing import Any

import pytest

from deskside_screen.messages import Packing, VideoCodec
from deskside_screen.tiles import Box
from deskside_screen.video import NUMBERS

WIDTH, HEIGHT = 1280, 768
FILM = Box(301, 253, 433, 351)
FPS = 30
ROOM = 1 << 40


@pytest.fixture
def make_still(make_rig: Any, document: Any, monkeypatch: Any) -> Callable[[], Any]:
    """Return a function that makes a camera over text; time stands still unless a test lets it pass."""

    def sleep(self: Any, seconds: float, bell: Any, *, for_damage: bool) -> bool:
        del seconds, bell
        return for_damage and self._damage is not None

    def make() -> Any:
        rig = make_rig(WIDTH, HEIGHT)
        monkeypatch.setattr(type(rig.desktop), "sleep", sleep)
        rig.desktop.paint(Box(0, 0, WIDTH, HEIGHT), document(WIDTH, HEIGHT))
        rig.session.join(1, room=ROOM)
        rig.camera.decodable = tuple(VideoCodec)
        rig.steps(3)
        return rig

    return make


@pytest.fixture
def rig(make_still: Callable[[], Any]) -> Any:
    return make_still()


@pytest.fixture
def play(rig: Any, movie: Any) -> Callable[..., list[Packing]]:
    """Return a function that shows some pictures of a film and returns how each of its pieces was packed."""
    shown = [0]

    def play(pictures: int, box: Box = FILM) -> list[Packing]:
        before = len(rig.session.pages[1].pieces)
        for _ in range(pictures):
            shown[0] += 1
            rig.desktop.paint(box, movie(box.width, box.height, shown[0]))
            rig.desktop.now += 1 / FPS
            rig.steps(2)
        return [one.packing for one in rig.session.pages[1].pieces[before:]]

    return play


def calm(rig: Any, room: int = ROOM, steps: int = 20) -> list[Packing]:
    """Let time pass in which nothing changes, and return how what came was packed."""
    before = len(rig.session.pages[1].pieces)
    for _ in range(steps):
        rig.desktop.now += 0.05
        rig.session.leave_room(1, room)
        rig.steps(1)
    return [one.packing for one in rig.session.pages[1].pieces[before:]]


def test_a_film_is_one_video_of_its_very_place_and_exact_a_second_later(rig, play) -> None:
    began = play(15)
    went_on = play(15)
    calm(rig)

    page = rig.session.pages[1]
    films = {(one.x, one.y, one.width, one.height) for one in page.pieces if one.packing is Packing.VIDEO}
    assert Packing.VIDEO in began
    assert went_on == [Packing.VIDEO] * 15
    assert films == {(FILM.left, FILM.top, FILM.width + 1, FILM.height + 1)}
    assert page.shows(rig.desktop.pixels)


def test_text_beside_a_film_stays_exact(rig, play, document) -> None:
    play(15)
    place = Box(FILM.right + 10, FILM.top, 200, 100)
    for line in range(10):
        rig.desktop.paint(place, document(place.width, place.height, line))
        play(1)

    page = rig.session.pages[1]
    source = place.of(rig.desktop.pixels)
    assert (place.of(page.canvas)[:, :, 2] == (source & 0xFF)).all()


def test_text_that_scrolls_is_never_video(rig, document) -> None:
    page = rig.session.pages[1]
    long = document(900, 3000)

    for line in range(60):
        rig.desktop.paint(Box(100, 60, 900, 600), long[line * 7 : line * 7 + 600])
        rig.desktop.now += 1 / FPS
        rig.steps(2)

    assert Packing.VIDEO not in {one.packing for one in page.pieces}
    calm(rig)
    assert page.shows(rig.desktop.pixels)


def test_a_photo_that_changes_now_and_then_is_never_video(rig, photo) -> None:
    for number in range(6):
        rig.desktop.paint(FILM, photo(FILM.width, FILM.height, number))
        rig.steps(2)
        calm(rig, steps=30)

    page = rig.session.pages[1]
    assert Packing.VIDEO not in {one.packing for one in page.pieces}
    assert page.shows(rig.desktop.pixels)


def test_repairs_that_a_full_line_refuses_do_not_begin_the_film_again(rig, play) -> None:
    play(20)

    after = calm(rig, 16 * 1024, 200)

    assert Packing.VIDEO not in after
    assert rig.session.pages[1].shows(rig.desktop.pixels)


def test_a_picture_that_a_full_line_refuses_leaves_no_gap(rig, play) -> None:
    play(20)

    for _ in range(5):
        rig.session.leave_room(1, 0)
        play(3)
        rig.session.leave_room(1, ROOM)
        assert play(3)[0] is Packing.VIDEO

    calm(rig)
    assert rig.session.pages[1].shows(rig.desktop.pixels)


def test_what_changed_while_a_line_was_full_is_not_mended_first(rig, play) -> None:
    play(20)
    rig.session.leave_room(1, 0)
    play(1)
    rig.desktop.now += 2.0
    rig.session.leave_room(1, ROOM)

    # What has stood still meanwhile is kept, which takes no pixels.
    assert set(play(3)) - {Packing.KEEP} == {Packing.VIDEO}


@pytest.mark.parametrize("hidden", [Box(301, 253, 200, 351), Box(420, 330, 90, 70), Box(250, 200, 600, 500)])
def test_of_a_film_that_plays_nothing_hidden_is_sent(make_still, movie, photo, hidden: Box) -> None:
    sent = []
    for secret in (1, 2):
        rig = make_still()
        page = rig.session.pages[1]
        for number in range(28):
            rig.desktop.paint(FILM, movie(FILM.width, FILM.height, number))
            if number == 15:
                before = len(page.pieces)
                rig.camera.masks.add(hidden, colour=0xAA1122)
            if number >= 15:
                rig.desktop.paint(hidden, photo(hidden.width, hidden.height, secret * 100 + number))
            rig.desktop.now += 1 / FPS
            rig.steps(2)
        assert Packing.VIDEO in {one.packing for one in page.pieces[:before]}
        sent.append(page.pieces[before:])

    # Whatever lies beneath, every byte is the same.
    assert sent[0] == sent[1]
    is_filmed = any(one.packing is Packing.VIDEO for one in sent[0])
    assert is_filmed == (hidden.within(FILM) != FILM)


def test_a_film_that_moves_to_another_place_is_followed(rig, play) -> None:
    play(20)
    elsewhere = FILM.moved(37, 101)
    play(40, elsewhere)

    assert play(5, elsewhere)[-1] is Packing.VIDEO
    last = rig.session.pages[1].pieces[-1]
    assert elsewhere.within(Box(last.x, last.y, last.width, last.height)) == elsewhere
    calm(rig)
    assert rig.session.pages[1].shows(rig.desktop.pixels)


def test_pages_that_decode_nothing_any_more_get_pictures(rig, play) -> None:
    assert Packing.VIDEO in play(20)

    rig.camera.decodable = ()

    assert Packing.VIDEO not in play(10)
    calm(rig)
    assert rig.session.pages[1].shows(rig.desktop.pixels)


def test_a_film_with_text_in_it_keeps_the_colours_of_the_text(rig, movie, document) -> None:
    page = rig.session.pages[1]
    for number in range(30):
        pixels = movie(FILM.width, FILM.height, number)
        # Captions that change with every picture.
        pixels[64:200, 64:320] = document(256, 136, number * 50) & 0xFF0000
        rig.desktop.paint(FILM, pixels)
        rig.desktop.now += 1 / FPS
        rig.steps(2)

    assert NUMBERS[page.pieces[-1].data[0]] is VideoCodec.H264_FULL
    rig.camera.decodable = (VideoCodec.H264,)
    rig.desktop.paint(FILM, movie(FILM.width, FILM.height, 31))
    rig.steps(2)
    assert NUMBERS[page.pieces[-1].data[0]] is VideoCodec.H264
    calm(rig)
    assert page.shows(rig.desktop.pixels)
