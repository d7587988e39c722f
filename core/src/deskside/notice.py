"""What the customer sees and decides: snapshots for the notice window, and questions. Pure.

The session hands whole snapshots to the window and never waits for it; the window hands actions back.
"""

from collections.abc import Iterable
from enum import StrEnum

from attrs import field, frozen

from deskside.grants import Answer

QUESTION_S = 60
"""How long a question stands before it counts as a no."""


class SessionState(StrEnum):
    """Where a session is."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    AGREEING = "agreeing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


ON_PAGE, LOADING, PAUSED = "waiting.on_page", "waiting.loading", "active.paused"
"""Reasons that make a state finer: the customer has opened the page, his program starts, he has paused."""


def state_name(state: SessionState, reason: str) -> str:
    """Return the name of a state, the finer one where its reason is one."""
    return reason.partition(".")[2] if reason in (ON_PAGE, LOADING, PAUSED) else str(state)


@frozen
class Line:
    """A running feature, with its words and whether the customer can stop it."""

    feature: str
    title: str
    can_stop: bool = True
    is_paused: bool = False
    can_pause: bool = False


@frozen
class ButtonState:
    """Something the customer can start from the notice window."""

    id: str
    title: str
    icon: str


@frozen(kw_only=True)
class NoticeState:
    """Everything the notice window shows."""

    state: SessionState = SessionState.CONNECTING
    agents: tuple[str, ...] = ()
    company: str = ""
    number: str = ""
    began: float | None = None
    """When the session became active, in seconds since 1970."""
    sealed_to_agent: bool = False
    """False: protected to the server only."""
    label: str = ""
    """`trial` or `demo` where the licence says so."""
    lines: tuple[Line, ...] = ()
    buttons: tuple[ButtonState, ...] = ()
    messages: tuple[str, ...] = ()
    accepts_files: bool = False
    reason: str = ""
    """Why it is suspended or ended, in the customer's language."""


@frozen(kw_only=True)
class Question:
    """What one person asks to do; the answer may allow each feature apart."""

    id: int
    who: str
    company: str
    features: tuple[str, ...]
    titles: tuple[str, ...]
    """What each feature does, in the customer's language."""
    detail: str = ""
    seconds: int = QUESTION_S
    is_once: bool = False
    """True: a yes is good for this one use; False: until stopped, or to the end of the support."""

    @property
    def holds(self) -> str:
        """Return the text key that says for how long a yes is good."""
        return "customer.question.once" if self.is_once else "customer.question.until"


def _keys(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


@frozen
class Answered:
    """What the customer said."""

    answer: Answer
    allowed: frozenset[str] = field(default=frozenset(), converter=_keys)
    """Features he said yes to; all of the question's unless he chose."""
