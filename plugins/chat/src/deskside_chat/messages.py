"""What crosses the wire; both channels speak the same."""

from deskside.api import Length, Message, Range, Role, field, frozen

TEXT = "chat.text"
PREVIEW = "chat.preview"
SOUND = "chat.sound"
WINDOW = "chat.window/1"
MOST_CHARACTERS = 4000
MOST_IN_PART = 200
LATEST_MARK = 2**52


@frozen
class Line:
    """One line of the conversation, stamped by the viewer."""

    id: int = field(validator=Range(1, 2**52))
    at: float
    """Seconds since 1970, UTC."""
    sender: int
    """The participant who wrote it; 0 is whoever sits at the customer's machine."""
    name: str = field(validator=Length(200))
    role: Role
    text: str = field(validator=Length(MOST_CHARACTERS, 1))
    mark: int = field(default=0, validator=Range(0, LATEST_MARK))
    """What its writer called it, so that he knows it again."""


@frozen
class Say(Message):
    """To the viewer: a new line."""

    text: str = field(validator=Length(MOST_CHARACTERS, 1))
    mark: int = field(default=0, validator=Range(0, LATEST_MARK))


@frozen
class Typing(Message):
    """To the viewer: something stands in the entry, or nothing any more."""

    is_typing: bool


@frozen
class Draft(Message):
    """To the viewer: what the customer has not sent yet; only where preview is on."""

    text: str = field(validator=Length(MOST_CHARACTERS))


@frozen
class WantHistory(Message):
    """To the viewer: tell me everything there is."""


@frozen
class Said(Message):
    """From the viewer: one more line."""

    line: Line


@frozen
class Types(Message):
    """From the viewer: somebody types, or has stopped."""

    sender: int
    name: str = field(validator=Length(200))
    role: Role
    is_typing: bool
    text: str = field(default="", validator=Length(MOST_CHARACTERS))


@frozen
class History(Message):
    """From the viewer: part of what was said so far, oldest first."""

    lines: tuple[Line, ...] = field(validator=Length(MOST_IN_PART))
    is_last: bool


LINES = (Say, Typing, WantHistory, Said, Types, History)
DRAFTS = (Draft,)
