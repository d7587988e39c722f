"""The core and the programs know no plugin: none of its names stands in their sources."""

import re
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from deskside import hookspecs
from deskside.catalogue import Declared
from deskside.declare import Side
from deskside.loader import PLUGIN_GROUP, Plugins, load

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for part in ("core", "hosts", "admin_web")
    for path in sorted((ROOT / part).glob("**/src/**/*"))
    if path.suffix in {".py", ".js", ".html", ".css", ".toml"}
]


def ours() -> Plugins:
    """Load every plugin of this repository."""
    folders = {path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml")}
    found = [one for one in distributions() if names_plugin(one.entry_points, folders)]
    return load(Side.VIEWER, lambda _: True, found)


def names_plugin(points: object, folders: set[str]) -> bool:
    return any(point.group == PLUGIN_GROUP and point.name in folders for point in points)  # type: ignore[attr-defined]


def names_of(one: Declared) -> Iterator[str]:
    """Yield whatever could only stand for this plugin."""
    name = one.info.name
    yield f"deskside_{name}"
    yield f"deskside-{name.replace('_', '-')}"
    yield from one.info.provides
    yield from (feature.key for feature in one.features)
    yield from (f"{name}.{channel.name}" for channel in one.channels)
    yield from one.texts.by_language["en"]


@pytest.mark.feature("FRM-01")
def test_nothing_of_any_plugin_is_named_by_core_programs_or_panel() -> None:
    plugins = ours()
    names = {name for one in plugins.catalogue.owners.values() for name in names_of(one)}

    assert not plugins.refused
    assert len(names) > 100
    assert len(SOURCES) > 150
    pattern = re.compile(r"[A-Za-z_][\w.-]*(?:/\d+)?")
    named = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in SOURCES
        for word in pattern.findall(path.read_text(encoding="utf-8"))
        if word in names or word.partition(".")[0] in names
    }
    assert not named


def test_no_hook_belongs_to_one_feature() -> None:
    hooks = {name for name in vars(hookspecs) if name.startswith("deskside_")}
    owners = ours().catalogue.owners

    assert hooks
    assert not [hook for hook in hooks for owner in owners if owner in hook]
