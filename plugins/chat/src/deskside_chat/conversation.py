"""The conversation so far, bounded, and as bytes that outlive the viewer. Pure."""

import json
from collections import deque
from collections.abc import Iterator

from attrs import define, field

from deskside.api import Participant, Role
from deskside_chat.messages import MOST_IN_PART, Line

MOST_BYTES = 512 * 1024
PART_BYTES = 48 * 1024
LINE_OVERHEAD = 100
MOST_NAME = 200


@define
class Conversation:
    """Lines in order; the oldest go when there are too many or too long ones."""

    most_lines: int = 1000
    most_bytes: int = MOST_BYTES
    lines: deque[Line] = field(factory=deque)
    last_id: int = 0
    _bytes: int = 0

    def add(self, sender: Participant, text: str, mark: int, at: float) -> Line:
        """Stamp a new line and keep it."""
        line = Line(self.last_id + 1, at, sender.id, sender.name[:MOST_NAME], sender.role, text, mark)
        self._keep(line)
        return line

    def after(self, id_: int) -> list[Line]:
        """Return the lines that follow this one."""
        newer: deque[Line] = deque()
        for line in reversed(self.lines):
            if line.id <= id_:
                break
            newer.appendleft(line)
        return list(newer)

    def until(self, id_: int) -> list[Line]:
        """Return the lines up to this one, which is among them."""
        return [line for line in self.lines if line.id <= id_]

    def state(self, *, desk_listens: bool) -> bytes:
        """Return everything as bytes for a checkpoint."""
        lines = [[one.id, one.at, one.sender, one.name, one.role, one.text, one.mark] for one in self.lines]
        whole = {"last_id": self.last_id, "desk_listens": desk_listens, "lines": lines}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    def restore(self, state: bytes) -> bool:
        """Take everything from a checkpoint; tell whether the customer's window was listening."""
        whole = json.loads(state)
        for id_, at, sender, name, role, text, mark in whole["lines"]:
            self._keep(Line(id_, at, sender, name, Role(role), text, mark))
        self.last_id = whole["last_id"]
        return bool(whole["desk_listens"])

    def _keep(self, line: Line) -> None:
        self.lines.append(line)
        self.last_id = line.id
        self._bytes += weight(line)
        while len(self.lines) > self.most_lines or self._bytes > self.most_bytes:
            self._bytes -= weight(self.lines.popleft())


def weight(line: Line) -> int:
    """Return about how many bytes a line takes, stored or sent."""
    return len(line.text.encode()) + len(line.name.encode()) + LINE_OVERHEAD


def parts(lines: list[Line]) -> Iterator[tuple[Line, ...]]:
    """Divide lines into parts small enough to send; at least one, maybe empty."""
    part: list[Line] = []
    size = 0
    for line in lines:
        if part and (size + weight(line) > PART_BYTES or len(part) == MOST_IN_PART):
            yield tuple(part)
            part, size = [], 0
        part.append(line)
        size += weight(line)
    yield tuple(part)
