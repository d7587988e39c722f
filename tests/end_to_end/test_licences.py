"""Must show: a vendor's Standard and Professional licence; what is outside the tier is refused everywhere."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from attrs import define
from end_to_end.support import PLUGINS, Demo, new_support
from end_to_end.window import Window
from playwright.sync_api import Locator, Page, expect
from screens import Hand, wait_until

from programs import DESKSIDE, clean_environment, read_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 60_000
LIAR = Path(__file__).with_name("lying_viewer.py")
NOT_SOLD = "Your licence (Standard, from Acme) does not contain this. Ask your provider."
TIERS = """
vendor = "Acme"

[tiers.standard]
title = "Standard"
features = ["screen.view", "control.take", "control.mouse", "control.keyboard", "chat.text"]

[tiers.professional]
title = "Professional"
contains = ["standard"]
features = ["drawing.board", "drawing.draw"]

[extras.drawing]
title = "Drawing"
features = ["drawing.board", "drawing.draw"]
"""


@define
class Vendor:
    """Somebody at a console of his own, who sells licences."""

    folder: Path
    public_key: str = ""

    def __attrs_post_init__(self) -> None:
        self.folder.mkdir()
        self.public_key = self.run("keygen", "acme.key").split()[-1]
        (self.folder / "tiers.toml").write_text(TIERS)

    def run(self, *arguments: str) -> str:
        command = [str(DESKSIDE), "licence", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def issue(self, tier: str, server_key: str, *extras: str) -> Path:
        """Issue a licence and return its file."""
        file = f"{'-'.join((tier, *extras))}.licence"
        files = ("--key", "acme.key", "--tiers", "tiers.toml", "--out", file)
        sold = ("--tier", tier, "--company", "Hanbit Demo", "--server-key", server_key, "--seats", "5")
        beside = [word for name in extras for word in ("--extra", name)]
        self.run("issue", *files, *sold, *beside, "--concurrent")
        return self.folder / file

    def trust(self) -> Path:
        """Return the file that makes a customer program trust this vendor and nobody else."""
        path = self.folder / "trust.toml"
        path.write_text(f'vendor_keys = ["{self.public_key}"]\ntrial = false\n')
        return path


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


@pytest.fixture
def vendor(tmp_path: Path) -> Vendor:
    return Vendor(tmp_path / "vendor")


def to_panel(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/admin/")
    page.get_by_label("Login name").fill("admin")
    page.get_by_label("Password").fill(demo.passwords["admin"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Groups").first.wait_for()


def to_console(page: Page, demo: Demo, address: str = "") -> None:
    page.goto(f"{address or demo.address}/console")
    page.fill("#login_name", "agent")
    page.fill("#password", demo.passwords["agent"])
    page.click("button[type=submit]")
    page.get_by_text("New support").first.wait_for()


def trust_and_buy(panel: Page, demo: Demo, vendor: Vendor) -> dict[str, Path]:
    """Type the vendor's key in, tell him the server's, and get both licences from him."""
    panel.goto(f"{demo.address}/admin/server/vendors")
    panel.locator("#name").fill("Acme")
    panel.locator("#public_key").fill(vendor.public_key)
    panel.get_by_role("button", name="Trust this vendor").click()
    panel.get_by_text("Acme is trusted from now on.").wait_for()
    panel.get_by_role("link", name="Licences").click()
    server_key = panel.locator("#server-key").inner_text()
    found = {tier: vendor.issue(tier, server_key) for tier in ("standard", "professional")}
    return {**found, "with drawing": vendor.issue("standard", server_key, "drawing")}


def install(panel: Page, demo: Demo, licence: Path, *, smaller: bool = False) -> None:
    """Install a licence for the demo company, as the operator does."""
    panel.goto(f"{demo.address}/admin/server/")
    panel.locator("main table").get_by_role("link", name="Hanbit Demo").click()
    panel.locator("#file").set_input_files(licence)
    panel.get_by_role("button", name="Install a licence").click()
    if smaller:
        panel.get_by_text(re.compile("Features that go: .*Agent draws")).wait_for()
        panel.get_by_role("button", name="Replace it").click()
    panel.get_by_text("The licence is in force.").wait_for()


def draw_button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^(Draw|Stop drawing)$")).first


def draw(support: Page) -> None:
    """Draw a line across the upper left of the customer's screen."""
    box = support.locator("canvas.picture").first.bounding_box()
    assert box is not None
    support.mouse.move(box["x"] + 60, box["y"] + 60)
    support.mouse.down()
    for step in range(20):
        support.mouse.move(box["x"] + 60 + step * 10, box["y"] + 60 + step * 4)
    support.mouse.up()


