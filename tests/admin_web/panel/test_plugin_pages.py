"""Pages that plugins bring to the panel: behind its sign-in, for the readers they name, or not at all."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from admin_web.kit import Browser
from flask import Flask
from live.shelf import Shelf

from deskside.declare import Side
from deskside.loader import Plugins, load
from deskside_admin.model import User
from deskside_admin.panel import plugin_pages

PLUGIN = """
    from deskside.api import PluginInfo, hookimpl

    @hookimpl
    def deskside_plugin():
        return PluginInfo(name="{name}", version="1.0")
"""
PAGES = """
    from flask import Blueprint
    from deskside.api import PanelPages, Readers, hookimpl

    bp = Blueprint("{name}", __name__)

    @hookimpl
    def deskside_panel_pages(panel):
        @bp.get("/")
        def show():
            reader = panel.reader()
            return f"{{reader.name}} of {{reader.company}}: {{panel.text('home.title')}}"

        @bp.post("/")
        def keep():
            return "kept"

        return PanelPages(title="Book", blueprint=bp, readers=Readers.{readers})
"""
BROKEN = {
    "raises": "raise RuntimeError('on purpose')",
    "returns_text": "return 'a page'",
    "has_no_blueprint": "return PanelPages(title='Book', blueprint='a page')",
}
HOOK = """
    from deskside.api import PanelPages, hookimpl

    @hookimpl
    def deskside_panel_pages(panel):
        {deed}
"""
Bring = Callable[..., Plugins]


@pytest.fixture
def bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bring]:
    """Return a function that installs a plugin with this part for the panel, and loads it."""
    shelf, before = Shelf(tmp_path / "shelf"), set(sys.modules)

    def bring(name: str, part: str) -> Plugins:
        shelf.add(name, {"plugin": PLUGIN.format(name=name), "admin": part})
        monkeypatch.syspath_prepend(str(shelf.folder))
        return load(Side.ADMIN, lambda _: True, distributions(path=[str(shelf.folder)]))

    yield bring
    for name in set(sys.modules) - before:
        if "_code" in name:
            del sys.modules[name]


def test_a_page_is_behind_the_sign_in_and_knows_who_reads(
    panel: Flask, browser: Browser, admin: User, bring: Bring
) -> None:
    plugin_pages.install(panel, bring("book", PAGES.format(name="book", readers="MANAGERS")))

    assert "/sign-in" in (browser.get("/plugins/book/").location or "")

    browser.sign_in("kim")
    assert browser.get("/plugins/book/").get_data(as_text=True) == "Kim of Hanbit: Home"
    assert browser.client.post("/plugins/book/").status_code == 400, "a form needs the panel's token"


@pytest.mark.parametrize(("readers", "status"), [("MANAGERS", 403), ("LEADERS", 403), ("EVERYBODY", 200)])
def test_an_agent_opens_and_finds_only_what_is_for_everybody(
    panel: Flask, browser: Browser, agent: User, bring: Bring, readers: str, status: int
) -> None:
    name = f"book_{readers.lower()}"
    plugin_pages.install(panel, bring(name, PAGES.format(name=name, readers=readers)))
    browser.sign_in("lee")

    home = browser.get("/").get_data(as_text=True)

    assert browser.get(f"/plugins/{name}/").status_code == status
    assert (f'href="/plugins/{name}/"' in home) == (status == 200)


@pytest.mark.parametrize("deed", BROKEN)
def test_a_plugin_whose_pages_are_none_is_named_and_the_panel_goes_on(
    panel: Flask, browser: Browser, admin: User, bring: Bring, deed: str, caplog: pytest.LogCaptureFixture
) -> None:
    plugin_pages.install(panel, bring(deed, HOOK.format(deed=BROKEN[deed])))

    browser.sign_in("kim")

    assert browser.get("/").status_code == 200
    assert browser.get(f"/plugins/{deed}/").status_code == 404
    assert deed in caplog.text
