"""A plugin made of modules or classes, for tests: what the loader takes for an installed distribution."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from attrs import define


def plugin(name: str, **parts: ModuleType | object) -> Any:
    """Return a stand-in for an installed distribution; a part is a module, or a class of static functions."""
    return _Distribution(name, parts)


@define
class _Point:
    name: str
    group: str
    value: str
    _module: object

    def load(self) -> object:
        return self._module


@define
class _Distribution:
    _name: str
    _parts: Mapping[str, object]
    version: str = "1.0"

    @property
    def metadata(self) -> Mapping[str, str]:
        return {"Name": self._name}

    @property
    def entry_points(self) -> list[_Point]:
        return [
            _Point(self._name, f"deskside.{part}", "deskside.testing", _module(part, given))
            for part, given in self._parts.items()
        ]


def _module(name: str, given: object) -> ModuleType:
    """Return a module, or one made of a class's functions."""
    if isinstance(given, ModuleType):
        return given
    module = ModuleType(name)
    for key in vars(given):
        if not key.startswith("__"):
            setattr(module, key, getattr(given, key))
    return module
