"""What a plugin is handed: one object per plugin and session, which ends with the grant."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

import anyio
import anyio.to_thread
from attrs import define, field, frozen

from deskside.changes import Changes
from deskside.channel import Channel
from deskside.declare import Side
from deskside.errors import NotGranted
from deskside.grants import Grant, Refusal
from deskside.notice import ButtonState
from deskside.port import Participant

Result = TypeVar("Result")
MOST_THREADS = 8
CHECKPOINT_LIMIT = 4 * 1024 * 1024


@frozen
class Machine:
    """The machine a program runs on."""

    system: str
    """As in `sys.platform`."""


class Options:
    """A plugin's option values in force, by name."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"no feature of this plugin declares the option '{name}'") from None


class Behind(Protocol):
    """What a PluginSession needs of its session."""

    id: str
    number: str
    side: Side
    people: dict[int, Participant]
    changes: Changes

    def options_of(self, plugin: str) -> Mapping[str, object]:
        """Return the values in force."""

    def open_channel(self, plugin: str, channel: str) -> Channel:
        """Return a channel that the plugin may open now."""

    def allows(self, feature: str) -> bool:
        """Tell whether a feature is on or ready."""

    async def ask_for(
        self, plugin: str, features: tuple[str, ...], detail: str, who: Participant | None
    ) -> Grant | Refusal:
        """Get a grant."""

    async def take_back(self, features: tuple[str, ...]) -> None:
        """Withdraw grants."""

    def pause(self, feature: str, *, is_paused: bool) -> None:
        """Show a feature as paused, or no longer."""

    async def service(self, plugin: str, key: str) -> Any:
        """Return a service."""

    async def keep(self, plugin: str, state: bytes) -> None:
        """Store a plugin's state with what it has consumed."""

    def kept(self, plugin: str) -> bytes | None:
        """Return the state stored before a restart."""

    def report(self, plugin: str, event: str, values: Mapping[str, str | int]) -> None:
        """Append an audit event."""

    def say(self, plugin: str, key: str, values: Mapping[str, object]) -> str:
        """Return words in the language of whoever sits here."""

    def notice_changed(self) -> None:
        """Draw the notice window anew."""


@define(eq=False)
class Button:
    """Something the customer can press in the notice window."""

    state: ButtonState
    _dispose: Callable[["Button"], None]
    _pressed: int = 0
    _changed: anyio.Event = field(factory=anyio.Event)

    def press(self) -> None:
        """Note a press."""
        self._pressed += 1
        self._changed.set()

    async def presses(self) -> AsyncIterator[None]:
        """Yield at every press."""
        while True:
            while not self._pressed:
                self._changed = anyio.Event()
                await self._changed.wait()
            self._pressed -= 1
            yield

    def dispose(self) -> None:
        """Take it away."""
        self._dispose(self)


@define(eq=False)
class Notice:
    """A plugin's part of the notice window; empty on the viewer's side."""

    _plugin: str
    _behind: Behind
    buttons: list[Button] = field(factory=list)
    message: str = ""
    accepts_files: bool = False
    is_paused_feature: str = ""
    _dropped: list[tuple[Path, ...]] = field(factory=list)
    _changed: anyio.Event = field(factory=anyio.Event)

    def button(self, title: str, icon: str = "") -> Button:
        """Show a button; `title` is a text key."""
        state = ButtonState(
            f"{self._plugin}:{title}", self._behind.say(self._plugin, title, {}), icon or self._plugin
        )
        button = Button(state, self._remove)
        self.buttons.append(button)
        self._behind.notice_changed()
        return button

    def status(self, key: str, **values: object) -> None:
        """Show a line of text, or none for an empty key."""
        self.message = self._behind.say(self._plugin, key, values) if key else ""
        self._behind.notice_changed()

    def drop(self, paths: tuple[Path, ...]) -> None:
        """Note files dropped on the window."""
        if len(self._dropped) < 100:
            self._dropped.append(paths)
            self._changed.set()

    async def drops(self) -> AsyncIterator[tuple[Path, ...]]:
        """Accept files dropped on the notice window while this is iterated."""
        self.accepts_files = True
        self._behind.notice_changed()
        try:
            while True:
                while not self._dropped:
                    self._changed = anyio.Event()
                    await self._changed.wait()
                yield self._dropped.pop(0)
        finally:
            self.accepts_files = False
            self._behind.notice_changed()

    def clear(self) -> None:
        """Take everything of the plugin away."""
        self.buttons.clear()
        self.message, self.accepts_files = "", False
        self._behind.notice_changed()

    def _remove(self, button: Button) -> None:
        if button in self.buttons:
            self.buttons.remove(button)
            self._behind.notice_changed()


