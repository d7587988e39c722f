"""Runs one coroutine per plugin and session, and answers for those that raise, hang or never end.

Together with `calls` this is the only place that catches whatever a plugin raises.
"""

import logging
from collections.abc import Awaitable, Callable, Collection
from time import monotonic

import anyio
import anyio.abc
import pluggy
from attrs import define, field

from deskside.declare import Side
from deskside.loader import Plugins
from deskside.scoped import PluginSession

log = logging.getLogger(__name__)

CLEAN_UP_S = 5
HUNG_S = 75
"""A message in hand this long while others wait: longer than a question to the customer stands."""
RAISED, HUNG, BLOCKED = "stopped.raised", "stopped.hung", "stopped.blocked"


def owner_of(feature: str) -> str:
    """Return the plugin that a feature's key names."""
    return feature.split(".", 1)[0]


@define(eq=False)
class Running:
    """A plugin's coroutine in this session."""

    plugin: str
    session: PluginSession
    scope: anyio.CancelScope = field(factory=anyio.CancelScope)
    done: anyio.Event = field(factory=anyio.Event)


@define(eq=False)
class Runner:
    """The plugins of one session on one side."""

    plugins: Plugins
    side: Side
    make_session: Callable[[str], PluginSession]
    failed: Callable[[str, str], None]
    """Called with plugin and reason when one is stopped for good."""
    ended: Callable[[str], None]
    """Called when a coroutine has ended, however it did."""
    clock: Callable[[], float] = monotonic
    running: dict[str, Running] = field(factory=dict)
    stopped: dict[str, str] = field(factory=dict)
    _finished: dict[str, frozenset[str]] = field(factory=dict)
    """Plugins that have returned, and which of their features have been granted ever since."""
    _tasks: anyio.abc.TaskGroup | None = None
    _granted: frozenset[str] = frozenset()
    _wanted: frozenset[str] = frozenset()

    def use(self, tasks: anyio.abc.TaskGroup) -> None:
        """Start coroutines in this task group, which ends with the session."""
        self._tasks = tasks

    def want(self, features: Collection[str]) -> None:
        """Let the plugins of these features run, if they have a part here and have not failed, and no others.

        One that has returned has finished, until one of its features is granted that was not in between.
        """
        self._granted = frozenset(features)
        self._wanted = frozenset(owner_of(key) for key in features)
        for name, ever_since in list(self._finished.items()):
            granted = self._granted_to(name)
            self._finished[name] = ever_since & granted
            if granted - ever_since:
                del self._finished[name]
        for name in sorted(self._wanted - set(self.running) - set(self.stopped) - set(self._finished)):
            self._start(name)
        for name in sorted(set(self.running) - self._wanted):
            self.running[name].scope.cancel()

    def stop(self, name: str, reason: str) -> None:
        """Stop a plugin for this session; the far side is told by whoever calls."""
        self.stopped[name] = reason
        if name in self.running:
            self.running[name].scope.cancel()

    def retry(self, name: str) -> None:
        """Start a stopped plugin again."""
        self.stopped.pop(name, None)
        self._finished.pop(name, None)
        self.want(self._granted)

    async def end(self) -> list[str]:
        """Cancel all and wait for their clean-up; return those that did not end in time."""
        self._granted = self._wanted = frozenset()
        for one in self.running.values():
            one.scope.cancel()
        with anyio.move_on_after(CLEAN_UP_S, shield=True):
            for one in list(self.running.values()):
                await one.done.wait()
        return sorted(self.running)

    def _implementation(self, name: str) -> pluggy.HookImpl | None:
        for impl in self.plugins.manager.hook.deskside_run_session.get_hookimpls():
            if impl.plugin_name == f"{name}:{self.side}":
                return impl
        return None

    def _start(self, name: str) -> None:
        impl = self._implementation(name)
        if impl is None or self._tasks is None:
            return
        one = Running(name, self.make_session(name))
        self.running[name] = one
        self._tasks.start_soon(self._run, one, impl, name=f"plugin {name}")

    async def _run(self, one: Running, impl: pluggy.HookImpl) -> None:
        arguments = [one.session] if "session" in impl.argnames else []
        life: Callable[..., Awaitable[None]] = impl.function  # type: ignore[assignment]
        try:
            with one.scope:
                await life(*arguments)
        except Exception as error:
            log.warning("plugin %s failed in its session", one.plugin, exc_info=error)
            self._note_failure(one.plugin, RAISED)
        else:
            if not one.scope.cancel_called:
                self._finished[one.plugin] = self._granted_to(one.plugin)
        finally:
            del self.running[one.plugin]
            one.session.notice.clear()
            one.done.set()
            self.ended(one.plugin)
        if one.plugin in self._wanted and one.scope.cancel_called:
            self.want(self._granted)

    def _granted_to(self, name: str) -> frozenset[str]:
        return frozenset(key for key in self._granted if owner_of(key) == name)

    def _note_failure(self, name: str, reason: str) -> None:
        self.stopped[name] = reason
        self.failed(name, reason)

    def fail(self, name: str, reason: str) -> None:
        """Stop a plugin that hangs or has blocked the loop."""
        if name in self.running and name not in self.stopped:
            log.warning("plugin %s is stopped: %s", name, reason)
            self.stop(name, reason)
            self.failed(name, reason)
