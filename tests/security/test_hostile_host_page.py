"""What a hostile customer's program says is shown as the text it is, on the agent's page and console."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from live import hostile_customer
from live.hostile_customer import EVIL
from playwright.sync_api import Page
from screens import wait_until

from programs import clean_environment, read_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

HERE = Path(__file__).resolve().parents[1]
UNHARMED = """() => window.owned === undefined
  && ![...document.images, ...document.scripts].some((one) => /onerror|src="x"/.test(one.outerHTML))"""
TEXTS = """() => [document.documentElement.textContent,
  ...[...document.querySelectorAll("[title], [aria-label]")].flatMap((one) => [one.title, one.ariaLabel])]"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def shows(page: Page, text: str) -> None:
    """Wait until a page shows a text, letter by letter, and see that nothing else has come of it."""
    wait_until(lambda: any(text in (one or "") for one in page.evaluate(TEXTS)), f"the text {text}", 30)
    assert page.evaluate(UNHARMED)


def test_nothing_a_host_says_becomes_part_of_a_page(demo: Demo, open_page: Callable[..., Page]) -> None:
    console = open_page()
    sign_in(console, demo)
    page, code = new_support(console)
    faults: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    host = subprocess.Popen(
        [sys.executable, hostile_customer.__file__, code, demo.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(PYTHONPATH=str(HERE), DESKSIDE_PLUGINS=PLUGINS),
    )
    try:
        read_until(host, '"told": "all"', [])
        for text in (EVIL, f"said {EVIL}", f"../named {EVIL}"):
            shows(page, text)
        page.get_by_role("button", name="View", exact=True).click()
        shows(page, f"shown {EVIL}")
        page.keyboard.press("Escape")
        shows(console, EVIL)
        assert host.stdin is not None
        host.stdin.write("end\n")
        host.stdin.flush()
        shows(page, f"{EVIL} ended the support")
        shows(console, EVIL)
        assert not faults
    finally:
        host.kill()
        host.wait(20)
        for pipe in (host.stdin, host.stdout):
            assert pipe is not None
            pipe.close()
