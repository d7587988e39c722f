"""Plugins' Qt parts: imported when first needed, made and run on the Qt thread, closed with the session."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy
from attrs import field, frozen
from PySide6.QtWidgets import QApplication, QWidget

from deskside import hookspecs
from deskside.calls import Answer, collect, guarded
from deskside.loader import Found, Plugins
from deskside_customer.qt.window import OWN

GROUP = "deskside.qt"


@frozen
class QtScope:
    """What a plugin's Qt object may use; scoped to that plugin and session."""

    language: str
    _say: Callable[..., str] = field(repr=False)
    _put: Callable[[object], bool] = field(repr=False)

    def text(self, key: str, **values: object) -> str:
        """Return one of the plugin's texts in the customer's language."""
        return self._say(self.language, key, **values)

    def emit(self, value: object) -> bool:
        """Hand a value to the host part, from any thread; False if it is too far behind."""
        return self._put(value)


@frozen
class Made:
    """A Qt object and whose it is."""

    target: object
    owner: str


def installed_part(found: Found) -> EntryPoint | None:
    """Return the Qt entry point that the plugin's own distribution declares."""
    for point in entry_points(group=GROUP, name=found.name):
        if point.dist is not None and point.dist.name == found.distribution:
            return point
    return None


class Parts:
    """Knows the Qt parts of the plugins that were allowed; used on the Qt thread only."""

    def __init__(
        self,
        plugins: Plugins,
        language: str,
        part_of: Callable[[Found], EntryPoint | None] = installed_part,
    ) -> None:
        self._plugins = plugins
        self._part_of = part_of
        self._language = language
        self._loaded: dict[str, ModuleType | None] = {}
        self._manager = pluggy.PluginManager("deskside")
        self._manager.add_hookspecs(hookspecs)
        self._vanished: list[QWidget] = []
        self._kept: list[object] = []
        """Everything made: the last reference to a Qt object must not go on the session's thread."""

    def provide(self, service: str, owner: str, put: Callable[[object], bool]) -> Made | None:
        """Return what the first plugin (or this one) supplies as `service`."""
        for found in self._plugins.loaded:
            if (owner and found.name != owner) or self._part(found) is None:
                continue
            made = self._ask(found, service, put)
            if made is not None:
                self._kept.append(made)
                return Made(made, found.name)
        return None

    def vanish(self, gone: bool) -> None:
        """Hide every window of the plugins while the session is silent, and show them again after."""
        if gone:
            windows = [one for one in QApplication.topLevelWidgets() if not one.property(OWN)]
            self._vanished = [one for one in windows if one.isVisible()]
            for window in self._vanished:
                window.hide()
            return
        back, self._vanished = self._vanished, []
        alive = set(QApplication.topLevelWidgets())
        for window in back:
            if window in alive:
                window.show()

    def _part(self, found: Found) -> ModuleType | None:
        if found.name not in self._loaded:
            self._loaded[found.name] = self._load(found)
        return self._loaded[found.name]

    def _load(self, found: Found) -> ModuleType | None:
        point = self._part_of(found)
        if point is None:
            return None
        answer = guarded(found.name, "import", point.load)
        if not isinstance(answer, Answer) or not isinstance(answer.value, ModuleType):
            return None
        module = answer.value
        registered = guarded(found.name, "qt register", lambda: self._manager.register(module, found.name))
        return module if isinstance(registered, Answer) else None

    def _ask(self, found: Found, service: str, put: Callable[[object], bool]) -> Any | None:
        declared = self._plugins.catalogue.owners[found.name]
        scope = QtScope(self._language, declared.texts.say, put)
        mine = self._loaded[found.name]
        others = [one for one in self._manager.get_plugins() if one is not mine]
        caller = self._manager.subset_hook_caller("deskside_provide", others)
        for answer in collect(caller, service=service, scope=scope):
            if isinstance(answer, Answer):
                return answer.value
        return None
