"""A plugin that had to be left out stays out of everything its process loads."""

import ast
from pathlib import Path

import pytest

from deskside.declare import Side
from deskside.loader import Plugins, allowed_by
from deskside.restarting import WITHOUT
from deskside_customer.command import _plugins as of_customer
from deskside_gateway.build import load_plugins as of_gateway
from deskside_viewer.app import load_plugins as of_viewer
from deskside_viewer.demo import DemoCustomer

ROOT = Path(__file__).resolve().parents[3]
NAMED = "deskside-chat,deskside-file-transfer"


async def _no(*_: object) -> object:
    raise AssertionError("nobody dials here")


def of_demo(allowed: str) -> Plugins:
    return DemoCustomer(_no, allowed_by(allowed))._plugins  # type: ignore[arg-type]


LOADERS = {
    "gateway": lambda: of_gateway(Side.GATEWAY, NAMED),
    "viewer": lambda: of_viewer(allowed_by(NAMED)),
    "demo customer": lambda: of_demo(NAMED),
    "customer": lambda: of_customer(NAMED),
}


@pytest.mark.parametrize("program", sorted(LOADERS))
def test_a_program_that_began_anew_without_a_plugin_does_not_load_it(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one.name for one in LOADERS[program]().loaded] == ["chat", "file_transfer"]

    monkeypatch.setenv(WITHOUT, "chat")
    plugins = LOADERS[program]()

    assert [one.name for one in plugins.loaded] == ["file_transfer"]
    assert not [key for key in plugins.catalogue.features if key.startswith("chat.")]
    assert "it had held this program up" in next(one.reason for one in plugins.refused if one.name == "chat")


def test_every_program_that_loads_plugins_says_which_stay_out() -> None:
    found = 0
    for path in (ROOT / "hosts").glob("*/src/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "deskside.loader"
            and any(one.name == "load" for one in node.names)
            for node in ast.walk(tree)
        )
        for node in ast.walk(tree) if imported else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "load":
                found += 1
                assert "without" in {one.arg for one in node.keywords}, f"{path.name}:{node.lineno}"
    assert found >= len(LOADERS)
