"""What crosses the wire."""

from deskside.api import MOST_PARTICIPANTS, Length, Message, Range, field, frozen

MOST = 2**40


@frozen
class Stroke(Message):
    number: int = field(validator=Range(0, MOST))
    text: str = field(default="", validator=Length(2000))


@frozen
class Noted(Message):
    """Host → everyone: this came from that participant."""

    sender: int = field(validator=Range(0, MOST_PARTICIPANTS))
    number: int = field(validator=Range(0, MOST))
    text: str = field(default="", validator=Length(2000))


@frozen
class Part(Message):
    content: bytes = field(validator=Length(256 * 1024))


@frozen
class Whole(Message):
    """After the last part, and as the answer: what it was."""

    size: int = field(validator=Range(0, MOST))
    sha256: str = field(validator=Length(64))


@frozen
class Fetch(Message):
    """Page → host: send me so many bytes."""

    size: int = field(validator=Range(0, MOST))


@frozen
class Frame(Message):
    number: int = field(validator=Range(0, MOST))
    content: bytes = field(validator=Length(256 * 1024))


@frozen
class WantNotes(Message):
    pass


@frozen
class Notes(Message):
    numbers: tuple[int, ...] = field(validator=Length(20_000, each=Range(0, MOST)))
