"""A feature is active only if everybody agrees; whoever does not is named at the greyed item."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import define
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from end_to_end.apart import Apart, apart, says
from end_to_end.panel import open_features, switch
from end_to_end.support import new_support
from end_to_end.window import Window
from live.shelf import Shelf
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

from deskside.licence import Licence, public, sign
from deskside_gateway import data

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
PLUGIN = """
    from deskside.api import ChannelSpec, Ends, Feature, Length, Message, PluginInfo, Side, WebModule
    from deskside.api import field, frozen, hookimpl

    @frozen
    class Mark(Message):
        text: str = field(validator=Length(20))

    @hookimpl
    def deskside_plugin():
        return PluginInfo(name="{name}", version="{version}")

    @hookimpl
    def deskside_features():
        return (Feature(key="{name}.use"),)

    @hookimpl
    def deskside_channels():
        home = {{"ends": Ends.HOST_PAGE, "owner": Side.HOST}}
        return (ChannelSpec(name="marks", feature="{name}.use", messages=(Mark,), **home),)

    @hookimpl
    def deskside_web_modules():
        return (WebModule(path="agent.js"),)
"""
HOST = """
    import os
    from pathlib import Path
    from deskside.api import Unavailable, hookimpl

    @hookimpl
    def deskside_probe(machine):
        cannot = Unavailable("{name}.use", "{name}.elsewhere")
        return (cannot,) if "{name}" == "impossible" and machine.system != "plan9" else ()

    @hookimpl
    async def deskside_run_session(session):
        (Path(os.environ["HOME"]) / "{name}.ran").touch()
        async with session.open("marks") as marks:
            async for received in marks:
                (Path(os.environ["HOME"]) / "{name}.marked").write_text(received.message.text)
"""
VIEWER = """
    import os
    from pathlib import Path
    from deskside.api import hookimpl

    @hookimpl
    async def deskside_run_session(session):
        (Path(os.environ["VIEWER_RAN"]) / "{name}.ran").touch()
"""
PAGE = """
export default function activate(ui) {
  const marks = ui.channel("marks");
  const press = () => marks.send("mark", { text: "pressed" });
  ui.toolbar.button({ menu: "tools", label: ui.text("item"), feature: "use", onPress: press });
}
"""
VERSIONS = {
    "agreed": "1.4",
    "absent": "2.0",
    "missing": "2.1",
    "unlicensed": "3.0",
    "forbidden": "4.0",
    "unwanted": "5.0",
    "impossible": "6.2",
}
REASONS = {
    "absent": "The customer's program does not have this feature.",
    "unlicensed": "Your company's licence does not",
    "forbidden": "Off for your group",
    "unwanted": "Switched off by yourself",
    "impossible": "This works on Plan 9 only.",
}


@define
class Sold:
    """A vendor's licence for one gateway, and what a customer's program must trust."""

    vendor: Ed25519PrivateKey
    licence: Path
    trust: Path

    @classmethod
    def make(cls, folder: Path, features: tuple[str, ...]) -> "Sold":
        """Sell these features to the gateway whose data will lie in `gateway`."""
        vendor, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
        own = data.secret(data.open_folder(folder / "gateway"), "signing")
        licence = Licence(
            id="L-1", company="Hanbit Demo", features=features, seats=5, starts=int(now.timestamp()) - 60,
            ends=int((now + timedelta(days=30)).timestamp()),
            gateway_key=public(Ed25519PrivateKey.from_private_bytes(own)),
        )  # fmt: skip
        made = cls(vendor, folder / "licence.txt", folder / "trust.toml")
        made.licence.write_text(sign(licence, vendor))
        made.trust.write_text(f'vendor_keys = ["{public(vendor)}"]\n')
        assert tomllib.loads(made.trust.read_text())
        return made


@define
class Place:
    """Both sides with almost the same plugins, and a licence for almost all of them."""

    site: Apart
    shelf: Shelf
    names: dict[str, str]
    sold: Sold
    folder: Path

    def window(self, screen: Hand, code: str) -> Window:
        """Start the customer's program, which lacks one of the plugins."""
        here = ",".join(one for name, one in self.names.items() if name != "absent")
        given = (code, "--gateway", self.site.address, "--trust", str(self.sold.trust), "--log-level", "info")
        environ = {"DESKSIDE_PLUGINS": here, "PYTHONPATH": self.shelf.path}
        return Window.open(screen, self.folder / "home", *given, **environ)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    shelf = Shelf(tmp_path / "shelf")
    names = {name: add(shelf, name, version) for name, version in VERSIONS.items()}
    sold = Sold.make(tmp_path, tuple(f"{name}.use" for name in VERSIONS if name != "unlicensed"))
    (tmp_path / "viewer-ran").mkdir()
    environ = {"PYTHONPATH": shelf.path, "VIEWER_RAN": str(tmp_path / "viewer-ran")}
    licensed = ("--licence", str(sold.licence), "--vendor-keys", public(sold.vendor))
    server = ",".join(one for name, one in names.items() if name != "missing")
    level = {"DESKSIDE_LOG_LEVEL": "info"}
    with apart(tmp_path, *licensed, plugins=server, **environ, **level) as site:
        yield Place(site, shelf, names, sold, tmp_path)


