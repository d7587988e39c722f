"""A plugin of somebody else, with a part for every program, put beside the product and allowed by name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from attrs import define
from end_to_end.apart import Apart, apart
from end_to_end.panel import locks, open_features, switch, unfold
from end_to_end.support import new_support
from end_to_end.window import Window
from live.shelf import Shelf
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
SHOWN = "Wave a hand"
PARTS = ["plugin", "host", "qt", "viewer", "gateway", "admin"]
Open = Callable[..., Page]


@define
class Place:
    """Programs of three machines with the plugin installed on each."""

    site: Apart
    shelf: Shelf
    plugins: str
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """Return what every program is started with."""
        return {"PYTHONPATH": self.shelf.path, "GREETER_LOG": str(self.folder / "imported.log")}

    def window(self, screen: Hand, code: str) -> Window:
        """Start the customer's program."""
        given = (code, "--gateway", self.site.address, "--name", "Kim Minji")
        home = self.folder / "home"
        return Window.open(screen, home, *given, DESKSIDE_PLUGINS=self.plugins, **self.environ)

    def imported(self, pid: int) -> set[str]:
        """Return which parts of the plugin a process has imported."""
        lines = (line.split() for line in (self.folder / "imported.log").read_text().splitlines())
        return {part for who, part in lines if int(who) == pid}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    shelf = Shelf(tmp_path / "shelf")
    name = shelf.announce("greeter", PARTS)
    environ = {"PYTHONPATH": shelf.path, "GREETER_LOG": str(tmp_path / "imported.log")}
    with apart(tmp_path, plugins=name, hosted=True, **environ) as site:
        yield Place(site, shelf, name, tmp_path)


@pytest.mark.feature("FRM-03")
def test_each_program_imports_its_own_parts_of_a_plugin_and_runs_them(
    place: Place, open_page: Open, artifacts: Path
) -> None:
    console, guest, panel = open_page(), open_page(), open_page()
    place.site.sign_in(console)
    page, code = new_support(console)
    with Hand() as screen:
        window = place.window(screen, code)
        window.answer(yes=True)
        chat, guests_code = new_support(console, "Chat only")
        come_as_customer(guest, place.site, guests_code)

        window.says("A card from the greeter")
        expect(page.locator(".status-item", has_text="7 plain Good day")).to_be_visible(timeout=WAIT_MS)
        expect(guest.get_by_text("The greeter says hello to the customer")).to_be_visible(timeout=WAIT_MS)
        expect(chat.get_by_text("The greeter says hello to the customer")).to_have_count(0)
        expect(console.get_by_role("region", name="Greetings today")).to_contain_text(
            "Nobody has greeted yet."
        )
        console.screenshot(path=artifacts / "plugin-console.png")
        hello = httpx.get(f"{place.site.address}/plugin/greeter/hello", params={"name": "Min"})
        assert hello.text == "Greetings, Min."
        place.site.open_panel(panel, "plugins/greeter/")
        expect(panel.get_by_role("heading", name="Greeting book")).to_be_visible()

        gateway, viewer = place.site.gateway.process, place.site.viewer.process
        assert gateway is not None
        assert viewer is not None
        assert place.imported(gateway.pid) == {"plugin", "gateway", "admin"}
        assert place.imported(viewer.pid) == {"plugin", "viewer"}
        assert place.imported(window.program.pid) == {"plugin", "host", "qt"}


@pytest.mark.feature("FRM-08")
def test_a_third_partys_plugin_adds_to_menu_window_questions_options_history_and_panel(
    place: Place, open_page: Open, artifacts: Path
) -> None:
    console, panel = open_page(), open_page()
    place.site.open_panel(panel, "plugins/greeter/")
    its_own_page_of_the_panel(panel, artifacts)
    its_rows_among_the_options(panel)
    place.site.sign_in(console)
    page, code = new_support(console)
    with Hand() as screen:
        window = place.window(screen, code)
        window.answer(yes=True)
        window.says("Greetings are loud.")

        page.get_by_role("button", name="Wave", exact=True).hover()
        expect(page.get_by_role("tooltip")).to_contain_text("Ctrl+Alt+G", timeout=WAIT_MS)
        page.keyboard.press("Control+Alt+g")
        window.says(r"Lee Jun \(.+\) asks to:\nWave at you")
        screen.save(artifacts / "plugin-question.png")
        window.answer(yes=True)

        waved = window.folder / "waves.log"
        wait_until(waved.exists, "the wave on the customer's machine", 20)
        assert waved.read_text() == "Lee Jun: good morning 3 loud Good day\n"
        window.says("waves at you")
        screen.save(artifacts / "plugin-window.png")
        window.click("press greeter:greeter.button")
        expect(page.get_by_text("The customer waved back: 1")).to_be_visible(timeout=WAIT_MS)
        page.screenshot(path=artifacts / "plugin-page.png")
        window.click("stop greeter.wave")
        wait_until(lambda: "waves at you" not in window.words(), "its line to be gone", 20)
    told = its_events_in_the_history(panel, place.site.address)
    assert "The customer agreed to “Wave a hand”." in told
    assert "The agent waved: “good morning”. · Greeting" in told
    assert "The customer waved back (1). · Greeting" in told


