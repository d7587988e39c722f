"""What the support history is told, bounded: neither a page nor a host can fill it. No I/O."""

from collections.abc import Callable, Mapping
from time import monotonic

from attrs import define, field, frozen

from deskside.declare import Side
from deskside.pace import Pace

AT_ONCE = 1000
PER_S = 1.0
MOST_OF_ONE = 10_000
MOST_IN_ALL = 20_000
MOST_NAMES = 200
LEFT_OUT = "events_left_out"
"""The name of the event that says how many of another were not stored."""
OTHERS = ("", "")
"""What stands for every name after the first `MOST_NAMES`."""


@frozen(kw_only=True)
class Event:
    """Something that happened, reported by the side on which it did; stored once."""

    session: str
    side: Side
    number: int
    at: float
    plugin: str
    name: str
    values: Mapping[str, str | int]


@frozen
class LeftOut:
    """How many events of one name were not stored."""

    plugin: str
    name: str
    count: int

    @property
    def values(self) -> Mapping[str, str | int]:
        """Return what the closing event tells."""
        return {"event": self.name, "plugin": self.plugin, "count": self.count}


@define
class _Count:
    """One name: what may still be stored now, what was, and what was not."""

    pace: Pace
    stored: int = 0
    left_out: int = 0


@define(eq=False)
class Quota:
    """How much one session may store of each event: a burst, then so many a second, and never more in all."""

    at_once: int = AT_ONCE
    of_one: int = MOST_OF_ONE
    in_all: int = MOST_IN_ALL
    clock: Callable[[], float] = monotonic
    _counts: dict[tuple[str, str], _Count] = field(factory=dict)
    _stored: int = 0

    def admits(self, plugin: str, name: str) -> bool:
        """Tell whether one more event of this name is stored, and count it."""
        one = self._count_of(plugin, name)
        if one.stored >= self.of_one or self._stored >= self.in_all or not one.pace.allows():
            one.left_out += 1
            return False
        one.stored += 1
        self._stored += 1
        return True

    def close(self) -> list[LeftOut]:
        """Return what was left out so far, and begin to count anew."""
        found = [LeftOut(*key, one.left_out) for key, one in self._counts.items() if one.left_out]
        for one in self._counts.values():
            one.left_out = 0
        return found

    def _count_of(self, plugin: str, name: str) -> _Count:
        key = (plugin, name)
        if key not in self._counts and len(self._counts) >= MOST_NAMES:
            key = OTHERS
        return self._counts.setdefault(key, _Count(Pace(self.at_once, PER_S, self.clock)))