def drawn_on(customer: Window) -> np.ndarray:
    """Return the part of his screen that the line goes through; the notice window is elsewhere."""
    return customer.screen.grab()[:400, :500].copy()


def of_group(panel: Page, demo: Demo) -> Locator:
    """Return where the group's form shows drawing."""
    panel.goto(f"{demo.address}/admin/groups/")
    panel.locator("main table a", has_text="Support").first.click()
    panel.goto(f"{panel.url.partition('?')[0]}?q=draw")
    return panel.locator('[id="drawing.draw"]')


@contextmanager
def helped(demo: Demo, vendor: Vendor, console: Page, home: Path) -> Iterator[tuple[Page, Window]]:
    """Begin a support with a customer whose program trusts the vendor only."""
    support, code = new_support(console)
    trust = str(vendor.trust())
    with Hand() as screen:
        customer = Window.open(
            screen, home, code, "--gateway", demo.address, "--trust", trust, DESKSIDE_PLUGINS=PLUGINS
        )
        customer.answer(yes=True)
        support.locator("canvas.picture").first.wait_for(timeout=WAIT_MS)
        yield support, customer
        customer.program.terminate()
        customer.program.wait(20)


@pytest.mark.feature("LIC-03")
@pytest.mark.feature("OPT-04")
@pytest.mark.feature("FRM-06")
def test_a_company_switches_between_two_editions_of_a_vendor(
    demo: Demo, vendor: Vendor, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    panel = open_page(viewport={"width": 1280, "height": 900})
    to_panel(panel, demo)
    licences = trust_and_buy(panel, demo, vendor)
    install(panel, demo, licences["standard"])
    console = open_page(viewport={"width": 1280, "height": 900})
    to_console(console, demo)

    with helped(demo, vendor, console, tmp_path / "first") as (support, customer):
        expect(draw_button(support)).to_have_attribute("aria-disabled", "true", timeout=WAIT_MS)
        draw_button(support).click(force=True)
        support.get_by_text(NOT_SOLD).first.wait_for()
        support.screenshot(path=artifacts / "standard-page.png")
        in_form = of_group(panel, demo)
        assert NOT_SOLD in in_form.inner_text()
        assert "greyed" in (in_form.get_attribute("class") or "")
        panel.screenshot(path=artifacts / "standard-group.png")
        install(panel, demo, licences["professional"])
        panel.screenshot(path=artifacts / "professional.png")
        assert draw_button(support).get_attribute("aria-disabled") == "true", (
            "a running support keeps its own"
        )
        assert "sees your screen" in customer.words()

    assert NOT_SOLD not in of_group(panel, demo).inner_text()
    with helped(demo, vendor, console, tmp_path / "second") as (support, customer):
        expect(draw_button(support)).not_to_have_attribute("aria-disabled", "true", timeout=WAIT_MS)
        install(panel, demo, licences["standard"], smaller=True)
        draw_button(support).click()
        customer.answer(yes=True)
        customer.says("draws on your screen")
        before = drawn_on(customer)
        draw(support)
        wait_until(lambda: not np.array_equal(drawn_on(customer), before), "ink on his screen", 20)
        support.screenshot(path=artifacts / "professional-page.png")

    panel.goto(f"{demo.address}/admin/licence/")
    panel.screenshot(path=artifacts / "company-licence.png", full_page=True)
    assert "Standard" in panel.locator("main").inner_text()


@contextmanager
def lying_viewer(demo: Demo, data: Path) -> Iterator[str]:
    """Run a viewer that grants itself everything; give its address."""
    command = [sys.executable, str(LIAR), "--gateway", demo.address, "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean_environment(DESKSIDE_PLUGINS=PLUGINS),
    )
    assert process.stdout is not None
    try:
        yield read_until(process, r"ready at (http://[^/\s]+)", [])[1]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.mark.feature("LIC-03")
@pytest.mark.feature("OPT-07")
@pytest.mark.feature("FRM-06")
def test_the_customers_machine_refuses_what_was_not_sold_whatever_its_viewer_says(
    demo: Demo, vendor: Vendor, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    panel = open_page()
    to_panel(panel, demo)
    install(panel, demo, trust_and_buy(panel, demo, vendor)["standard"])
    console = open_page(viewport={"width": 1280, "height": 900})
    with lying_viewer(demo, tmp_path / "liar") as address:
        to_console(console, demo, address)
        with helped(demo, vendor, console, tmp_path / "home") as (support, customer):
            draw_button(support).click()
            support.get_by_role("button", name="Stop drawing").first.wait_for(timeout=WAIT_MS)
            before = drawn_on(customer)
            draw(support)
            support.screenshot(path=artifacts / "lying-viewer.png")

            _is_refused_in_history(panel, demo)
            panel.screenshot(path=artifacts / "refused-in-history.png")
            assert not customer.has("yes"), f"the customer is not even asked: {customer.words()}"
            assert "draws" not in customer.words()
            assert np.array_equal(drawn_on(customer), before), "no ink on the customer's screen"


@pytest.mark.feature("LIC-05")
def test_an_extra_is_sold_apart_from_the_tier_and_without_it_the_customers_machine_refuses(
    demo: Demo, vendor: Vendor, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    panel = open_page()
    to_panel(panel, demo)
    licences = trust_and_buy(panel, demo, vendor)
    install(panel, demo, licences["with drawing"])
    panel.goto(f"{demo.address}/admin/licence/")
    expect(panel.locator("main")).to_contain_text("Standard")
    console = open_page(viewport={"width": 1280, "height": 900})
    with lying_viewer(demo, tmp_path / "liar") as address:
        to_console(console, demo, address)
        with helped(demo, vendor, console, tmp_path / "with") as (support, customer):
            draw_button(support).click()
            customer.answer(yes=True)
            customer.says("draws on your screen")
            before = drawn_on(customer)
            draw(support)
            wait_until(lambda: not np.array_equal(drawn_on(customer), before), "ink on his screen", 20)
            support.screenshot(path=artifacts / "extra-page.png")

        install(panel, demo, licences["standard"], smaller=True)
        with helped(demo, vendor, console, tmp_path / "without") as (support, customer):
            draw_button(support).click()
            before = drawn_on(customer)
            draw(support)
            _is_refused_in_history(panel, demo)
            assert not customer.has("yes"), f"the customer is not even asked: {customer.words()}"
            assert np.array_equal(drawn_on(customer), before), "no ink on the customer's screen"


def _is_refused_in_history(panel: Page, demo: Demo) -> None:
    panel.goto(f"{demo.address}/admin/history/")
    panel.locator("main table a").first.click()
    refused = "refused “Agent draws”: the licence does not contain it."

    def is_told() -> bool:
        panel.reload()
        return refused in panel.locator("main").inner_text()

    wait_until(is_told, "the refusal in the history", 20)


@pytest.mark.feature("LIC-06")
def test_a_trial_is_labelled_in_the_notice_window_and_refused_by_a_vendors_own_program(
    demo: Demo, vendor: Vendor, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    console = open_page(viewport={"width": 1280, "height": 900})
    to_console(console, demo)
    for trust in ((), ("--trust", str(vendor.trust()))):
        support, code = new_support(console)
        with Hand() as screen:
            home = tmp_path / f"home{len(trust)}"
            given = (code, "--gateway", demo.address, *trust)
            customer = Window.open(screen, home, *given, DESKSIDE_PLUGINS=PLUGINS)
            if trust:
                customer.says("does not come from the vendor of this program")
                continue
            customer.answer(yes=True)
            support.locator("canvas.picture").first.wait_for(timeout=WAIT_MS)
            customer.says(r"(?m)^Trial$")
            customer.program.terminate()
            customer.program.wait(20)
