"""Who may send next: control first, then media, then a fair share of bulk. Pure.

Each lane has a weight. The lane with the smallest account of sent bytes per weight goes next; a lane
that was idle does not save up a claim. Control is far ahead, yet no lane starves.
"""

from collections.abc import Collection, Mapping

from attrs import evolve, field, frozen

from deskside.declare import Lane

WEIGHTS: Mapping[Lane, int] = {Lane.CONTROL: 64, Lane.MEDIA: 8, Lane.BULK: 1}
ORDER = (Lane.CONTROL, Lane.MEDIA, Lane.BULK)


@frozen
class Turns:
    """What each lane has had so far, in bytes per weight."""

    accounts: Mapping[Lane, float] = field(factory=lambda: dict.fromkeys(ORDER, 0.0))
    waiting: frozenset[Lane] = frozenset()

    def with_waiting(self, lanes: Collection[Lane]) -> "Turns":
        """Return the state when these lanes have something to send."""
        now = frozenset(lanes)
        still = [self.accounts[lane] for lane in self.waiting & now]
        floor = min(still) if still else max(self.accounts.values())
        accounts = {
            lane: max(account, floor) if lane in now - self.waiting else account
            for lane, account in self.accounts.items()
        }
        return Turns(accounts, now)

    def next(self) -> Lane | None:
        """Return the lane whose turn it is, or None if nothing waits."""
        if not self.waiting:
            return None
        return min(self.waiting, key=lambda lane: (self.accounts[lane], ORDER.index(lane)))

    def after(self, lane: Lane, sent_bytes: int) -> "Turns":
        """Return the state after a lane has sent."""
        account = self.accounts[lane] + sent_bytes / WEIGHTS[lane]
        return evolve(self, accounts={**self.accounts, lane: account})
