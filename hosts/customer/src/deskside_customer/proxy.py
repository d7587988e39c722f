"""A plugin's Qt object as its host part sees it: every call crosses to the Qt thread, in order."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Protocol

from deskside.calls import Answer, Failure, guarded
from deskside.errors import DesksideError
from deskside_customer.inbox import Inbox


class QtPartFailed(DesksideError):
    """Raised at the next use when a plugin's Qt object has raised or does not keep up."""


class Crossing(Protocol):
    """What a proxy needs of the bridge."""

    def post(self, call: Callable[[], object]) -> bool:
        """Run something on the Qt thread; False if too much waits."""

    async def call(self, function: Callable[[], Any]) -> Any:
        """Run something on the Qt thread and return its result."""


class Proxy:
    """Stands for an object that lives on the Qt thread.

    A method annotated `-> None` is posted and returns at once; any other returns an awaitable.
    """

    def __init__(self, crossing: Crossing, target: object, events: Inbox[Any], owner: str) -> None:
        self._crossing = crossing
        self._target = target
        self._events = events
        self._owner = owner
        self._failed = ""
        self._is_closed = False

    @property
    def events(self) -> AsyncIterator[Any]:
        """Return what the object emitted, in order."""
        return self._events

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any] | None]:
        method = None if name.startswith("_") else getattr(type(self._target), name, None)
        if not inspect.isfunction(method):
            raise AttributeError(f"the Qt object of '{self._owner}' has no public method '{name}'")
        posted = inspect.signature(method).return_annotation in (None, "None")
        found: Callable[..., Awaitable[Any] | None] = partial(self._post if posted else self._ask, name)
        self.__dict__[name] = found
        return found

    def close(self) -> None:
        """Close the object, if it can be closed, and end its events. Closing twice is nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._events.close()
        closing = getattr(self._target, "close", None)
        if callable(closing):
            self._crossing.post(partial(guarded, self._owner, "qt close", closing))

    def _post(self, name: str, *given: Any, **named: Any) -> None:
        self._check()
        if not self._crossing.post(partial(self._run, name, given, named)):
            self._failed = "too many calls wait for its window"
            self._check()

    async def _ask(self, name: str, *given: Any, **named: Any) -> Any:
        self._check()
        answer = await self._crossing.call(partial(self._run, name, given, named))
        if isinstance(answer, Answer):
            return answer.value
        raise QtPartFailed(f"the window of '{self._owner}' failed: {answer.error}")

    def _run(self, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Answer | Failure:
        answer = guarded(self._owner, f"qt {name}", lambda: getattr(self._target, name)(*given, **named))
        if isinstance(answer, Failure):
            self._failed = str(answer.error) or type(answer.error).__name__
        return answer

    def _check(self) -> None:
        if self._is_closed:
            raise QtPartFailed(f"the window of '{self._owner}' is closed")
        if self._failed:
            raise QtPartFailed(f"the window of '{self._owner}' failed: {self._failed}")
