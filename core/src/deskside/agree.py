"""What both sides have in common: hello, versions, capabilities → agreement. Pure.

The hello of each side names its plugins with their channels' message types and what its machine
cannot do. Both sides compute the same agreement from the two, so nothing more is sent.
"""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from deskside.catalogue import Catalogue
from deskside.declare import Side
from deskside.grants import Gate, Refusal
from deskside.limits import Length, Range
from deskside.messages import Codec, Message

LONGEST_IN_WORDS = 2000
WIRE_VERSIONS = (1,)
"""Versions of the core wire this program speaks: the present one and the previous."""


@frozen
class TypeTold:
    """A message type: its name and how many fields its sender may give."""

    name: str = field(validator=Length(60, 1))
    fields: int = field(validator=Range(0, 40))


@frozen
class ChannelTold:
    """A channel and its message types, in order of their numbers."""

    name: str = field(validator=Length(90, 1))
    types: tuple[TypeTold, ...] = field(validator=Length(100, 1))


@frozen
class Unavailable:
    """A feature this machine cannot do, and the text key of the reason."""

    feature: str = field(validator=Length(90, 1))
    reason: str = field(validator=Length(90, 1))


@frozen
class PluginTold:
    """A plugin of one side."""

    name: str = field(validator=Length(40, 1))
    version: str = field(validator=Length(40, 1))
    features: tuple[str, ...] = field(validator=Length(100, each=Length(90, 1)))
    channels: tuple[ChannelTold, ...] = field(validator=Length(50))


@frozen
class Need:
    """A feature and a service without which it cannot work."""

    feature: str = field(validator=Length(90, 1))
    service: str = field(validator=Length(90, 1))
    side: Side
    """Whose machine the service belongs to, as far as is known here."""


@frozen
class Hello(Message):
    """The first message of each side."""

    wire_versions: tuple[int, ...] = field(validator=Length(8, 1))
    program: str = field(validator=Length(80))
    plugins: tuple[PluginTold, ...] = field(validator=Length(200))
    unavailable: tuple[Unavailable, ...] = field(default=(), validator=Length(1000))
    person: str = field(default="", validator=Length(80))
    """Who sits at this program, as he wants to be called; empty for the viewer."""
    system: str = field(default="", validator=Length(80))
    supplies: tuple[str, ...] = field(default=(), validator=Length(500, each=Length(90, 1)))
    """Services that somebody at this program answers for."""
    needs: tuple[Need, ...] = field(default=(), validator=Length(1000))


@frozen
class Agreement:
    """What the session can use."""

    wire_version: int
    channels: Mapping[str, int]
    """Full channel names and the numbers both sides use for them."""
    far_types: Mapping[str, tuple[tuple[str, int], ...]]
    incapable: Mapping[str, Refusal]
    """Features that one side lacks or its machine cannot do."""


def hello_of(catalogue: Catalogue, program: str, unavailable: Sequence[Unavailable] = ()) -> Hello:
    """Return what this program tells."""
    plugins = tuple(_told(catalogue, name) for name in sorted(catalogue.owners))
    return Hello(WIRE_VERSIONS, program, plugins, tuple(unavailable))


def in_words(hello: Hello) -> str:
    """Return who says hello, on one line for a log; nothing in it is taken for more than a text."""
    plugins = ", ".join(f"{one.name} {one.version}" for one in hello.plugins) or "no plugin"
    cannot = ", ".join(one.feature for one in hello.unavailable)
    said = f"{hello.program} with {plugins}" + (f"; its machine cannot do {cannot}" if cannot else "")
    return "".join(one if one.isprintable() else "?" for one in said[:LONGEST_IN_WORDS])


def agree(local: Hello, remote: Hello, side: Side) -> Agreement | Refusal:
    """Return what both sides share, or the refusal if they cannot speak at all."""
    common = set(local.wire_versions) & set(remote.wire_versions)
    if not common:
        reason = "refused.version.newer" if max(remote.wire_versions) > max(local.wire_versions) else ""
        return Refusal(Gate.CAPABILITY, reason or "refused.version.older", {"program": remote.program})
    ours, theirs = _channels(local), _channels(remote)
    names = sorted(set(ours) & set(theirs))
    return Agreement(
        max(common),
        {name: number for number, name in enumerate(names, start=1)},
        {name: theirs[name] for name in names},
        _incapable(local, remote, side),
    )


def unmet(hellos: Mapping[Side, Hello]) -> dict[str, Refusal]:
    """Return the features that need a service which the machine it belongs to does not supply."""
    needs = [need for hello in hellos.values() for need in hello.needs]
    of_viewer = {need.service for need in needs if need.side is Side.VIEWER}
    found: dict[str, Refusal] = {}
    for need in needs:
        side = Side.VIEWER if need.service in of_viewer else Side.HOST
        if side in hellos and need.service not in hellos[side].supplies:
            values = {"service": need.service}
            found[need.feature] = Refusal(Gate.CAPABILITY, f"refused.needs.{side}", values)
    return found


def _told(catalogue: Catalogue, name: str) -> PluginTold:
    one = catalogue.owners[name]
    channels = tuple(
        ChannelTold(f"{name}.{spec.name}", tuple(TypeTold(*told) for told in Codec.of(spec.messages).known()))
        for spec in one.channels
    )
    return PluginTold(name, one.info.version, tuple(feature.key for feature in one.features), channels)


def _channels(hello: Hello) -> dict[str, tuple[tuple[str, int], ...]]:
    return {
        channel.name: tuple((told.name, told.fields) for told in channel.types)
        for plugin in hello.plugins
        for channel in plugin.channels
    }


def _features(hello: Hello) -> set[str]:
    return {key for plugin in hello.plugins for key in plugin.features}


def _incapable(local: Hello, remote: Hello, side: Side) -> dict[str, Refusal]:
    far_side = Side.VIEWER if side is Side.HOST else Side.HOST
    found = unmet({side: local, far_side: remote})
    for key in sorted(_features(local) - _features(remote)):
        found[key] = Refusal(Gate.CAPABILITY, f"refused.absent.{far_side}")
    for key in sorted(_features(remote) - _features(local)):
        found[key] = Refusal(Gate.CAPABILITY, f"refused.absent.{side}")
    for hello in (local, remote):
        for one in hello.unavailable:
            found[one.feature] = Refusal(Gate.CAPABILITY, one.reason)
    return found
