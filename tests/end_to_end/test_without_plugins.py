"""A product without a single plugin, and a core that knows none of them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.apart import apart
from end_to_end.bare import DESKSIDE, PYTHON, bare_path
from end_to_end.support import new_support
from end_to_end.window import Window
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(180)]

WAIT_MS = 40_000


@pytest.mark.feature("FRM-01")
def test_without_a_plugin_a_support_is_agreed_to_shown_on_both_sides_and_ended(
    open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    path = bare_path(tmp_path / "bare")
    assert plugins_found(path) == "[]"
    console, panel = open_page(), open_page()
    with apart(tmp_path, deskside=DESKSIDE, PYTHONPATH=path) as site, Hand() as screen:
        site.sign_in(console)
        page, code = new_support(console)
        window = Window.open(
            screen, tmp_path / "home", code, "--gateway", site.address, "--name", "Kim Minji",
            python=PYTHON, PYTHONPATH=path,
        )  # fmt: skip

        expect(page.get_by_text("asking the customer").first).to_be_visible(timeout=WAIT_MS)
        window.says(r"Lee Jun \(.+\) asks to:\nHelp you on this computer")
        assert "See your screen" not in window.words(), "nothing here can show it"
        window.answer(yes=True)

        window.says("Remote support in progress")
        window.says(r"Lee Jun \(.+\) helps you")
        window.says("Nothing of this machine is shared right now.")
        expect(page.locator("body")).to_have_attribute("data-screen", "active", timeout=WAIT_MS)
        expect(page.get_by_text("Kim Minji").first).to_be_visible()
        window.screen.save(artifacts / "no-plugins-customer.png")
        page.screenshot(path=artifacts / "no-plugins-agent.png")

        page.get_by_role("button", name="End", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="End").click()

        expect(page.get_by_text("Lee Jun ended the support").first).to_be_visible(timeout=WAIT_MS)
        window.says("has ended")
        assert "helps you" not in window.words()
        site.open_panel(panel, "history/")
        panel.locator("main a", has_text="S-20").first.click()

        def told() -> str:
            panel.reload()
            return str(panel.locator("main").inner_text())

        wait_until(lambda: "The customer agreed to “Being helped on this computer”." in told(), "his yes")
        assert "Kim Minji" in told()
        assert "The support ended." in told()


def plugins_found(path: str) -> str:
    """Return which plugins a program finds that is started on this path."""
    ask = "from importlib.metadata import entry_points as found; print(list(found(group='deskside.plugin')))"
    done = subprocess.run(
        [*PYTHON, "-c", ask], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
