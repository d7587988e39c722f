"""What a session wants of the surface the customer sees, whichever draws it: a window or a terminal."""

from collections.abc import AsyncIterator, Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from attrs import frozen

from deskside.grants import Answer
from deskside.notice import Answered, NoticeState, Question


class Step(StrEnum):
    """Where the way to a session is; `customer.step.<value>` says it in words."""

    FINDING = "finding"
    CONNECTING = "connecting"
    ASKING = "asking"
    CONNECTED = "connected"


@frozen
class Stop:
    """The customer stopped or paused a feature, or resumed one that was paused."""

    feature: str


@frozen
class Press:
    """The customer pressed a button of the notice window."""

    button: str


@frozen
class Drop:
    """The customer dropped files on the notice window."""

    paths: tuple[Path, ...]


@frozen
class End:
    """The customer ended the support."""


Action = Stop | Press | Drop | End


def yes_to(features: Iterable[str]) -> Answered:
    """Return the answer that allows these features, which is a no if there are none."""
    allowed = frozenset(features)
    make: Callable[..., Answered] = Answered
    return make(Answer.YES, allowed) if allowed else make(Answer.NO)


class Ui(Protocol):
    """A surface. Everything is called on the session's loop and nothing here blocks it."""

    @property
    def language(self) -> str:
        """Return the language the customer reads."""

    @property
    def actions(self) -> AsyncIterator[Action]:
        """Return what the customer does, in order; one reader at a time."""

    def text(self, key: str, **values: object) -> str:
        """Return one of the program's own texts in the customer's language."""

    def show(self, state: NoticeState) -> None:
        """Show this from now on; returns at once."""

    def progress(self, step: Step, problem: str = "") -> None:
        """Show how far the connection is and, in a sentence, which check failed."""

    async def ask(self, question: Question) -> Answered:
        """Ask the customer; nobody there, no window, or no time left all mean no."""

    async def ask_code(self, problem: str = "") -> str | None:
        """Let the customer type the code, showing what was wrong before; None: the customer gave up."""

    async def ask_password(self, problem: str = "") -> str | None:
        """Let the customer type the session password's four digits; None: the customer gave up."""

    def tell_page(self, address: str) -> None:
        """Say where a page is that was not opened here, if there is a place to say it."""

    async def window(self, service: str, owner: str = "") -> Any | None:
        """Return a proxy of the Qt object a plugin supplies as `service`, None if there is none."""

    def guard_questions(self, *, on: bool) -> None:
        """Refuse (the default) or accept injected keys and clicks as answers to questions."""
