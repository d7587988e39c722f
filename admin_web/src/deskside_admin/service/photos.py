"""Pictures that people send: what was sent is decoded, and only one drawn anew from it is kept."""

import io
import warnings

from PIL import Image, ImageOps
from sqlmodel import Session

from deskside_admin.model import User, UserPhoto
from deskside_admin.service.outcome import Refused, refused

LARGEST_BYTES = 500 * 1024
FORMATS = ("JPEG", "PNG", "GIF")
MOST_PIXELS = 40_000_000
SIDE = 384
QUALITY = 88
# Whatever a broken or hostile file makes a decoder say.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, MemoryError, OverflowError)


def keep(db: Session, user: User, raw: bytes) -> Refused | None:
    """Keep a photo of a user in place of an earlier one."""
    drawn = checked(raw, "photo")
    if isinstance(drawn, Refused):
        return drawn
    db.merge(UserPhoto(user_id=user.id, kind=drawn[0], picture=drawn[1]))
    db.flush()
    return None


def find(db: Session, user: User) -> UserPhoto | None:
    """Return a user's photo."""
    return db.get(UserPhoto, user.id)


def remove(db: Session, user: User) -> None:
    """Take a user's photo away."""
    if found := find(db, user):
        db.delete(found)
        db.flush()


def checked(raw: bytes, entry: str, largest: tuple[int, int] = (SIDE, SIDE)) -> tuple[str, bytes] | Refused:
    """Return kind and content of the picture to keep, or what is wrong with the file that was sent."""
    if not raw:
        return refused("entry.empty", entry)
    if len(raw) > LARGEST_BYTES:
        return refused("entry.photo_large", entry, most=LARGEST_BYTES // 1024)
    return redrawn(raw, largest) or refused("entry.photo", entry)


def redrawn(raw: bytes, largest: tuple[int, int] = (SIDE, SIDE)) -> tuple[str, bytes] | None:
    """Return kind and content of a new picture made of what these bytes show; None if they show none.

    Nothing of the file itself lives on: no place where it was taken, no second content hidden in it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                picture = ImageOps.exif_transpose(opened)
                return _encoded(picture, largest)
    except (*BROKEN, Image.DecompressionBombError):
        return None


def _encoded(picture: Image.Image, largest: tuple[int, int]) -> tuple[str, bytes]:
    is_clear = picture.has_transparency_data
    drawn = picture.convert("RGBA" if is_clear else "RGB")
    drawn.thumbnail(largest)
    plain = Image.new(drawn.mode, drawn.size)
    plain.paste(drawn)
    buffer = io.BytesIO()
    if is_clear:
        plain.save(buffer, "PNG")
        return "image/png", buffer.getvalue()
    plain.save(buffer, "JPEG", quality=QUALITY)
    return "image/jpeg", buffer.getvalue()
