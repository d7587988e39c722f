"""The ways to call a hook, one plugin at a time, so that an error never hides another's answer.

This is the only place that catches whatever a plugin raises.
"""

import logging
from collections.abc import Callable
from typing import Any

import pluggy
from attrs import frozen

log = logging.getLogger(__name__)


@frozen
class Answer:
    """What one plugin's implementation returned."""

    plugin: str
    value: Any


@frozen
class Failure:
    """What one plugin's implementation raised."""

    plugin: str
    hook: str
    error: Exception


def guarded(plugin: str, hook: str, function: Callable[[], Any]) -> Answer | Failure:
    """Call plugin code; what it raises becomes a value, with the traceback in the log."""
    try:
        return Answer(plugin, function())
    except Exception as error:
        log.warning("plugin %s failed in %s", plugin, hook, exc_info=error)
        return Failure(plugin, hook, error)


def collect(caller: pluggy.HookCaller, **arguments: object) -> list[Answer | Failure]:
    """Ask every implementation, in order of plugin names."""
    found = sorted(caller.get_hookimpls(), key=lambda impl: impl.plugin_name)
    return [_call(impl, caller.name, arguments) for impl in found]


def _call(impl: pluggy.HookImpl, hook: str, arguments: dict[str, object]) -> Answer | Failure:
    taken = [arguments[name] for name in impl.argnames]
    return guarded(impl.plugin_name.partition(":")[0], hook, lambda: impl.function(*taken))
