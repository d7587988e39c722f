"""What plugins of one program supply to each other, by key, without knowing each other."""

from collections.abc import Awaitable, Callable
from typing import Any

from attrs import define, field

from deskside.calls import Failure, guarded
from deskside.declare import Side
from deskside.errors import NotGranted
from deskside.loader import Plugins
from deskside.scoped import PluginSession

Supply = Callable[[str, PluginSession], Awaitable[Any]]


@define(eq=False)
class Services:
    """The services of one session, each asked for once."""

    plugins: Plugins
    side: Side
    supply: Supply | None
    """The program's own way to supply a service, tried first."""
    scope_of: Callable[[str], PluginSession]
    _found: dict[str, Any] = field(factory=dict)

    async def get(self, plugin: str, key: str) -> Any:
        """Return a service.

        :raises NotGranted: if nobody supplies it
        """
        if key not in self._found:
            self._found[key] = await self._find(plugin, key)
        return self._found[key]

    def ended(self, owner: str) -> None:
        """Close what a plugin has supplied: its coroutine has ended."""
        provides = self.plugins.catalogue.owners[owner].info.provides
        for key in [key for key in self._found if key in provides]:
            close = getattr(self._found.pop(key), "close", None)
            if callable(close):
                guarded(owner, "close", close)

    async def _find(self, plugin: str, key: str) -> Any:
        for owner, declared in self.plugins.catalogue.owners.items():
            if key not in declared.info.provides:
                continue
            scope = self.scope_of(owner)
            if self.supply is not None and (found := await self.supply(key, scope)) is not None:
                return found
            if (found := self._ask(owner, key, scope)) is not None:
                return found
        raise NotGranted(f"nobody supplies the service '{key}', which '{plugin}' asked for")

    def _ask(self, owner: str, key: str, scope: PluginSession) -> Any:
        known: dict[str, object] = {"service": key, "scope": scope}
        for impl in self.plugins.manager.hook.deskside_provide.get_hookimpls():
            if impl.plugin_name != f"{owner}:{self.side}":
                continue
            function, arguments = impl.function, [known[name] for name in impl.argnames]
            answer = guarded(owner, "deskside_provide", lambda: function(*arguments))  # noqa: B023 - called at once
            return None if isinstance(answer, Failure) else answer.value
        return None
