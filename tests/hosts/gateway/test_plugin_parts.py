"""What plugins bring to the gateway: routes under their own name, and nothing that is none."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path

import httpx
import pytest
from live.shelf import Shelf
from starlette.applications import Starlette

from deskside.declare import Side
from deskside.loader import Plugins, load
from deskside_gateway.plugin_parts import for_panel, routes_of

PLUGIN = """
    from deskside.api import PluginInfo, hookimpl

    @hookimpl
    def deskside_plugin():
        return PluginInfo(name="{name}", version="1.0")
"""
ROUTES = """
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from deskside.api import hookimpl

    @hookimpl
    def deskside_routes(gateway):
        {deed}

    async def answer(request):
        return PlainTextResponse("good day")
"""
DEEDS = {
    "answers": "return (Route('/day', answer),)",
    "raises": "raise RuntimeError('on purpose')",
    "gives_text": "return ('/day',)",
}
Bring = Callable[[str, str, str], Plugins]


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bring]:
    """Return a function that installs one more plugin with this part, and loads all for the gateway."""
    shelf, before = Shelf(tmp_path / "shelf"), set(sys.modules)

    def bring(name: str, part: str, source: str) -> Plugins:
        shelf.add(name, {"plugin": PLUGIN.format(name=name), part: source})
        monkeypatch.syspath_prepend(str(shelf.folder))
        return load(Side.GATEWAY, lambda _: True, distributions(path=[str(shelf.folder)]))

    yield bring
    for name in set(sys.modules) - before:
        if "_code" in name:
            del sys.modules[name]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_routes_stand_under_their_plugins_name_and_what_is_none_is_left_out(
    bring: Bring, caplog: pytest.LogCaptureFixture
) -> None:
    for name, deed in DEEDS.items():
        plugins = bring(name, "gateway", ROUTES.format(deed=deed))

    app = httpx.ASGITransport(Starlette(routes=routes_of(plugins, "https://help.test")))

    async with httpx.AsyncClient(transport=app, base_url="https://help.test") as client:
        assert (await client.get("/plugin/answers/day")).text == "good day"
        for name in ("raises", "gives_text"):
            assert (await client.get(f"/plugin/{name}/day")).status_code == 404
            assert name in caplog.text


def test_a_part_for_the_panel_that_cannot_be_imported_is_named_and_the_gateway_keeps_the_rest(
    bring: Bring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = bring("torn", "admin", "raise RuntimeError('on purpose')")
    assert not known.refused

    for_panel(lambda one: one == "test-torn", known)

    assert "plugin torn of test-torn: no pages" in caplog.text
