"""Who may move how much, judged on the viewer's side; kept over its restart. Pure."""

import json
from typing import Self

from attrs import define, field, frozen

from deskside.api import Participant, Role
from deskside_file_transfer.messages import Reason
from deskside_file_transfer.wording import reason, size_text

MB = 1_000_000
MOST_OPEN = 1000


@frozen
class Limits:
    """What the group allows in one direction."""

    file_mb: int
    total_mb: int


@define
class Ledger:
    """What was moved in one direction of one session, and what is on its way."""

    moved: int = 0
    open: dict[int, int] = field(factory=dict)

    def decide(self, permit: int, size: int, sender: Participant | None, limits: Limits) -> Reason | None:
        """Open a permit, or say why not; asking again about an open one gives the same answer."""
        if permit in self.open:
            return None
        if sender is None or sender.role is not Role.AGENT:
            return reason("not_an_agent")
        if size > limits.file_mb * MB:
            return reason("too_large", limit=size_text(limits.file_mb * MB))
        if self.moved + sum(self.open.values()) + size > limits.total_mb * MB:
            return reason("total", limit=size_text(limits.total_mb * MB))
        if len(self.open) >= MOST_OPEN:
            return reason("too_many")
        self.open[permit] = size
        return None

    def settle(self, permit: int, moved: int) -> None:
        """Close a permit; a host cannot claim to have moved more than it asked for."""
        self.moved += min(moved, self.open.pop(permit, 0))

    def void(self) -> None:
        """Close all permits of a host that begins anew; what they covered counts as moved."""
        self.moved += sum(self.open.values())
        self.open.clear()

    def kept(self) -> dict[str, object]:
        """Return what a restart needs."""
        return {"moved": self.moved, "open": [[permit, size] for permit, size in self.open.items()]}

    @classmethod
    def of(cls, kept: dict[str, object]) -> Self:
        """Return the ledger that kept() described."""
        pairs = kept.get("open", [])
        return cls(int(str(kept.get("moved", 0))), dict(pairs))  # type: ignore[call-overload]


def to_bytes(ledgers: dict[str, Ledger]) -> bytes:
    """Return all ledgers of a session as one state."""
    return json.dumps({name: one.kept() for name, one in ledgers.items()}).encode()


def from_bytes(state: bytes | None, names: tuple[str, ...]) -> dict[str, Ledger]:
    """Return the ledgers of a session, from its kept state or empty."""
    kept = json.loads(state) if state else {}
    return {name: Ledger.of(kept.get(name, {})) for name in names}
