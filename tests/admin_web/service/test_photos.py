"""Tests of photos: only what was drawn anew is kept."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import photos
from deskside_admin.service.outcome import Refused

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    buffer = io.BytesIO()
    drawn = Image.new("RGB", size, RED)
    drawn.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    drawn.convert(mode).save(buffer, kind, **more)
    return buffer.getvalue()


def kept(db: Session, user: User) -> Image.Image:
    found = photos.find(db, user)
    assert found is not None
    return Image.open(io.BytesIO(found.picture))


@pytest.mark.feature("USR-09")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_photo_of_each_kind_is_kept_with_what_it_shows(db: Session, agent: User, kind: str) -> None:
    mode = "P" if kind == "GIF" else "RGB"

    assert photos.keep(db, agent, picture(kind, mode=mode)) is None

    shown = kept(db, agent).convert("RGB")
    assert shown.size == (60, 40)
    for place, colour in (((10, 20), BLUE), ((50, 20), RED)):
        pixel = shown.getpixel(place)
        assert isinstance(pixel, tuple)
        assert all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def test_a_large_picture_is_made_small_and_keeps_its_shape(db: Session, agent: User) -> None:
    photos.keep(db, agent, picture("PNG", (3000, 1500)))

    assert kept(db, agent).size == (384, 192)


def test_a_turned_photo_is_kept_upright_and_says_nothing_about_where_it_was_taken(
    db: Session, agent: User
) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x010E] = "at home, 37.5N"

    photos.keep(db, agent, picture("JPEG", (60, 40), exif=notes.tobytes(), comment=b"secret"))

    shown = kept(db, agent)
    assert shown.size == (40, 60)
    assert dict(shown.getexif()) == {}
    assert b"secret" not in (found.picture if (found := photos.find(db, agent)) else b"")


def test_what_is_hidden_behind_a_picture_does_not_live_on(db: Session, agent: User) -> None:
    raw = picture("GIF", mode="P") + b"<script>alert(1)</script>"

    assert photos.keep(db, agent, raw) is None

    found = photos.find(db, agent)
    assert found is not None
    assert found.kind == "image/jpeg"
    assert b"script" not in found.picture


@pytest.mark.feature("USR-09")
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "entry.empty"),
        (b"x" * (500 * 1024 + 1), "entry.photo_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "entry.photo"),
        (b"\x89PNG\r\n\x1a\n broken", "entry.photo"),
        (picture("PNG")[:60], "entry.photo"),
        (picture("JPEG")[:-100], "entry.photo"),
        (picture("BMP"), "entry.photo"),
        (picture("TIFF"), "entry.photo"),
    ],
    ids=["nothing", "large", "svg", "broken", "cut", "cut at the end", "bmp", "tiff"],
)
def test_anything_else_is_refused_and_the_earlier_photo_stays(
    db: Session, agent: User, raw: bytes, reason: str
) -> None:
    photos.keep(db, agent, picture("PNG"))

    outcome = photos.keep(db, agent, raw)

    assert isinstance(outcome, Refused)
    assert outcome.reason == reason
    assert kept(db, agent).size == (60, 40)


def test_a_small_file_of_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    raw = buffer.getvalue()
    assert len(raw) < photos.LARGEST_BYTES

    assert photos.redrawn(raw) is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_never_does_more_than_be_refused(data: st.DataObject) -> None:
    raw = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "GIF"])), (16, 12)))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    found = photos.redrawn(bytes(raw))

    assert found is None or found[0] in {"image/png", "image/jpeg"}


def test_a_photo_is_taken_away(db: Session, agent: User) -> None:
    photos.keep(db, agent, picture("PNG"))

    photos.remove(db, agent)

    assert photos.find(db, agent) is None
