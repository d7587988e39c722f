"""What a viewer must remember to take a session up again after it was killed. Pure."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import asdict, define, field

from deskside.errors import BadMessage


@define
class Known:
    """A page that may come back."""

    id: int
    name: str
    role: str
    secret: str
    boot: str = ""
    user: str = ""
    """Whose sign-in may use it; empty for customers."""


@define
class Checkpoint:
    """A plugin's state, and per channel and participant the last number consumed with it."""

    state: bytes
    consumed: dict[str, dict[int, int]]


@define(kw_only=True)
class Memory:
    """One session of this viewer."""

    id: str
    number: str
    kind: str
    user: str
    agent: str
    company: str
    ticket: str
    hides_agent: bool = False
    """The company shows no agent's name at the end."""
    secret: bytes = b""
    began: float = 0.0
    customer: str = ""
    system: str = ""
    pages: dict[int, Known] = field(factory=dict)
    """Those that are here or may come back, who left first in front."""
    last_page: int = 0
    """The highest number a page was given: none is given twice."""
    answers: dict[str, str] = field(factory=dict)
    admitted: dict[str, str] = field(factory=dict)
    """Tickets of customers who came with only a browser, and the names they gave."""
    stopped: list[str] = field(factory=list)
    boots: dict[str, str] = field(factory=dict)
    checkpoints: dict[str, Checkpoint] = field(factory=dict)
    events: int = 0

    def to_bytes(self) -> bytes:
        """Return what to store."""
        return json.dumps(asdict(self), default=lambda raw: base64.b64encode(raw).decode()).encode()

    def keep_boots(self, boots: Mapping[tuple[int, bool], str]) -> None:
        """Note which memory of each far end was spoken to."""
        self.boots = {f"{participant}:{int(bulk)}": boot for (participant, bulk), boot in boots.items()}

    def kept_boots(self) -> dict[tuple[int, bool], str]:
        """Return them."""
        split = ((key.partition(":"), boot) for key, boot in self.boots.items())
        return {(int(participant), bulk == "1"): boot for (participant, _, bulk), boot in split}

    def consumed(self) -> Iterator[tuple[str, int, int]]:
        """Return channel, participant and the last number consumed with a checkpoint."""
        for one in self.checkpoints.values():
            for channel, numbers in one.consumed.items():
                yield from ((channel, participant, number) for participant, number in numbers.items())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Memory":
        """Read what was stored.

        :raises BadMessage: if it is something else
        """
        try:
            content: dict[str, Any] = json.loads(data)
            content["secret"] = base64.b64decode(content["secret"])
            content["pages"] = {int(key): Known(**one) for key, one in content["pages"].items()}
            content["checkpoints"] = {
                name: Checkpoint(
                    base64.b64decode(one["state"]),
                    {
                        channel: {int(key): number for key, number in numbers.items()}
                        for channel, numbers in one["consumed"].items()
                    },
                )
                for name, one in content["checkpoints"].items()
            }
            return cls(**content)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadMessage(f"not a stored session: {type(error).__name__}") from None
