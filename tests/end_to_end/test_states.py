"""Where a support is, looked at on every side: agent, customer, gateway and panel."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define
from end_to_end.gate import Gate, gate
from end_to_end.office import history_of, read, to_panel
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.window import Window
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

from deskside.pairing import Code

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 40_000
WAIT_S = 40


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    demo = Demo.start(data)
    yield demo
    demo.stop()


@pytest.fixture
def closed_gate(demo: Demo) -> Iterator[Gate]:
    with gate(int(demo.address.rpartition(":")[2])) as one:
        yield one


@define
class Sides:
    """Everybody but the customer."""

    demo: Demo
    data: Path
    agent: Page
    panel: Page

    @property
    def session(self) -> str:
        return self.agent.url.rpartition("/")[2]

    def all_say(self, page: str, row: tuple[str, str], panel: str) -> None:
        """Wait until the agent's page, the gateway's row and the panel name this state."""
        expect(self.agent.locator(".bar .dot")).to_have_attribute("title", page, timeout=WAIT_MS)
        query = "SELECT state, reason FROM support_session WHERE id = ?"
        wait_until(lambda: read(self.data, query, self.session) == [row], f"the gateway's row: {row}", WAIT_S)
        chip = re.compile(rf"^S-\d+-\d+\s+{panel}\s", re.MULTILINE)
        wait_until(lambda: chip.search(self.told()), f"{panel} in the panel", WAIT_S)

    def told(self) -> str:
        """Return what the panel's history says."""
        return history_of(self.panel, self.demo, self.session)


def come_to_the_page(customer: Page, address: str, code: str) -> None:
    customer.goto(address)
    customer.locator("#number").fill(code)
    customer.locator("#go").click()


@pytest.mark.feature("CON-01")
@pytest.mark.feature("CON-14")
def test_the_five_steps_of_a_support_are_seen_by_both(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    console, panel, customer = open_page(), open_page(), open_page()

    console.goto(f"{demo.address}/console")
    expect(console.get_by_role("heading", name="Sign in to your console")).to_be_visible()
    come_to_the_page(customer, demo.address, Code.make("0000").digits())
    expect(customer.get_by_text("Nobody waits under this number")).to_be_visible(timeout=WAIT_MS)
    sign_in(console, demo)
    expect(console.get_by_text("Lee Jun")).to_be_visible()
    expect(console.get_by_text("No support is running")).to_be_visible()
    assert read(data, "SELECT id FROM support_session") == []

    to_panel(panel, demo)
    page, code = new_support(console)
    sides = Sides(demo, data, page, panel)
    sides.all_say("waiting", ("waiting", ""), "Waiting")

    expect(page.get_by_text(demo.address.partition("//")[2]).first).to_be_visible()
    come_to_the_page(customer, demo.address, code)
    expect(customer.get_by_text("This person wants to help you")).to_be_visible(timeout=WAIT_MS)
    expect(customer.get_by_role("heading", name="Lee Jun")).to_be_visible()
    sides.all_say("customer on the page", ("waiting", "waiting.on_page"), "Customer on the page")
    with_what = re.compile(r"The customer has opened the page with Chrome \d+, Linux\.")
    expect(page.get_by_text(with_what)).to_be_visible()

    with Hand() as screen:
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, tmp_path / "home", code, "--gateway", demo.address, **given)
        window.answer(yes=True)
        window.says("Remote support in progress")
        window.says(r"Lee Jun \(.+\) helps you")
        sides.all_say("connected", ("active", ""), "Running")

        window.click("close")
        window.click("end")
        window.says("Remote support has ended")
        sides.all_say("ended", ("ended", "ended.customer"), "Ended")
        expect(page.get_by_text("Support ended")).to_be_visible()


@pytest.mark.feature("SES-01")
def test_every_change_of_state_reaches_page_program_gateway_and_panel(
    demo: Demo, data: Path, closed_gate: Gate, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console, panel, customer = open_page(), open_page(), open_page()
    sign_in(console, demo)
    to_panel(panel, demo)
    page, code = new_support(console)
    sides = Sides(demo, data, page, panel)
    sides.all_say("waiting", ("waiting", ""), "Waiting")

    come_to_the_page(customer, demo.address, code)
    expect(customer.get_by_role("heading", name="Lee Jun")).to_be_visible(timeout=WAIT_MS)
    sides.all_say("customer on the page", ("waiting", "waiting.on_page"), "Customer on the page")
    page.screenshot(path=artifacts / "state-on-page.png")

    with Hand() as screen:
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, tmp_path / "home", code, "--gateway", closed_gate.address, **given)
        window.says("Connecting\n(.*\n)*Setting up a protected line")
        sides.all_say("program is starting", ("waiting", "waiting.loading"), "Program starting")
        page.screenshot(path=artifacts / "state-loading.png")

        closed_gate.relay_open.set()
        sides.all_say("connecting", ("connecting", ""), "Connecting")
        assert not window.has("yes"), "nothing is asked before the line is sealed"

        closed_gate.answers_open.set()
        window.says(r"Lee Jun \(.+\) asks to:\nHelp you on this computer\nSee your screen")
        sides.all_say("asking the customer", ("agreeing", ""), "Starting")

        window.answer(yes=True)
        window.says("sees your screen")
        sides.all_say("connected", ("active", ""), "Running")

        window.click("stop screen.view")
        window.says("sees your screen · paused")
        sides.all_say("paused by the customer", ("active", "active.paused"), "Paused")
        page.screenshot(path=artifacts / "state-paused.png")
        panel.screenshot(path=artifacts / "state-paused-panel.png")
        window.click("stop screen.view")
        sides.all_say("connected", ("active", ""), "Running")

        closed_gate.cut()
        window.says("Connection lost. Trying again")
        sides.all_say("connection lost", ("suspended", "session.lost"), "Line lost")
        closed_gate.open()
        wait_until(lambda: "Connection lost" not in window.words(), "the line back", WAIT_S)
        sides.all_say("connected", ("active", ""), "Running")

        page.get_by_role("button", name="End", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="End").click()
        window.says("has ended")
        sides.all_say("ended", ("ended", "ended.agent"), "Ended")

    told = re.findall("State: (.+)|(The support .+)", sides.told())
    panel.screenshot(path=artifacts / "state-history.png", full_page=True)
    assert [one or other for one, other in told] == [
        "Customer on the page", "Program starting", "Connecting", "Starting", "The support began.",
        "Paused", "Running", "Line lost", "Running", "The support ended.",
    ]  # fmt: skip
