"""How often each address may ask something: a few times at once, then slowly. Bounded in memory."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from attrs import define, field

from deskside.pace import Pace
from deskside_gateway.delays import network_of

MOST_ADDRESSES = 10_000


@define
class Paces:
    """A pace for each address."""

    at_once: float
    per_s: float
    most: int = MOST_ADDRESSES
    clock: Callable[[], float] = monotonic
    _by_address: OrderedDict[str, Pace] = field(factory=OrderedDict, init=False)

    def allows(self, address: str) -> bool:
        """Tell whether an address may ask once more now, and count it if so."""
        key = network_of(address)
        pace = self._by_address.pop(key, None) or Pace(self.at_once, self.per_s, self.clock)
        self._by_address[key] = pace
        # The longest quiet goes first.
        while len(self._by_address) > self.most:
            self._by_address.popitem(last=False)
        return pace.allows()

    def __len__(self) -> int:
        return len(self._by_address)