@pytest.mark.feature("FRM-10")
def test_options_are_drawn_checked_stored_and_in_force_on_both_sides_as_the_plugin_declares_them(
    place: Place, open_page: Open, artifacts: Path
) -> None:
    console, panel, own = open_page(), open_page(), open_page()
    place.site.open_panel(panel)
    open_features(panel, SHOWN)
    rows_are_drawn_as_declared(panel, artifacts)
    what_is_not_allowed_is_refused_and_not_kept(panel)
    panel.get_by_label("Most waves").fill("4")
    panel.get_by_label("Motto").fill("Hello 안녕")
    locks(panel, "greeter.wave.motto").check()
    switch(panel, "greeter.nod", "none").check(force=True)
    panel.get_by_role("button", name="Save").first.click()
    place.site.open_panel(own, "account/features", "agent")
    unfold(own)
    expect(own.get_by_label("Motto")).to_be_disabled()
    own.get_by_label("Style").select_option(label="With noise")
    own.get_by_role("button", name="Save").first.click()

    place.site.sign_in(console)
    page, code = new_support(console)
    with Hand() as screen:
        window = place.window(screen, code)
        window.answer(yes=True)
        in_the_viewer = page.locator(".status-item", has_text="4 loud Hello 안녕")
        expect(in_the_viewer).to_be_visible(timeout=WAIT_MS)
        expect(page.locator(".status-item", has_text="Nodding: on")).to_be_visible()
        page.keyboard.press("Control+Alt+g")
        window.says("Wave at you")
        window.answer(yes=True)
        waved = window.folder / "waves.log"
        wait_until(waved.exists, "the wave on the customer's machine", 20)
        assert waved.read_text() == "Lee Jun: good morning 4 loud Hello 안녕\n"
    chat, guests_code = new_support(console, "Chat only")
    come_as_customer(open_page(), place.site, guests_code)
    expect(chat.locator(".status-item", has_text="Nodding: refused")).to_be_visible(timeout=WAIT_MS)


def rows_are_drawn_as_declared(panel: Page, artifacts: Path) -> None:
    """Look at kind, limits, default, scope and kinds of support of each row."""
    most = panel.get_by_label("Most waves")
    assert [most.get_attribute(name) for name in ("type", "min", "max")] == ["number", "1", "9"]
    expect(most).to_have_value("7")
    style = panel.get_by_label("Style")
    assert style.locator("option").all_inner_texts() == ["Quiet", "With noise"]
    expect(style).to_have_value("plain")
    motto = panel.get_by_label("Motto")
    assert motto.get_attribute("maxlength") == "20"
    expect(motto).to_have_value("Good day")
    expect(switch(panel, "greeter.wave", "user")).to_have_count(1)
    expect(switch(panel, "greeter.nod", "all")).to_be_checked()
    expect(switch(panel, "greeter.nod", "user")).to_have_count(0)
    marks = panel.locator(".feature", has=switch(panel, "greeter.nod", "all")).get_by_role("list")
    assert marks.all_inner_texts() == ["Browser chat"]
    panel.screenshot(path=artifacts / "plugin-options.png", full_page=True)


def what_is_not_allowed_is_refused_and_not_kept(panel: Page) -> None:
    """Send values that the browser's own checks would hold back."""
    panel.evaluate("for (const form of document.forms) form.noValidate = true")
    panel.get_by_label("Most waves").fill("10")
    panel.evaluate("document.querySelector('option[value=loud]').value = 'shrill'")
    panel.get_by_label("Style").select_option(value="shrill")
    panel.get_by_role("button", name="Save").first.click()
    for label in ("Most waves", "Style"):
        expect(panel.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    open_features(panel, SHOWN)
    expect(panel.get_by_label("Most waves")).to_have_value("7")
    expect(panel.get_by_label("Style")).to_have_value("plain")


def its_own_page_of_the_panel(panel: Page, artifacts: Path) -> None:
    """Use the page it brings, in the panel's frame and from the panel's menu."""
    panel.get_by_role("navigation").get_by_role("link", name="Greeting book").click()
    expect(panel.get_by_role("heading", name="Greeting book")).to_be_visible()
    assert "Kept for" in panel.locator("main").inner_text()
    panel.get_by_label("A new greeting").fill("Annyeong <b>")
    panel.get_by_role("button", name="Add it").click()
    expect(panel.get_by_role("listitem").filter(has_text="Annyeong <b>")).to_be_visible()
    panel.screenshot(path=artifacts / "plugin-panel.png")


def its_rows_among_the_options(panel: Page) -> None:
    """Set two of its options where administrators set all of them."""
    open_features(panel, SHOWN)
    panel.get_by_label("Most waves").fill("3")
    panel.get_by_label("Style").select_option(label="With noise")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_label("Most waves")).to_have_value("3")


def its_events_in_the_history(panel: Page, address: str) -> str:
    """Return what the history tells of the support, once all of it has come."""
    panel.goto(f"{address}/admin/history/")
    panel.locator("main a", has_text="S-20").first.click()

    def told() -> str:
        panel.reload()
        return str(panel.locator("main").inner_text())

    wait_until(lambda: "waved back" in told(), "the events", 20)
    return told()


def come_as_customer(page: Page, site: Apart, code: str) -> None:
    """Come to the support with nothing but a browser."""
    page.goto(site.address)
    page.get_by_role("textbox").first.fill(code)
    page.locator("#go").click()
    page.locator("#name").fill("Park")
    page.locator("#chat").click()
