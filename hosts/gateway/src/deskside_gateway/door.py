"""Who may stand at the door: connections that have proven nothing yet, few per address. Pure."""

from collections.abc import Callable
from typing import Protocol

from attrs import define, field

from deskside_gateway.delays import network_of

MOST_PER_ADDRESS = 256
MOST_AT_ALL = 8192
PATIENCE_S = 10.0


class Visitor(Protocol):
    """A connection that can be shown out."""

    def show_out(self) -> None:
        """Close it at once."""


@define
class Door:
    """Everybody who stands at the door, the longest first."""

    most: int = MOST_AT_ALL
    most_per_address: int = MOST_PER_ADDRESS
    is_exempt: Callable[[str], bool] = lambda _: False
    """Proxies that the operator configured speak for many."""
    _visitors: dict[int, tuple[Visitor, str]] = field(factory=dict, init=False)
    _counts: dict[str, int] = field(factory=dict, init=False)

    def enter(self, visitor: Visitor, address: str) -> bool:
        """Let a visitor stand there, unless too many of his address do; the longest-standing makes room."""
        network = network_of(address)
        if self._counts.get(network, 0) >= self.most_per_address and not self.is_exempt(address):
            return False
        if len(self._visitors) >= self.most:
            longest = next(iter(self._visitors.values()))[0]
            self.leave(longest)
            longest.show_out()
        self._visitors[id(visitor)] = (visitor, network)
        self._counts[network] = self._counts.get(network, 0) + 1
        return True

    def leave(self, visitor: Visitor) -> None:
        """Note that a visitor has proven himself, or has gone."""
        found = self._visitors.pop(id(visitor), None)
        if found is None:
            return
        network = found[1]
        self._counts[network] -= 1
        if not self._counts[network]:
            del self._counts[network]

    def __len__(self) -> int:
        return len(self._visitors)
