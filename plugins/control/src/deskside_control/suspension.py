"""The customer's own input comes first: for how long the agent's is passed over. Pure."""

from collections.abc import Callable

from attrs import define

QUIET_S = 2.0
"""How long after the customer's last input the agent's counts again."""


@define
class Suspension:
    """Whether the customer is using his own mouse or keyboard.

    `touched` is called from the thread that watches for it; reading one number needs no lock.
    """

    clock: Callable[[], float]
    quiet_s: float = QUIET_S
    _last: float | None = None

    def touched(self) -> bool:
        """Note the customer's input and tell whether it begins a suspension."""
        begins = not self.is_on
        self._last = self.clock()
        return begins

    @property
    def is_on(self) -> bool:
        """Tell whether the agent's input is passed over now."""
        return self.left_s > 0

    @property
    def left_s(self) -> float:
        """Return for how many seconds it still lasts."""
        if self._last is None:
            return 0.0
        return max(0.0, self._last + self.quiet_s - self.clock())

    def clear(self) -> None:
        """Forget the customer's input."""
        self._last = None
