"""How much may be on its way: what the line carries, and nearly nothing waiting on it. Pure; time is given.

Seen from one end by what is said to have arrived. In one message a line that is full and a far end that is
busy look alike. They differ in this: on a full line *nothing* arrives in time for a while, and with a smaller
window as much is carried as before. So the window shrinks only after a while in which everything was late, to
what was carried in it; and if less is carried then, that is the far end's way, and the window is given back.
"""

from collections import deque
from math import inf

from attrs import define, evolve, field, frozen

FIRST_WINDOW = 16 * 1024
LEAST_WINDOW = 2 * 1024
FULL_WINDOW = 2 * 1024 * 1024
QUEUE_S = 0.04
"""How long something may wait at the narrowest place: about a picture."""
WHILE_S = 0.15
"""How long everything must be late before the line counts as full."""
GROWS = 2.0
"""How much a window grows in one round, at most."""
STRETCH_S = 0.05
"""How long something is looked at before it is believed that more is carried than was known."""
FULL_FOR_S = 0.5
"""How long a line counts as full, and its rate as known, after it was seen to be so."""
SWELLS = 1.25
"""What is on its way grows so much while more is sent than the line carries."""
SMALL, ALONE = 1500, 3
"""So many messages that were alone on the line tell how long the way is; small ones until a rate is known."""
LESS, MOST_BACK = 0.7, 4.0
FORGETS_S = 30.0
"""After this time it is no longer known how late the far end answers."""
IDLE_S = 0.02


@frozen
class _Message:
    size: int
    total: int
    """All that had been sent with it."""
    is_alone: bool
    at: float


@define(eq=False)
class _While:
    """A time in which everything was late."""

    since: float
    arrived: int
    on_way: int
    least_wait: float
    least_s: float
    """How long the quickest message took."""
    was_limited: bool


@frozen
class _Trial:
    """A window was made smaller: is less carried for that?"""

    rate: float
    window: float
    after: int


@define(eq=False)
class Pipe:
    """One line, and what is on it."""

    sent: int = 0
    arrived: int = 0
    _window: float = FIRST_WINDOW
    _rate: float = 0.0
    _full_at: float = -inf
    _base_s: float = inf
    """How long a message takes there and its receipt back when nothing waits."""
    _alone: deque[float] = field(factory=lambda: deque(maxlen=ALONE))
    _messages: deque[_Message] = field(factory=deque)
    _arrived_at: float = -inf
    _late: _While | None = None
    _trial: _Trial | None = None
    _slack_s: float = 0.0
    """How late the far end answers whatever is sent."""
    _slack_at: float = 0.0
    _round_ends: int = 0
    _round_wait: float = inf
    _stretch: tuple[float, int] = (-inf, 0)
    _was_limited: bool = False

    def room(self) -> int:
        """Return how many bytes may follow now."""
        return max(0, int(self._window) - self.on_way)

    @property
    def on_way(self) -> int:
        """Return what has been sent and has not arrived."""
        return self.sent - self.arrived

    def rate_bytes_s(self, now: float) -> float:
        """Return what the line carries; 0 if it has not been full lately, for then nobody knows."""
        return self._rate if now - self._full_at <= FULL_FOR_S else 0.0

    def put(self, size: int, now: float) -> None:
        """Note that something was sent."""
        ahead = self.on_way
        if not ahead and now - self._arrived_at > IDLE_S:
            self._late = None
        self.sent += size
        self._messages.append(_Message(size, self.sent, not ahead, now))
        if not self.room():
            self._was_limited = True
            if self._late is not None:
                self._late.was_limited = True

    def took(self, arrived: int, now: float) -> None:
        """Note how much has arrived by now."""
        self.arrived = max(self.arrived, min(self.sent, arrived))
        newest = None
        while self._messages and self._messages[0].total <= self.arrived:
            newest = self._messages.popleft()
        if newest is None:
            return
        self._arrived_at = now
        seconds = now - newest.at
        own = newest.size / self._rate if self._rate else 0.0
        self._learn_base(newest, seconds, own)
        wait = seconds - own - self._base_s - self._slack(now)
        self._judge(wait, seconds, now)
        self._round_wait = min(self._round_wait, wait)
        if newest.total > self._round_ends:
            self._end_round(now)

    def _learn_base(self, message: _Message, seconds: float, own: float) -> None:
        if seconds < self._base_s:
            self._base_s = seconds
            self._alone.clear()
        elif message.is_alone and (own or message.size <= SMALL):
            self._alone.append(seconds - own)
            if len(self._alone) == ALONE:
                self._base_s = max(self._base_s, min(self._alone))

    def _judge(self, wait: float, seconds: float, now: float) -> None:
        late = self._late
        if wait <= QUEUE_S / 2:
            self._late = self._trial = None
            return
        if late is not None:
            late.least_wait, late.least_s = min(late.least_wait, wait), min(late.least_s, seconds)
            if now - late.since < WHILE_S or self.arrived <= late.arrived:
                return
            if self._end_while(late, now):
                self._late = None
                return
        self._late = _While(now, self.arrived, self.on_way, wait, seconds, not self.room())

    def _end_while(self, late: _While, now: float) -> bool:
        """Learn from it; tell if it turns out that the line was not late at all."""
        if not late.was_limited and self.on_way < late.on_way * SWELLS:
            # As much arrived as was sent: the far end is slow to answer, or there is little to send.
            return False
        rate, trial = (self.arrived - late.arrived) / (now - late.since), self._trial
        if trial is not None and late.arrived >= trial.after and self._window <= trial.window * LESS:
            self._trial = None
            if rate < trial.rate * LESS:
                self._give_back(trial, late, now)
                return True
        self._rate, self._full_at = rate, now
        if late.least_wait > QUEUE_S:
            self._shrink(now)
        return False

    def _shrink(self, now: float) -> None:
        """Let no more be on its way than is carried, and so much less that it shows what was late."""
        trial = self._trial or _Trial(self._rate, self._window, self.sent)
        self._trial = evolve(trial, rate=self._rate) if self.arrived < trial.after else trial
        way = self._base_s + self._slack(now)
        enough = self._rate * (way + QUEUE_S) + LEAST_WINDOW
        self._set(min(enough, max(self._rate * way, self._window * LESS)))

    def _give_back(self, trial: _Trial, late: _While, now: float) -> None:
        """Less was carried with a smaller window: it was not the line that was late."""
        self._slack_s, self._slack_at = late.least_s - self._base_s, now
        self._rate = 0.0
        self._set(min(trial.window, self._window * MOST_BACK))

    def _slack(self, now: float) -> float:
        return self._slack_s * max(0.0, 1 - (now - self._slack_at) / FORGETS_S)

    def _end_round(self, now: float) -> None:
        if not self._was_limited:
            self._stretch = now, self.arrived
        elif now - self._stretch[0] >= STRETCH_S:
            carried = (self.arrived - self._stretch[1]) / (now - self._stretch[0])
            self._rate = max(self._rate, carried) if self._rate else 0.0
            self._stretch = now, self.arrived
        if self._was_limited and self._round_wait < QUEUE_S / 2:
            way = self._base_s + self._slack(now)
            # One message more shows whether the line lets no more through, or stopping and waiting does.
            most = self._rate * (way + 2 * QUEUE_S) + LEAST_WINDOW if self._rate else inf
            self._set(max(self._window, min(most, self._window * GROWS)))
        self._round_ends, self._round_wait, self._was_limited = self.sent, inf, False

    def _set(self, window: float) -> None:
        self._window = min(FULL_WINDOW, max(LEAST_WINDOW, window))
