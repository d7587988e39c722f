"""What the agent chooses about the picture holds at once, for everybody, and ends exact again."""

from typing import Any

import numpy as np
import pytest

from deskside_screen.colours import halved, reduced
from deskside_screen.messages import ChoosePicture, Colours, Detection, Network, Packing
from deskside_screen.plain import plain
from deskside_screen.quality import REDUCED_QUALITY, Settings
from deskside_screen.tiles import Box

EVERYTHING = Box(0, 0, 640, 400)
FEWER = [one for one in Colours if one is not Colours.TRUE]


def shown(rig: Any, page: Any, picture: Any) -> bool:
    """Let the camera work until the page shows a picture; photos are exact a moment later only."""
    for _ in range(40):
        rig.steps()
        if page.shows(picture):
            return True
    return False


def channels(picture: Any) -> Any:
    """Return red, green and blue of each pixel."""
    return np.stack([picture >> 16 & 255, picture >> 8 & 255, picture & 255], -1).astype(int)


@pytest.mark.feature("CFG-03")
@pytest.mark.parametrize(
    ("colours", "most"), [(Colours.BITS_16, 1 << 16), (Colours.BITS_8, 216), (Colours.GREY, 256)]
)
def test_there_are_no_more_colours_than_were_chosen_and_each_is_near(
    photo, colours: Colours, most: int
) -> None:
    before = photo(640, 400)

    after = reduced(before, colours)

    assert len(np.unique(after)) <= most
    assert np.array_equal(reduced(after, colours), after)
    if colours is Colours.GREY:
        assert (channels(after) == channels(after)[..., :1]).all()
    else:
        assert np.abs(channels(after) - channels(before)).max() <= (7 if colours is Colours.BITS_16 else 26)


@pytest.mark.parametrize("colours", list(Colours))
def test_black_and_white_stay_what_they_are(colours: Colours) -> None:
    ends = np.array([[0, 0xFFFFFF]], np.uint32)

    assert np.array_equal(reduced(ends, colours), ends)


def test_half_the_size_is_the_mean_of_four_and_an_odd_edge_keeps_its_colour() -> None:
    picture = np.full((5, 7), 0x204060, np.uint32)
    picture[0, 0], picture[0, 1], picture[1, 0], picture[1, 1] = 0xFF0000, 0x00FF00, 0x0000FF, 0

    half = halved(picture)

    assert half.shape == (3, 4)
    assert half[0, 0] == 0x404040
    assert (half.ravel()[1:] == 0x204060).all()


def test_without_packing_a_piece_is_its_pixels_and_no_larger_than_a_message_may_be(photo, decoder) -> None:
    picture = np.zeros((1088, 1920), np.uint32)
    picture[:1080] = photo(1920, 1080)
    box = Box(0, 0, 1920, 1080)

    made = plain(picture, box)

    decoder.canvas = np.zeros((1080, 1920, 3), np.uint8)
    for one in made:
        area = decoder.canvas[one.y : one.y + one.height, one.x : one.x + one.width]
        area[:] = decoder._pixels(one)
    assert decoder.shows(picture)
    assert max(len(one.data) for one in made) <= 240 * 1024


@pytest.mark.feature("CFG-03", "CFG-06")
@pytest.mark.parametrize("colours", FEWER)
def test_fewer_colours_are_fewer_bytes_and_true_ones_come_back_exact(
    make_rig, document, colours: Colours
) -> None:
    rig = make_rig()
    text = document(640, 400) ^ (np.arange(640, dtype=np.uint32) // 3 * 0x010203)
    rig.desktop.paint(EVERYTHING, text)
    page = rig.session.join(1, room=100_000_000)
    assert shown(rig, page, text)
    exact = page.sent_bytes

    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(colours=colours))
    assert shown(rig, page, reduced(text, colours))
    assert page.sent_bytes - exact < 0.8 * exact

    rig.desktop.paint(Box(100, 100, 60, 30), 0xFF8040)
    assert shown(rig, page, reduced(rig.desktop.pixels, colours))
    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(colours=Colours.TRUE))

    assert shown(rig, page, rig.desktop.pixels)


