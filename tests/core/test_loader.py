"""Loading: what is not allowed is not imported, what is wrong is left out with its reason."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from deskside.api import Side
from deskside.loader import Plugins, load

PLUGIN = """
from deskside.api import (
    ChannelSpec, Ends, Feature, Length, Message, PluginInfo, Side, field, frozen, hookimpl
)

@frozen
class Wave(Message):
    text: str = field(validator=Length(20))

@hookimpl
def deskside_plugin():
    return PluginInfo(name="NAME", version="1.0")

@hookimpl
def deskside_features():
    return (Feature(key="NAME.wave"),)

@hookimpl
def deskside_channels():
    ends, owner = Ends.HOST_PAGE, Side.HOST
    return (ChannelSpec(name="waves", feature="NAME.wave", messages=(Wave,), ends=ends, owner=owner),)
"""

WRAPPER = """
from deskside.api import hookimpl

@hookimpl(wrapper=True)
def deskside_plugin():
    return (yield)
"""

Install = Callable[..., None]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def install(shelf: Path) -> Install:
    def make(
        name: str, source: str = PLUGIN, distribution: str = "", parts: tuple[str, ...] = ("plugin",)
    ) -> None:
        title = distribution or f"demo-{name}"
        package = f"{title.replace('-', '_')}_code"
        (shelf / package / "texts").mkdir(parents=True)
        (shelf / package / "__init__.py").write_text("")
        (shelf / package / "texts" / "en.toml").write_text(f'"{name}.wave.title" = "Wave"\n')
        for part in parts:
            (shelf / package / f"{part}.py").write_text(source.replace("NAME", name))
        info = shelf / f"{title.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: 1.0\n")
        lines = [f"[deskside.{part}]\n{name} = {package}.{part}\n" for part in parts]
        (info / "entry_points.txt").write_text("".join(lines))

    return make


def load_from(shelf: Path, allow: Callable[[str], bool] = lambda _: True, side: Side = Side.HOST) -> Plugins:
    return load(side, allow, distributions(path=[str(shelf)]))


def only_reason(plugins: Plugins) -> str:
    assert not plugins.loaded
    (refused,) = plugins.refused
    return refused.reason


def test_an_installed_plugin_appears_with_features_channels_and_texts(shelf: Path, install: Install) -> None:
    install("greet")

    plugins = load_from(shelf)

    assert [one.name for one in plugins.loaded] == ["greet"]
    assert list(plugins.catalogue.features) == ["greet.wave"]
    assert list(plugins.catalogue.channels) == ["greet.waves"]
    assert plugins.catalogue.texts().say("en", "greet.wave.title") == "Wave"


def test_removing_the_distribution_removes_the_plugin(shelf: Path, install: Install) -> None:
    install("greet")
    (shelf / "demo_greet-1.0.dist-info" / "entry_points.txt").unlink()

    assert not load_from(shelf).catalogue.features


def test_what_is_not_allowed_is_not_even_imported(shelf: Path, install: Install) -> None:
    install("greet", "raise SystemExit('imported')")

    plugins = load_from(shelf, allow=lambda distribution: distribution == "something-else")

    assert "allow-list" in only_reason(plugins)
    assert "demo_greet_code.plugin" not in sys.modules


def test_each_program_loads_only_its_own_part(shelf: Path, install: Install) -> None:
    install("greet", parts=("plugin", "host"))
    (shelf / "demo_greet_code" / "host.py").write_text("")

    load_from(shelf, side=Side.VIEWER)
    assert "demo_greet_code.host" not in sys.modules

    load_from(shelf, side=Side.HOST)
    assert "demo_greet_code.host" in sys.modules


def test_two_distributions_that_claim_one_name_are_both_refused(shelf: Path, install: Install) -> None:
    install("greet", distribution="first")
    install("greet", distribution="second")

    plugins = load_from(shelf)

    assert not plugins.loaded
    assert all("first, second" in one.reason for one in plugins.refused)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('at import')", "at import"),
        (PLUGIN + "\n@hookimpl\ndef deskside_fetaures():\n    return ()\n", "deskside_fetaures"),
        (PLUGIN + "\n@hookimpl\ndef deskside_web_modules(wrong):\n    return ()\n", "does not fit"),
        (PLUGIN.replace('name="NAME", version', 'name="other", version'), "named 'greet'"),
        (PLUGIN.replace('version="1.0"', 'version="1.0", api=(9, 0)'), "interface 9.0"),
        (PLUGIN.replace('version="1.0"', 'version="1.0", api=(0, 9)'), "interface 0.9"),
        (PLUGIN.replace('key="NAME.wave"', 'key="other.wave"'), "may not declare"),
        (PLUGIN.replace("field(validator=Length(20))", "''"), "needs a Length"),
        (PLUGIN.replace('(Feature(key="NAME.wave"),)', "7"), "tuple of Feature"),
        (PLUGIN.replace('return PluginInfo(name="NAME", version="1.0")', "1 / 0"), "division by zero"),
        (WRAPPER, "wrappers are not allowed"),
    ],
)
def test_a_plugin_that_cannot_be_used_is_left_out_and_the_rest_load(
    shelf: Path, install: Install, source: str, reason: str
) -> None:
    install("greet", source)
    install("fine")

    plugins = load_from(shelf)

    assert [one.name for one in plugins.loaded] == ["fine"]
    (refused,) = plugins.refused
    assert refused.name == "greet"
    assert reason in refused.reason


def test_a_part_without_its_plugin_file_is_refused(shelf: Path, install: Install) -> None:
    install("greet", parts=("host",))

    assert "no plugin.py" in only_reason(load_from(shelf))
