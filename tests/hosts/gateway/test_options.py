"""What is declared agrees with the list of options that the product is to have."""

from pathlib import Path

import pytest
from attrs import frozen

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy, Side
from deskside.options import Choice, List, Number, Option
from deskside_gateway.build import load_plugins

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ",".join(f"deskside-{path.parent.name}" for path in (ROOT / "plugins").glob("*/pyproject.toml"))


@frozen
class Listed:
    """One line of the list."""

    name: str
    tab: str
    scope: str
    kind: str
    default: str
    values: tuple[str, ...]
    kinds: frozenset[str]

    @classmethod
    def all(cls) -> dict[str, "Listed"]:
        """Read the list."""
        lines = Path(__file__).with_name("options.txt").read_text().splitlines()
        cells = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
        return {
            number: cls(*plain, values=_parts(values), kinds=frozenset(_parts(kinds)))
            for number, *plain, values, kinds in cells
        }


def _parts(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split())


LISTED = Listed.all()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_plugins(Side.GATEWAY, PLUGINS).catalogue


def sourced(catalogue: Catalogue) -> list[Feature]:
    return [feature for feature in catalogue.features.values() if feature.source]


def switched_enum(feature: Feature, listed: Listed) -> bool:
    """Tell whether a list of values that begins with "off" is declared as a switch with the other values."""
    options = [option for option in feature.options if isinstance(option, Choice)]
    return listed.kind == "enum" and listed.values == ("off", *options[0].values)


def default_of(feature: Feature) -> str:
    return "off" if feature.policy is Policy.NONE else "on"


def test_the_list_holds_all_143_options() -> None:
    assert list(LISTED) == [f"O-{number:03}" for number in range(1, 144)]


def test_many_options_are_declared_and_each_names_one_of_the_list(catalogue: Catalogue) -> None:
    named = {feature.source for feature in sourced(catalogue)} | {
        option.source
        for feature in catalogue.features.values()
        for option in feature.options
        if option.source
    }

    assert named <= set(LISTED)
    some = {"O-001", "O-010", "O-015", "O-075", "O-085", "O-086", "O-095", "O-096", "O-126"}
    assert some | {"O-090", "O-111", "O-112", "O-113"} <= named


def test_every_switch_has_the_tab_scope_default_and_kinds_of_the_list(catalogue: Catalogue) -> None:
    for feature in sourced(catalogue):
        listed = LISTED[feature.source]
        told = (feature.scope.value, default_of(feature))

        assert listed.kind == "bool" or switched_enum(feature, listed), feature.key
        assert told == (listed.scope, listed.default), feature.key
        assert listed.tab in (feature.tab.value, "-"), feature.key
        # A kind that the switch does not rule must not be left without the switch that the list wants.
        assert not feature.kinds or listed.kinds <= set(feature.kinds), feature.key


def test_every_value_has_the_values_and_the_default_of_the_list(catalogue: Catalogue) -> None:
    for feature in catalogue.features.values():
        for option in feature.options:
            if option.source:
                check_value(option, LISTED[option.source])
                assert LISTED[option.source].scope == feature.scope.value


def check_value(option: Option, listed: Listed) -> None:
    match option:
        case Choice():
            assert (listed.kind, option.values, option.default) == ("enum", listed.values, listed.default)
        case Number() if listed.kind == "numbers":
            assert (option.key, option.default) in (("width", 800), ("height", 600))
        case Number():
            limits = (str(option.minimum), str(option.maximum))
            assert (listed.kind, limits, str(option.default)) == ("number", listed.values, listed.default)
        case List():
            assert (listed.kind, option.default) == ("list", [])
        case _:
            assert (listed.kind, option.default) == ("text", "")
