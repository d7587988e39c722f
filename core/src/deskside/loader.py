"""Find, allow, order and check plugins.

Distributions are judged by their metadata before anything of theirs is imported: what is not on the
allow-list is not imported. A plugin that cannot be used is left out with a reason; the rest load.
"""

import re
from collections.abc import Callable, Collection, Iterable
from importlib.metadata import Distribution, EntryPoint, distributions
from types import ModuleType
from typing import TypeVar

import pluggy
from attrs import field, frozen

from deskside import hookspecs, texts
from deskside.calls import Answer, Failure, collect, guarded
from deskside.catalogue import Catalogue, Declared
from deskside.declare import ChannelSpec, Feature, PluginInfo, Side, WebModule
from deskside.errors import DeclarationError, DesksideError, LoadError
from deskside.messages import Codec
from deskside.options import NAME

API_VERSION = (0, 1)
PLUGIN_GROUP = "deskside.plugin"
DEMO_GROUP = "deskside.demo"
"""A part that supplies a synthetic customer with what a machine would."""
QT_GROUP = "deskside.qt"
"""A part that supplies windows; the customer program imports it when it needs them."""
Allow = Callable[[str], bool]
Declaration = TypeVar("Declaration", Feature, ChannelSpec, WebModule)


@frozen
class Found:
    """The entry points of one plugin, as its distribution's metadata states them."""

    name: str
    distribution: str
    version: str
    points: dict[str, EntryPoint] = field(factory=dict)


@frozen
class Refused:
    """A plugin that was left out, and why."""

    name: str
    distribution: str
    reason: str


@frozen
class Plugins:
    """What a program has loaded."""

    manager: pluggy.PluginManager
    catalogue: Catalogue
    loaded: tuple[Found, ...]
    refused: tuple[Refused, ...]


def allowed_by(names: str) -> Allow:
    """Return the allow-list that a setting spells: distributions divided by commas."""
    allowed = {_normal(one) for one in names.split(",") if one.strip()}
    return lambda distribution: _normal(distribution) in allowed


def _normal(distribution: str) -> str:
    """Return a distribution's name as package tools compare it."""
    return re.sub(r"[-_.]+", "-", distribution.strip()).lower()


def find(installed: Iterable[Distribution]) -> tuple[list[Found], list[Refused]]:
    """List the plugins of installed distributions without importing any of them."""
    by_name: dict[str, list[Found]] = {}
    for distribution in installed:
        for one in _plugins_in(distribution):
            by_name.setdefault(one.name, []).append(one)
    found, refused = [], []
    for name, claims in sorted(by_name.items()):
        names = sorted({one.distribution for one in claims})
        if len(names) > 1:
            reason = f"several distributions claim the name '{name}': {', '.join(names)}"
            refused += [Refused(name, one, reason) for one in names]
        elif PLUGIN_GROUP not in claims[0].points:
            refused.append(Refused(name, names[0], "it has parts but no plugin.py entry point"))
        else:
            found.append(claims[0])
    return found, refused


def load(
    side: Side,
    allow: Allow,
    installed: Iterable[Distribution] | None = None,
    own: Iterable[Declared] = (),
    without: Collection[str] = (),
) -> Plugins:
    """Load what is allowed for one program.

    `own` is what the core and the program itself declare; plugins named in `without` stay out.

    :raises DeclarationError: if `own` is impossible
    """
    manager = pluggy.PluginManager("deskside")
    manager.add_hookspecs(hookspecs)
    found, refused = find(distributions() if installed is None else installed)
    declared, loaded = list(own), []
    for one in found:
        try:
            if not allow(one.distribution):
                raise LoadError("its distribution is not on the allow-list")
            if one.name in without:
                raise LoadError("it is left out, because it had held this program up")
            described = _load(manager, one, side)
            Catalogue.of([*declared, described])
        except DesksideError as error:
            _forget(manager, one)
            refused.append(Refused(one.name, one.distribution, str(error)))
            continue
        declared.append(described)
        loaded.append(one)
    return Plugins(manager, Catalogue.of(declared), tuple(loaded), tuple(refused))


