"""Agents' pages, locked once nobody has used them for a while; only the own password opens them."""

import time
from collections import OrderedDict
from collections.abc import Callable

import anyio
from attrs import define, field, frozen

MOST = 10_000
LOOK_S = 0.5


def passed_s() -> float:
    """Return seconds that go on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.time()


@frozen
class Use:
    """When the pages of a sign-in were last used, and after how long they are locked."""

    minutes: int
    at: float
    is_locked: bool = False


@define(eq=False)
class Locks:
    """Which sign-ins' pages are locked; a program that has begun anew takes the ones it finds for locked."""

    now: Callable[[], float] = passed_s
    _uses: OrderedDict[int, Use] = field(factory=OrderedDict)
    _fresh: OrderedDict[str, None] = field(factory=OrderedDict)
    """Tokens of those who have just signed in here."""

    def signed_in(self, token: str) -> None:
        """Note that somebody has proved himself just now."""
        self._fresh[token] = None
        while len(self._fresh) > MOST:
            self._fresh.popitem(last=False)

    def know(self, sign_in: int, token: str, minutes: int) -> None:
        """Note after how many minutes a sign-in's pages are locked; 0 is never."""
        is_fresh = token in self._fresh
        self._fresh.pop(token, None)
        known = self._uses.get(sign_in)
        if is_fresh or known is None:
            self._keep(sign_in, Use(minutes, self.now(), is_locked=minutes > 0 and not is_fresh))
        elif known.minutes != minutes:
            self._keep(sign_in, Use(minutes, known.at, self.is_locked(sign_in)))

    def used(self, sign_in: int) -> None:
        """Note that a page is used; one that is locked stays so."""
        if not self.is_locked(sign_in) and (known := self._uses.get(sign_in)) is not None:
            self._keep(sign_in, Use(known.minutes, self.now()))

    def is_locked(self, sign_in: int) -> bool:
        """Tell whether a sign-in's pages are locked."""
        known = self._uses.get(sign_in)
        if known is None:
            return False
        is_due = known.minutes > 0 and self.now() - known.at >= known.minutes * 60
        if is_due and not known.is_locked:
            self._keep(sign_in, Use(known.minutes, known.at, is_locked=True))
        return is_due or known.is_locked

    async def wait(self, sign_in: int) -> None:
        """Wait until a sign-in's pages are locked."""
        while True:
            if self.is_locked(sign_in):
                return
            await anyio.sleep(LOOK_S)

    def minutes(self, sign_in: int) -> int:
        """Return after how many minutes a sign-in's pages are locked; 0 is never."""
        known = self._uses.get(sign_in)
        return known.minutes if known else 0

    def unlock(self, sign_in: int) -> None:
        """Open the pages of somebody who has proved himself."""
        self._keep(sign_in, Use(self.minutes(sign_in), self.now()))

    def _keep(self, sign_in: int, use: Use) -> None:
        self._uses[sign_in] = use
        self._uses.move_to_end(sign_in)
        while len(self._uses) > MOST:
            self._uses.popitem(last=False)
