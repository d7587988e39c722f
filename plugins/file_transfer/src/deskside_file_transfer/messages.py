"""What crosses the wire: who wants to move what on the control lane, file bytes on the bulk lane.

A *run* numbers the attempts of one transfer: after a break the receiver says from where it goes on,
under a new run, and whatever is still on its way of an older one is passed over.
"""

from enum import StrEnum

from deskside.api import MOST_PARTICIPANTS, Length, Message, Range, field, frozen

CHUNK_BYTES = 64 * 1024
MOST_FILES = 100
"""Files in one offer, and transfers of one direction that may be under way."""
MOST_BYTES = 2**50

_ID = Range(1, 2**53 - 1)
_RUN = Range(1, 2**31)
_SIZE = Range(0, MOST_BYTES)
_NAME = Length(255, 1)
_DIGEST = Length(32, 32)


class Stage(StrEnum):
    """Where a transfer is."""

    ASKING = "asking"
    MOVING = "moving"
    DONE = "done"
    DECLINED = "declined"
    FAILED = "failed"
    CANCELLED = "cancelled"


@frozen
class Value:
    """One value that belongs into a sentence."""

    name: str = field(validator=Length(40))
    value: str = field(validator=Length(200))


@frozen
class Reason:
    """Why not: a text key and its values."""

    key: str = field(validator=Length(90, 1))
    values: tuple[Value, ...] = field(default=(), validator=Length(10))


@frozen
class OfferedFile:
    """A file that one side would send."""

    id: int = field(validator=_ID)
    name: str = field(validator=_NAME)
    size: int = field(validator=_SIZE)


@frozen
class Row:
    """One transfer as its owner, the host, sees it."""

    id: int = field(validator=_ID)
    name: str = field(validator=_NAME)
    size: int = field(validator=_SIZE)
    offset: int = field(validator=_SIZE)
    stage: Stage
    reason: Reason | None
    sha256: bytes = field(validator=Length(32))


@frozen
class WantState(Message):
    """Page → host: I begin anew; what of mine is under way, and what came of the rest?"""


@frozen
class State(Message):
    """Host → page: all transfers of this page, the latest last."""

    transfers: tuple[Row, ...] = field(validator=Length(2 * MOST_FILES))


@frozen
class Offer(Message):
    """Sender → receiver: I would send these. One offer is one question to the customer."""

    files: tuple[OfferedFile, ...] = field(validator=Length(MOST_FILES, 1))


@frozen
class Accepted(Message):
    """Host → page: send from this offset on."""

    id: int = field(validator=_ID)
    run: int = field(validator=_RUN)
    offset: int = field(validator=_SIZE)


@frozen
class Resume(Message):
    """Page → host: I still have the file; from where?"""

    id: int = field(validator=_ID)


@frozen
class Declined(Message):
    """Host → page: no."""

    id: int = field(validator=_ID)
    reason: Reason


@frozen
class Progress(Message):
    """Receiver → sender: so much is safely here."""

    id: int = field(validator=_ID)
    offset: int = field(validator=_SIZE)


@frozen
class Done(Message):
    """Host → page: complete and proven, under this name."""

    id: int = field(validator=_ID)
    sha256: bytes = field(validator=_DIGEST)
    name: str = field(validator=_NAME)


@frozen
class Failed(Message):
    """Either way: it cannot be completed; nothing of it is left at the receiver."""

    id: int = field(validator=_ID)
    reason: Reason


@frozen
class Cancel(Message):
    """Either way: whoever sends this wants it no more."""

    id: int = field(validator=_ID)


@frozen
class AskForFiles(Message):
    """Page → host: let the customer choose files for me."""

    id: int = field(validator=_ID)


@frozen
class Chosen(Message):
    """Host → page: the customer has answered by choosing this many files."""

    id: int = field(validator=_ID)
    count: int = field(validator=Range(0, MOST_FILES))


@frozen
class Take(Message):
    """Page → host: send this file from this offset on."""

    id: int = field(validator=_ID)
    run: int = field(validator=_RUN)
    offset: int = field(validator=_SIZE)


@frozen
class Arrived(Message):
    """Page → host: all bytes are here, and this is their hash."""

    id: int = field(validator=_ID)
    run: int = field(validator=_RUN)
    sha256: bytes = field(validator=_DIGEST)


@frozen
class Chunk(Message):
    """Sender → receiver: a piece of a file."""

    id: int = field(validator=_ID)
    run: int = field(validator=_RUN)
    offset: int = field(validator=_SIZE)
    content: bytes = field(validator=Length(CHUNK_BYTES, 1))


@frozen
class Complete(Message):
    """Sender → receiver, after the last piece: the hash of the whole file."""

    id: int = field(validator=_ID)
    run: int = field(validator=_RUN)
    sha256: bytes = field(validator=_DIGEST)


@frozen
class NoneOpen(Message):
    """Host → viewer: I begin anew; permits I have not settled are void."""


@frozen
class WantPermit(Message):
    """Host → viewer: may this participant move this file?"""

    permit: int = field(validator=_ID)
    participant: int = field(validator=Range(0, MOST_PARTICIPANTS))
    name: str = field(validator=_NAME)
    size: int = field(validator=_SIZE)


@frozen
class Permit(Message):
    """Viewer → host: yes, or why not."""

    permit: int = field(validator=_ID)
    refusal: Reason | None


@frozen
class Settle(Message):
    """Host → viewer: that transfer is over, and so much was moved."""

    permit: int = field(validator=_ID)
    moved: int = field(validator=_SIZE)


SEND_OFFERS: tuple[type[Message], ...] = (
    WantState, State, Offer, Accepted, Resume, Declined, Progress, Done, Failed, Cancel,
)  # fmt: skip
FETCH_OFFERS: tuple[type[Message], ...] = (
    WantState, State, AskForFiles, Chosen, Declined, Offer, Take, Arrived, Progress, Done, Failed, Cancel,
)  # fmt: skip
DATA: tuple[type[Message], ...] = (Chunk, Complete)
PERMITS: tuple[type[Message], ...] = (NoneOpen, WantPermit, Permit, Settle)
