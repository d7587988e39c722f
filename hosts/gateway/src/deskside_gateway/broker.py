"""Who waits under which locator, and who may try it. Pure state; clock and chance are handed in."""

import re
import secrets
from collections.abc import Callable

from attrs import define, field, frozen

from deskside.pairing import LOCATOR_DIGITS
from deskside_gateway.delays import Delays, network_of
from deskside_gateway.refusals import Refused

WAIT_LASTS_S = 600
TRY_LASTS_S = 30.0
MOST_TRIES_OF_ONE = 8
LOCATORS = 10**LOCATOR_DIGITS
MOST_WAITS = LOCATORS // 2
"""Half of the locators stay free, so that a guess is more often wrong than right."""
DRAWS = 20
LOCATOR = re.compile(rf"[0-9]{{{LOCATOR_DIGITS}}}")

Clock = Callable[[], float]


@frozen(kw_only=True)
class Offer:
    """What a customer is told about who waits."""

    session: str
    number: str
    kind: str
    agent: str
    company: str
    asks_password: bool = False
    """The customer needs a session password besides the code."""


@define
class Wait:
    """A session that waits for its customer."""

    offer: Offer
    locator: str
    ends: float
    tried_by: str = ""
    tried_until: float = 0.0


@define
class Broker:
    """Codes that wait, one try at a time."""

    _now: Clock
    _choose: Callable[[int], int] = secrets.randbelow
    delays: Delays = field(factory=Delays)
    _by_locator: dict[str, Wait] = field(factory=dict, init=False)
    _by_session: dict[str, Wait] = field(factory=dict, init=False)
    _resting: dict[str, float] = field(factory=dict, init=False)
    """Locators used lately: a customer who is slow to type must not reach somebody else."""

    def open(self, offer: Offer) -> Wait:
        """Give a session a new locator; an earlier one of the same session stops working.

        :raises Refused: if too many wait
        """
        self._forget_ended()
        self.close(offer.session)
        if len(self._by_locator) >= MOST_WAITS:
            raise Refused("refused.code.none_free")
        locator = self._free_locator()
        wait = Wait(offer, locator, self._now() + WAIT_LASTS_S)
        self._by_locator[locator] = self._by_session[offer.session] = wait
        return wait

    def burn(self, session: str) -> None:
        """Make a code worthless after a wrong proof, and count it against the address that tried."""
        wait = self._by_session.get(session)
        if wait is None:
            return
        if wait.tried_by:
            self.delays.count(wait.tried_by, self._now())
        self.close(session)

    def close(self, session: str) -> None:
        """Free the locator of a session, if it has one."""
        wait = self._by_session.pop(session, None)
        if wait is not None:
            del self._by_locator[wait.locator]
            self._resting[wait.locator] = self._now() + WAIT_LASTS_S

    def locate(self, locator: str, address: str) -> Wait:
        """Return who waits there, and hold him for this address for a moment.

        :raises Refused: if the address must wait, nobody waits there, or another customer is trying
        """
        now = self._now()
        if seconds := self.delays.seconds_to_wait(address, now):
            raise Refused("refused.code.wait", seconds=seconds)
        self._forget_ended()
        wait = self._by_locator.get(locator) if LOCATOR.fullmatch(locator) else None
        if wait is None:
            self.delays.count(address, now)
            raise Refused("refused.code.unknown")
        by = network_of(address)
        if wait.tried_until > now and wait.tried_by != by:
            raise Refused("refused.code.in_use", seconds=max(1, round(wait.tried_until - now)))
        if self._held_by(by, now, but=wait) >= MOST_TRIES_OF_ONE:
            raise Refused("refused.code.wait", seconds=round(TRY_LASTS_S))
        wait.tried_by, wait.tried_until = by, now + TRY_LASTS_S
        return wait

    def ends_in_s(self, wait: Wait) -> int:
        """Return how long a code stays good."""
        return max(0, int(wait.ends - self._now()))

    def __len__(self) -> int:
        self._forget_ended()
        return len(self._by_locator)

    def _held_by(self, by: str, now: float, but: Wait) -> int:
        held = (one for one in self._by_locator.values() if one.tried_by == by and one.tried_until > now)
        return sum(one is not but for one in held)

    def _free_locator(self) -> str:
        for _ in range(DRAWS):
            drawn = _as_locator(self._choose(LOCATORS))
            if drawn not in self._by_locator and drawn not in self._resting:
                return drawn
        everyone = [_as_locator(number) for number in range(LOCATORS)]
        free = [one for one in everyone if one not in self._by_locator]
        rested = [one for one in free if one not in self._resting] or free
        return rested[self._choose(len(rested))]

    def _forget_ended(self) -> None:
        now = self._now()
        for wait in [one for one in self._by_locator.values() if one.ends <= now]:
            self.close(wait.offer.session)
        for locator in [one for one, until in self._resting.items() if until <= now]:
            del self._resting[locator]


def _as_locator(number: int) -> str:
    return f"{number:0{LOCATOR_DIGITS}d}"


def new_session_id() -> str:
    """Return 128 random bits that are safe in an address."""
    return secrets.token_urlsafe(16)
