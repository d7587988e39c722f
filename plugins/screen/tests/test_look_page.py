"""What of the customer's desktop looks another way, in the View menu of a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from deskside_screen.messages import LookNow

from .desk_page import give, serving
from programs import CHROMIUM_OPTIONS, chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def page() -> Iterator[Page]:
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function("window.desk?.sent.some(([channel]) => channel === 'look')")
        yield page
        browser.close()


def button(page: Page, name: str) -> tuple[bool, bool, str]:
    """Return whether a button is pressed, whether it is greyed, and the feature whose reason it shows."""
    found: dict[str, Any] = page.evaluate("(label) => desk.buttons[label]", f"screen.look.{name}")
    return found["pressed"], found["disabled"], found["feature"]


@pytest.mark.feature("AGT-04")
@pytest.mark.feature("AGT-05")
def test_an_agent_switches_either_off_and_on(page: Page) -> None:
    before = button(page, "wallpaper")
    give(page, "look", LookNow(wallpaper=True, outline=False))
    now = button(page, "wallpaper"), button(page, "outline")

    for name in ("wallpaper", "outline"):
        page.evaluate("(label) => desk.buttons[label].onPress()", f"screen.look.{name}")

    assert before == (False, True, "remove_wallpaper")
    assert now == ((True, False, "remove_wallpaper"), (False, False, "outline_moves"))
    assert [one[1:] for one in page.evaluate("desk.sent") if one[1] == "choose_look"] == [
        ["choose_look", {"look": "wallpaper", "is_on": False}],
        ["choose_look", {"look": "outline", "is_on": True}],
    ]
