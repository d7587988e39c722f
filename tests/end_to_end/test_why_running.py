"""“Why is this off?” tells what a running support's machine refuses, for as long as it runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.office import to_panel
from end_to_end.support import Demo, new_support, sign_in
from end_to_end.window import Window
from playwright.sync_api import Page, expect
from screens import Hand

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 60_000
ABSENT = "The customer's program does not have this feature."


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def asks_again(panel: Page, key: str, text: str, *, count: int) -> None:
    """Load the page until it says this about a feature so many times."""
    row = panel.locator(f'[id="{key}"] .live')
    for _ in range(60):
        panel.reload()
        if row.filter(has_text=text).count() == count:
            return
        panel.wait_for_timeout(500)
    raise AssertionError(panel.locator(f'[id="{key}"]').inner_text())


@pytest.mark.feature("OPT-07", "FRM-04")
def test_a_feature_that_the_customers_program_lacks_is_off_with_that_reason_while_the_support_runs(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    panel, console, own = open_page(viewport={"width": 1280, "height": 900}), open_page(), open_page()
    to_panel(panel, demo)
    sign_in(console, demo)
    own.goto(f"{demo.address}/admin/sign-in?next=/account/features/why")
    own.fill("#login_name", "agent")
    own.fill("#password", demo.passwords["agent"])
    own.click("main button")
    own.locator("nav.menu").wait_for()
    panel.goto(f"{demo.address}/admin/features/why?user=2")
    expect(panel.locator(".live")).to_have_count(0)
    support, code = new_support(console)
    with Hand() as screen:
        few = "deskside-screen,deskside-chat"
        customer = Window.open(
            screen, tmp_path / "home", code, "--gateway", demo.address, DESKSIDE_PLUGINS=few
        )
        customer.answer(yes=True)
        support.locator("canvas.picture").first.wait_for(timeout=WAIT_MS)

        for page in (panel, own):
            asks_again(page, "drawing.draw", ABSENT, count=1)
            row = page.locator('[id="drawing.draw"]')
            expect(row.locator(".live")).to_contain_text("Off in the running support S-")
            expect(page.locator('[id="screen.view"] .live')).to_have_count(0)
            expect(page.locator('[id="chat.text"] .live')).to_have_count(0)
        panel.screenshot(path=artifacts / "why-running.png", full_page=True)
        panel.locator('[id="drawing.draw"] .live a').click()
        expect(panel.locator("main")).to_contain_text("S-")
        panel.go_back()

        support.get_by_role("button", name="End", exact=True).first.click()
        support.get_by_role("dialog").get_by_role("button", name="End support").click()
        for page in (panel, own):
            asks_again(page, "drawing.draw", ABSENT, count=0)
        customer.program.terminate()