def _plugins_in(distribution: Distribution) -> list[Found]:
    groups = {PLUGIN_GROUP, DEMO_GROUP, QT_GROUP, *(f"deskside.{side}" for side in Side)}
    points = [one for one in distribution.entry_points if one.group in groups and NAME.fullmatch(one.name)]
    found: dict[str, Found] = {}
    for point in points:
        name = distribution.metadata["Name"]
        one = found.setdefault(point.name, Found(point.name, name, distribution.version))
        one.points[point.group] = point
    return list(found.values())


def _load(manager: pluggy.PluginManager, one: Found, side: Side) -> Declared:
    _register(manager, one.points[PLUGIN_GROUP], one.name)
    part = one.points.get(f"deskside.{side}")
    if part is not None:
        _register(manager, part, f"{one.name}:{side}")
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise LoadError(f"it implements a hook that does not exist: {error}") from None
    return _declared(manager, one)


def _register(manager: pluggy.PluginManager, point: EntryPoint, name: str) -> None:
    answer = guarded(name, "import", point.load)
    if isinstance(answer, Failure):
        raise LoadError(f"{point.value} cannot be imported: {answer.error}")
    if not isinstance(answer.value, ModuleType):
        raise LoadError(f"{point.value} is no module")
    try:
        manager.register(answer.value, name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise LoadError(f"{point.value} does not fit the hooks: {error}") from None
    for caller in manager.get_hookcallers(answer.value) or ():
        for impl in caller.get_hookimpls():
            if impl.plugin is answer.value and (impl.hookwrapper or impl.wrapper):
                raise LoadError(f"{point.value} wraps {caller.name}; hook wrappers are not allowed")


def _forget(manager: pluggy.PluginManager, one: Found) -> None:
    for name in (one.name, *(f"{one.name}:{side}" for side in Side)):
        if manager.has_plugin(name):
            manager.unregister(name=name)


def _declared(manager: pluggy.PluginManager, one: Found) -> Declared:
    info = _one_answer(manager, one, "deskside_plugin")
    if not isinstance(info, PluginInfo) or info.name != one.name:
        raise LoadError(f"deskside_plugin must return a PluginInfo named '{one.name}'")
    if info.api[0] != API_VERSION[0] or info.api[1] > API_VERSION[1]:
        ours, theirs = (".".join(map(str, version)) for version in (API_VERSION, info.api))
        raise LoadError(f"it speaks interface {theirs}; this program speaks {ours}")
    channels = _several(manager, one, "deskside_channels", ChannelSpec)
    for spec in channels:
        Codec.of(spec.messages)
    package = one.points[PLUGIN_GROUP].value.partition(".")[0]
    return Declared(
        info=info,
        features=_several(manager, one, "deskside_features", Feature),
        channels=channels,
        web_modules=_several(manager, one, "deskside_web_modules", WebModule),
        texts=texts.load(package),
    )


def _several(
    manager: pluggy.PluginManager, one: Found, hook: str, kind: type[Declaration]
) -> tuple[Declaration, ...]:
    answer = _one_answer(manager, one, hook)
    if answer is None:
        return ()
    if not isinstance(answer, tuple) or not all(isinstance(item, kind) for item in answer):
        raise LoadError(f"{hook} must return a tuple of {kind.__name__}")
    return answer


def _one_answer(manager: pluggy.PluginManager, one: Found, hook: str) -> object:
    module = manager.get_plugin(one.name)
    others = [plugin for plugin in manager.get_plugins() if plugin is not module]
    for answer in collect(manager.subset_hook_caller(hook, others)):
        if isinstance(answer, Answer):
            return answer.value
        if isinstance(answer.error, DeclarationError):
            raise answer.error
        raise LoadError(f"{hook} failed: {answer.error}")
    return None