@pytest.mark.feature("CFG-13")
@pytest.mark.parametrize(("width", "height"), [(640, 400), (641, 399)])
def test_half_the_size_is_followed_everywhere_and_comes_back_whole(
    make_rig, document, width: int, height: int
) -> None:
    rig = make_rig(width, height)
    rig.desktop.paint(Box(0, 0, width, height), document(width, height))
    page = rig.session.join(1, room=100_000_000)
    rig.steps(2)

    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(scale=2))
    rig.steps(2)
    frame = page.frames[-1]
    assert (frame.width, frame.height, frame.scale) == (width, height, 2)
    for box in (Box(101, 77, 33, 21), Box(width - 3, height - 3, 3, 3), Box(0, 0, 1, 1)):
        rig.desktop.paint(box, 0xFF8040)
        assert shown(rig, page, halved(rig.desktop.pixels))
    rig.camera.chosen = 2
    assert shown(rig, page, halved(rig.desktop.pixels[:, width // 2 :]))

    rig.camera.chosen = 0
    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(scale=1))

    assert shown(rig, page, rig.desktop.pixels)
    assert page.frames[-1].scale == 1


@pytest.mark.feature("CFG-01")
def test_on_the_fast_network_nothing_is_compressed_and_on_the_normal_one_it_is(
    make_rig, document, photo
) -> None:
    rig = make_rig(640, 384)
    picture = document(640, 384)
    picture[:192] = photo(640, 192)
    page = rig.session.join(1, room=100_000_000)
    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(network=Network.FAST))
    rig.desktop.paint(Box(0, 0, 640, 384), picture)

    rig.steps(2)
    assert page.shows(picture)
    assert {one.packing for one in page.pieces} - {Packing.KEEP} == {Packing.PNG}
    assert page.sent_bytes >= 640 * 384 * 3

    before = page.sent_bytes
    rig.camera.settings = rig.camera.settings.chosen(ChoosePicture(network=Network.NORMAL))
    page = rig.session.join(1, room=100_000_000)
    rig.steps(1)
    assert Packing.JPEG in {one.packing for one in page.pieces}
    assert page.sent_bytes - before < 640 * 384 * 3 / 2
    assert shown(rig, page, picture)


@pytest.mark.feature("CFG-04")
def test_the_quality_counts_with_true_colours_on_the_normal_network_only(make_rig, photo) -> None:
    def jpegs(wish: ChoosePicture) -> int:
        rig = make_rig(640, 384)
        rig.camera.settings = rig.camera.settings.chosen(wish)
        rig.desktop.paint(Box(0, 0, 640, 384), photo(640, 384))
        page = rig.session.join(1, room=100_000_000)
        rig.steps(1)
        return sum(len(one.data) for one in page.pieces if one.packing is Packing.JPEG)

    assert (
        jpegs(ChoosePicture(quality=30)) < jpegs(ChoosePicture(quality=60)) < jpegs(ChoosePicture(quality=95))
    )
    assert jpegs(ChoosePicture(quality=30, network=Network.FAST)) == 0
    few = [
        Settings().chosen(ChoosePicture(colours=Colours.GREY, quality=one)).photo_quality for one in (30, 95)
    ]
    assert few == [REDUCED_QUALITY, REDUCED_QUALITY]


def test_what_is_not_chosen_stays_as_it_was() -> None:
    first = Settings(quality=70, detection=Detection.GRAPHICS)

    now = first.chosen(ChoosePicture(colours=Colours.GREY)).chosen(ChoosePicture(scale=2))

    told = now.told()
    assert (told.network, told.detection, told.colours) == (Network.NORMAL, Detection.GRAPHICS, Colours.GREY)
    assert (told.scale, told.quality) == (2, 70)
