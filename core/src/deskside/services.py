"""What plugins of one program supply to each other, by key, without knowing each other."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from attrs import define, field

from deskside.agree import Need, Unavailable
from deskside.calls import Failure, guarded
from deskside.declare import Side
from deskside.errors import NotGranted
from deskside.loader import DEMO_GROUP, QT_GROUP, Plugins
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
        if self.supply is not None and (found := await self.supply(key, self.scope_of(plugin))) is not None:
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


def supplied(
    plugins: Plugins, side: Side, program: Collection[str], unavailable: Sequence[Unavailable] = ()
) -> tuple[str, ...]:
    """Return the services that somebody at this program answers for: the program itself, or a plugin.

    A plugin none of whose features can work here answers for nothing.
    """
    cannot = {one.feature for one in unavailable}
    parts = {impl.plugin_name for impl in plugins.manager.hook.deskside_provide.get_hookimpls()}
    found = set(program)
    for name, owner in plugins.catalogue.owners.items():
        features = {one.key for one in owner.features}
        if features and features <= cannot:
            found -= set(owner.info.provides)
        elif f"{name}:{side}" in parts:
            found |= set(owner.info.provides)
    return tuple(sorted(found))


def needs_of(plugins: Plugins) -> tuple[Need, ...]:
    """Return what every feature needs, and whose machine that belongs to: the host's, unless only the
    viewer's part can answer for it.
    """
    at_host = {f"deskside.{Side.HOST}", QT_GROUP, DEMO_GROUP}
    viewers = {
        key
        for one in plugins.loaded
        for key in plugins.catalogue.owners[one.name].info.provides
        if f"deskside.{Side.VIEWER}" in one.points and not at_host & set(one.points)
    }
    return tuple(
        Need(feature.key, service, Side.VIEWER if service in viewers else Side.HOST)
        for feature in plugins.catalogue.features.values()
        for service in feature.needs
    )
