"""Everything that loaded plugins and programs declare, by key."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from deskside.declare import ChannelSpec, Feature, PluginInfo, WebModule
from deskside.errors import DeclarationError
from deskside.texts import Texts


@frozen(kw_only=True)
class Declared:
    """What one owner declares."""

    info: PluginInfo
    features: tuple[Feature, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    web_modules: tuple[WebModule, ...] = ()
    texts: Texts = field(factory=Texts)


@frozen
class Catalogue:
    """Look declarations up; built once at start, the same in every program."""

    owners: Mapping[str, Declared]
    features: Mapping[str, Feature]
    channels: Mapping[str, ChannelSpec]

    @classmethod
    def of(cls, declared: Iterable[Declared]) -> "Catalogue":
        """Check and join declarations.

        :raises DeclarationError: on a clash of names, or a key that is not the owner's
        """
        owners: dict[str, Declared] = {}
        features: dict[str, Feature] = {}
        channels: dict[str, ChannelSpec] = {}
        for one in sorted(declared, key=lambda item: item.info.name):
            name = one.info.name
            if name in owners:
                raise DeclarationError(f"two plugins claim the name '{name}'")
            owners[name] = one
            features.update(_features_of(one))
            channels.update(_channels_of(one))
        return cls(owners, features, channels)

    def texts(self) -> Texts:
        """Return the words of all owners."""
        found = Texts()
        for one in self.owners.values():
            found = found.with_more(one.texts)
        return found

    def features_of(self, owner: str) -> tuple[Feature, ...]:
        """Return one owner's features, in its order."""
        return self.owners[owner].features

    def channels_of(self, feature: str) -> tuple[str, ...]:
        """Return the full names of the channels that a feature opens."""
        return tuple(name for name, spec in self.channels.items() if spec.feature == feature)


def _features_of(one: Declared) -> dict[str, Feature]:
    found: dict[str, Feature] = {}
    for feature in one.features:
        if feature.owner != one.info.name:
            raise DeclarationError(f"'{one.info.name}' may not declare the feature '{feature.key}'")
        if feature.key in found:
            raise DeclarationError(f"the feature '{feature.key}' is declared twice")
        found[feature.key] = feature
    return found


def _channels_of(one: Declared) -> dict[str, ChannelSpec]:
    keys = {feature.key for feature in one.features}
    found: dict[str, ChannelSpec] = {}
    for spec in one.channels:
        name = f"{one.info.name}.{spec.name}"
        if spec.feature not in keys:
            raise DeclarationError(f"the channel '{name}' names '{spec.feature}', no feature of its plugin")
        if name in found:
            raise DeclarationError(f"the channel '{name}' is declared twice")
        found[name] = spec
    return found