class PluginSession:
    """One plugin in one session, on one side."""

    def __init__(self, plugin: str, behind: Behind) -> None:
        self._plugin = plugin
        self._behind = behind
        self._threads = anyio.CapacityLimiter(MOST_THREADS)
        self.log = logging.getLogger(f"deskside.session.{plugin}")
        self.notice = Notice(plugin, behind)
        self.resumed = behind.kept(plugin)
        """What checkpoint() stored before this side was restarted, or None."""

    @property
    def plugin(self) -> str:
        """Return the name of the plugin this is for."""
        return self._plugin

    @property
    def id(self) -> str:
        """Return the session's id, which is no secret and no right."""
        return self._behind.id

    @property
    def number(self) -> str:
        """Return the support number."""
        return self._behind.number

    @property
    def side(self) -> Side:
        """Return which program this is."""
        return self._behind.side

    @property
    def options(self) -> Options:
        """Return this plugin's option values in force."""
        return Options(self._behind.options_of(self._plugin))

    @property
    def participants(self) -> Mapping[int, Participant]:
        """Return everyone in the session, by id."""
        return dict(self._behind.people)

    def open(self, channel: str) -> Channel:
        """Return one of your channels, to be used in `async with`.

        :raises NotGranted: if its feature is not granted
        """
        return self._behind.open_channel(self._plugin, channel)

    def allows(self, feature: str) -> bool:
        """Tell whether a feature is on, or ready to ask at each use."""
        return self._behind.allows(feature)

    async def changed(self, seen: int) -> int:
        """Wait for a change of grants, pauses or participants that is newer than `seen`; return the newest.

        Begin with 0 and hand back what the last call returned: what changed in between is not lost.
        """
        return await self._behind.changes.after(seen)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds that depends on grants, pauses or participants."""
        seen = 0
        while not condition():
            seen = await self.changed(seen)

    async def request(
        self, *features: str, detail: str = "", who: Participant | None = None
    ) -> Grant | Refusal:
        """Ask for features, or for one use of a feature that asks each time; waits for the customer."""
        return await self._behind.ask_for(self._plugin, features, detail, who)

    async def withdraw(self, *features: str) -> None:
        """Take grants back."""
        await self._behind.take_back(features)

    def pause(self, feature: str, *, is_paused: bool) -> None:
        """Show everywhere that a feature of yours is paused, or no longer."""
        self._behind.pause(feature, is_paused=is_paused)

    async def provide(self, key: str) -> Any:
        """Return a service of this program.

        :raises NotGranted: if nobody supplies it
        """
        return await self._behind.service(self._plugin, key)

    async def checkpoint(self, state: bytes) -> None:
        """Store your state, together with which messages are consumed, the one in hand included.

        After a restart `resumed` holds it, and no message comes twice.
        """
        if len(state) > CHECKPOINT_LIMIT:
            raise NotGranted(f"a checkpoint of {len(state)} bytes; at most {CHECKPOINT_LIMIT} are kept")
        await self._behind.keep(self._plugin, state)

    def audit(self, event: str, **values: str | int) -> None:
        """Append an event to the support history; its name is a past tense in snake case."""
        self._behind.report(self._plugin, event, values)

    def text(self, key: str, **values: object) -> str:
        """Return one of your texts in the language of whoever sits here."""
        return self._behind.say(self._plugin, key, values)

    async def blocking(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Run a blocking function in a worker thread."""
        return await anyio.to_thread.run_sync(function, *arguments, limiter=self._threads)
