"""What a customer program gives to its session."""

from collections.abc import Awaitable, Callable, Sequence

from attrs import define, field

from deskside.agree import Unavailable
from deskside.chain import Trust
from deskside.notice import Answered, NoticeState, Question
from deskside.transport import Transport


def _nothing(_: bytes) -> None:
    """Keep nothing."""


async def _admit(begins: tuple[str, ...]) -> bool:
    del begins
    return True


@define(eq=False)
class HostPorts:
    """What the customer program gives to its session."""

    dial: Callable[[str], Awaitable[Transport]]
    """Open a road (`main`, `bulk`) to the relay."""
    consent: Callable[[Question], Awaitable[Answered]]
    show: Callable[[NoticeState], None]
    trust: Trust = field(factory=Trust)
    program: str = "customer"
    unavailable: Sequence[Unavailable] = ()
    person: str = ""
    system: str = ""
    admit: Callable[[tuple[str, ...]], Awaitable[bool]] = _admit
    """Ask the customer, once, whether he wants to be helped at all; a no ends the session.

    What begins with his yes, and is not asked for again, is told in his language.
    """
    paired: Callable[[bytes], None] = _nothing
    """Called with the session's secret, which is the right to come back."""
    resumed: bool = False
    """An earlier process of this machine has begun the session, and has checked its licence then."""
