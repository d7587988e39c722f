"""Qt parts of plugins: found by their distribution, asked in isolation."""

from importlib.metadata import EntryPoint
from typing import Any

import pluggy
import pytest

from deskside.catalogue import Catalogue, Declared
from deskside.declare import PluginInfo
from deskside.loader import Found, Plugins
from deskside.texts import Texts
from deskside_customer.qt.parts import GROUP, Parts, installed_part

INFO = PluginInfo(name="drawing", version="0.1.0", provides=("drawing.overlay/1",))


def parts(module: str) -> Parts:
    words = Texts({"en": {"drawing.title": "Drawing"}, "ko": {"drawing.title": "그리기"}})
    declared = Declared(info=INFO, texts=words)
    found = Found("drawing", "deskside-drawing", "0.1.0")
    plugins = Plugins(pluggy.PluginManager("deskside"), Catalogue.of((declared,)), (found,), ())
    return Parts(plugins, "ko", lambda one: EntryPoint(one.name, module, GROUP))


def test_a_part_supplies_its_object_with_the_customers_words() -> None:
    heard: list[Any] = []

    made = parts("hosts.customer.fake_qt").provide(
        "drawing.overlay/1", "drawing", lambda v: not heard.append(v)
    )
    assert made is not None
    made.target.draw("red")  # type: ignore[attr-defined]

    assert made.owner == "drawing"
    assert heard == ["ko red 그리기"]


@pytest.mark.parametrize(
    ("module", "service", "owner"),
    [
        ("hosts.customer.fake_qt", "drawing.other/1", "drawing"),
        ("hosts.customer.fake_qt", "drawing.overlay/1", "chat"),
        ("hosts.customer.fake_qt", "drawing.broken/1", ""),
        ("hosts.customer.no_such_module", "drawing.overlay/1", ""),
    ],
)
def test_what_is_not_there_or_broken_is_none(module: str, service: str, owner: str) -> None:
    assert parts(module).provide(service, owner, lambda value: True) is None


def test_only_the_plugins_own_distribution_can_bring_its_part() -> None:
    assert installed_part(Found("drawing", "somebody-elses", "1.0")) is None
