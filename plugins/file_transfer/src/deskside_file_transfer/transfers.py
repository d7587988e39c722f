"""What both directions keep about each transfer, and what the support history is told of it."""

from collections import deque
from typing import Generic, TypeVar

import anyio
from attrs import define, field

from deskside.api import Participant, PluginSession
from deskside_file_transfer.board import Moving
from deskside_file_transfer.messages import MOST_FILES, Reason, Row, Stage
from deskside_file_transfer.wording import reason

PROGRESS_STEP = 512 * 1024


@define(eq=False, kw_only=True)
class Transfer:
    """One file between the customer's machine and one page."""

    id: int
    person: Participant
    name: str
    size: int
    offset: int = 0
    stage: Stage = Stage.ASKING
    run: int = 0
    permit: int = 0
    moving: Moving | None = None
    reason: Reason | None = None
    sha256: bytes = b""
    lock: anyio.Lock = field(factory=anyio.Lock)
    """Held while a thread works on the file."""

    @property
    def key(self) -> tuple[int, int]:
        """Return what tells it from transfers of other pages."""
        return (self.person.id, self.id)

    @property
    def is_open(self) -> bool:
        """Tell whether something can still come of it."""
        return self.stage in (Stage.ASKING, Stage.MOVING)

    def renew(self) -> int:
        """Begin a new run, so that what is on its way of the old one is passed over."""
        self.run += 1
        return self.run

    def row(self) -> Row:
        """Return it as its page is told."""
        return Row(self.id, self.name, self.size, self.offset, self.stage, self.reason, self.sha256)


Kind = TypeVar("Kind", bound=Transfer)


@define(eq=False)
class Table(Generic[Kind]):
    """The transfers of one direction."""

    open: dict[tuple[int, int], Kind] = field(factory=dict)
    ended: deque[Kind] = field(factory=lambda: deque(maxlen=MOST_FILES))

    @property
    def is_full(self) -> bool:
        """Tell whether too many are under way."""
        return len(self.open) >= MOST_FILES

    def knows(self, key: tuple[int, int]) -> bool:
        """Tell whether an id is taken."""
        return key in self.open or any(one.key == key for one in self.ended)

    def of(self, person: int) -> list[Kind]:
        """Return the open transfers of one page."""
        return [one for one in self.open.values() if one.person.id == person]

    def rows(self, person: int) -> tuple[Row, ...]:
        """Return what one page is told, the latest last."""
        known = [*self.ended, *self.open.values()]
        return tuple(one.row() for one in known if one.person.id == person)

    def end(self, one: Kind, stage: Stage, reason: Reason | None = None) -> None:
        """Note what came of a transfer."""
        one.stage, one.reason = stage, reason
        if self.open.pop(one.key, None) is not None:
            self.ended.append(one)


def why_over(session: PluginSession, feature: str) -> Reason:
    """Return why what was under way in a direction came to nothing when it ended."""
    return reason("session_over" if session.allows(feature) else "withdrawn")


def report(session: PluginSession, event: str, one: Transfer, result: str) -> None:
    """Write a transfer into the support history."""
    direction = "send" if event == "file_sent" else "fetch"
    refused = one.stage is Stage.DECLINED
    session.audit(
        "file_refused" if refused else event,
        direction=direction,
        name=one.name,
        size=one.size,
        sha256=one.sha256.hex(),
        result=result,
        by=one.person.name,
    )
