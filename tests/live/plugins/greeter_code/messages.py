"""What crosses the wire."""

from deskside.api import Length, Message, Range, field, frozen


@frozen
class Wave(Message):
    """Page → host: wave at the customer."""

    text: str = field(validator=Length(40))


@frozen
class WavedBack(Message):
    """Host → page."""

    times: int = field(validator=Range(0, 1000))


@frozen
class Ask(Message):
    """Page → viewer: what is in force?"""


@frozen
class Told(Message):
    """Viewer → page."""

    text: str = field(validator=Length(200))
