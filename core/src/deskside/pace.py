"""How often something may happen: so many at once, then so many a second. No I/O."""

from collections.abc import Callable
from time import monotonic

from attrs import define, field


@define(eq=False)
class Pace:
    """Counts one thing; what comes faster is not allowed."""

    at_once: float
    per_s: float
    clock: Callable[[], float] = monotonic
    _room: float = field(init=False)
    _at: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._room, self._at = self.at_once, self.clock()

    def allows(self) -> bool:
        """Tell whether it may happen once more now, and count it if so."""
        now = self.clock()
        self._room = min(self.at_once, self._room + (now - self._at) * self.per_s)
        self._at = now
        if self._room < 1:
            return False
        self._room -= 1
        return True
