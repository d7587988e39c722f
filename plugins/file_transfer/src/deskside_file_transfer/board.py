"""What the customer reads in the notice window: one line about all transfers, and a button to cancel them."""

from collections.abc import Callable
from typing import Protocol

from attrs import define, field

from deskside.api import PluginSession
from deskside_file_transfer.messages import Reason
from deskside_file_transfer.wording import shortened, spoken


class Disposable(Protocol):
    """Something that can be taken away."""

    def dispose(self) -> None:
        """Take it away."""


@define(eq=False)
class Moving:
    """One transfer that is under way."""

    name: str
    size: int
    is_incoming: bool
    offset: int = 0


@define(eq=False)
class Board:
    """The plugin's line in the notice window."""

    _session: PluginSession
    _show_cancel: Callable[[], Disposable]
    _moving: list[Moving] = field(factory=list)
    _shown: tuple[object, ...] = ()
    _cancel: Disposable | None = None

    def begin(self, name: str, size: int, *, is_incoming: bool) -> Moving:
        """Show one more transfer."""
        one = Moving(shortened(name, 40), size, is_incoming)
        self._moving.append(one)
        if self._cancel is None:
            self._cancel = self._show_cancel()
        self._draw()
        return one

    def move(self, one: Moving, offset: int) -> None:
        """Show progress."""
        one.offset = offset
        self._draw()

    def end(self, one: Moving, key: str, why: Reason | None = None) -> None:
        """Show one transfer less, and what came of it."""
        if one not in self._moving:
            return
        self._moving.remove(one)
        if self._moving:
            self._draw()
            return
        if self._cancel is not None:
            self._cancel.dispose()
            self._cancel = None
        reason = spoken(self._session, why) if why else ""
        self.say(key, name=one.name, reason=reason)

    def say(self, key: str, **values: object) -> None:
        """Show a sentence."""
        self._shown = ()
        self._session.notice.status(f"file_transfer.status.{key}", **values)

    def _draw(self) -> None:
        total = sum(one.size for one in self._moving)
        percent = 100 * sum(one.offset for one in self._moving) // total if total else 0
        first, count = self._moving[0], len(self._moving)
        key = "several" if count > 1 else "receiving" if first.is_incoming else "sending"
        values = {"name": first.name, "count": count, "percent": percent}
        if (key, *values.values()) != self._shown:
            self.say(key, **values)
            self._shown = (key, *values.values())
