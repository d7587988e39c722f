"""The agent chooses how the picture is made: for every new support, and in the one that runs."""

import base64
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from end_to_end.support import Customer, Demo, new_support, sign_in
from PIL import Image
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.timeout(300), pytest.mark.slow]

WAIT_MS = 60_000
PAINTED = ("#d02040", "#20a060", "#2060d0")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def canvas(page: Page) -> Any:
    """Return what the agent's page shows, pixel by pixel, as wide signed numbers."""
    address = page.evaluate("document.querySelector('#stage canvas.picture').toDataURL('image/png')")
    shown = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB")
    return np.asarray(shown).astype(int)


def is_grey(page: Page, customer: Customer) -> bool:
    """Tell whether the page shows the customer's coloured screen in grey, as light as it is there."""
    here, there = canvas(page), customer.screen.grab().astype(int)
    if here.shape != there.shape:
        return False
    light = there @ (77, 150, 29) >> 8
    is_coloured = (there.max(axis=2) != there.min(axis=2)).mean() > 0.1
    return is_coloured and bool((here == here[..., :1]).all()) and (here[..., 0] != light).mean() < 0.002


def is_exact(page: Page, customer: Customer) -> bool:
    """Tell whether the page shows the customer's screen; the clock of the notice window goes on meanwhile."""
    here, there = canvas(page), customer.screen.grab()
    return here.shape == there.shape and float(np.any(there != here, axis=2).mean()) < 0.002


def set_for_oneself(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/admin/")
    page.get_by_label("Login name").fill("agent")
    page.get_by_label("Password").fill(demo.passwords["agent"])
    page.keyboard.press("Enter")
    page.locator("#content h1").wait_for()
    page.goto(f"{demo.address}/admin/account/features?tab=viewer")
    page.locator('[id="screen.view"] summary').click()
    page.locator('[name="value:screen.view.colours"]').select_option("grey")
    page.locator(".save-bar button.primary").click()
    page.get_by_text("Saved.").first.wait_for()


@pytest.mark.feature("AGT-10", "CFG-03", "CFG-12", "CFG-13")
def test_a_support_begins_in_the_agents_colours_and_one_control_makes_it_exact_at_once(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console = open_page(viewport={"width": 1440, "height": 900})
    set_for_oneself(open_page(), demo)
    sign_in(console, demo)
    page, code = new_support(console)
    with Hand() as screen:
        root = screen.connect().screen().root
        for number, colour in enumerate(PAINTED):
            pixel = int(colour[1:], 16)
            context = root.create_gc(foreground=pixel)
            root.fill_rectangle(context, 100 + 200 * number, 100, 180, 500)
            context.free()
        root.get_geometry()
        customer = Customer.start(screen, demo.address, code, tmp_path)
        customer.answer(yes=True)
        page.locator("#stage canvas.picture").first.wait_for(timeout=WAIT_MS)
        wait_until(lambda: is_grey(page, customer), "the customer's screen in grey", 60)

        page.get_by_role("button", name="View", exact=True).first.click()
        page.get_by_role("menuitem", name="Picture quality · Own choice").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("Colours that are sent")).to_have_value("grey")
        page.screenshot(path=artifacts / "picture-quality.png")
        slider = dialog.get_by_label("Quality and size: higher is slower")
        slider.focus()
        page.keyboard.press("End")
        wait_until(lambda: is_exact(page, customer), "every pixel of the customer's screen", 60)
        expect(slider).to_have_attribute("aria-valuetext", "Best")

        page.keyboard.press("Home")
        wait_until(
            lambda: canvas(page).shape[:2] == (screen.height // 2, screen.width // 2), "half the size", 60
        )
        page.keyboard.press("End")
        wait_until(lambda: is_exact(page, customer), "every pixel again", 60)
        page.keyboard.press("Escape")
        delays = page.locator('[data-id="screen.speed"]')
        expect(delays).to_have_attribute("title", re.compile(r"the customer's line \d+ ms"), timeout=WAIT_MS)
        assert page.get_by_text("This session has ended").count() == 0
        customer.end()