def add(shelf: Shelf, name: str, version: str) -> str:
    """Put one of the plugins on the shelf."""
    sources = {"plugin": PLUGIN, "host": HOST, "viewer": VIEWER}
    parts = {part: source.format(name=name, version=version) for part, source in sources.items()}
    texts = {
        f"{name}.title": name.capitalize(),
        f"{name}.use.title": f"Use {name}",
        f"{name}.item": f"Item {name}",
        f"{name}.elsewhere": "This works on Plan 9 only.",
    }
    distribution = shelf.add(name, parts, texts)
    web = shelf.folder / f"{name}_code" / "web"
    web.mkdir()
    (web / "agent.js").write_text(PAGE)
    return distribution


@pytest.mark.feature("FRM-04")
def test_a_feature_is_active_only_where_all_agree_and_each_greyed_item_says_who_does_not(
    place: Place, open_page: Callable[..., Page], artifacts: Path
) -> None:
    console, panel, own = open_page(), open_page(), open_page()
    switch_off(place, panel, own)
    place.site.sign_in(console)
    page, code = new_support(console)
    with Hand() as screen:
        window = place.window(screen, code)
        window.answer(yes=True)
        expect(page.locator("body")).to_have_attribute("data-screen", "active", timeout=WAIT_MS)

        page.get_by_role("button", name="Tools", exact=True).click()
        for name, reason in REASONS.items():
            item = page.get_by_role("menuitem", name=f"Item {name}")
            expect(item).to_have_attribute("aria-disabled", "true")
            expect(item).to_contain_text(reason)
            item.click(force=True)
        expect(page.get_by_role("menuitem", name="Item missing")).to_have_count(0)
        page.screenshot(path=artifacts / "gates.png")
        page.get_by_role("menuitem", name="Item agreed").click()
        marked = window.folder / "agreed.marked"
        wait_until(marked.exists, "the one that all agreed to, at the customer's", 20)

        assert marked.read_text() == "pressed"
        ran = {path.name for path in window.folder.glob("*.ran")} | {
            path.name for path in (place.folder / "viewer-ran").iterdir()
        }
        assert ran == {"agreed.ran"}
        assert not [path for path in window.folder.glob("*.marked") if path != marked]
        each_told_the_other(place, window)


def switch_off(place: Place, panel: Page, own: Page) -> None:
    """Let the group forbid one feature and leave another to its users, one of whom does not want it."""
    place.site.open_panel(panel)
    open_features(panel, "Use forbidden")
    switch(panel, "forbidden.use", "none").check(force=True)
    switch(panel, "unwanted.use", "user").check(force=True)
    panel.get_by_role("button", name="Save").first.click()
    place.site.open_panel(own, "account/features", "agent")
    own.locator('input[name="tick:unwanted.use"]').uncheck(force=True)
    own.get_by_role("button", name="Save").first.click()
    expect(own.locator('input[name="tick:unwanted.use"]')).not_to_be_checked()


def each_told_the_other(place: Place, window: Window) -> None:
    """Read in each side's log which plugins the other has, in which versions, and what it cannot do."""
    host = says(place.site.viewer, r"the other end is (.*)$")[1]
    log = window.folder / "customer.log"
    found = wait_until(lambda: re.search(r"the other end is (.*)", log.read_text()), "the viewer's hello", 20)
    viewer = found[1]
    for name, version in VERSIONS.items():
        assert (f"{name} {version}" in host) == (name != "absent")
        assert (f"{name} {version}" in viewer) == (name != "missing")
    assert "cannot do impossible.use" in host
