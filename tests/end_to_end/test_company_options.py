"""A company's own switch, clicked in one browser: what running supports and the next one make of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.support import Demo, new_support, sign_in
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 60_000
SOUND = "chat.sound"
COUNT_TONES = """window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) {
  window.tones += 1;
  return start.apply(this, given);
};"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def to_panel(page: Page, demo: Demo, path: str) -> None:
    page.goto(f"{demo.address}/admin/sign-in?next={path}")
    page.fill("#login_name", "admin")
    page.fill("#password", demo.passwords["admin"])
    page.click("main button")
    page.locator("nav.menu").wait_for()


def talk(console: Page, customer: Page, demo: Demo) -> Page:
    """Begin a chat with a customer who has only a browser; return the agent's page with its panel open."""
    agent, code = new_support(console, "Chat only")
    customer.goto(demo.address)
    customer.locator("#number").fill(code)
    customer.locator("#go").click()
    customer.locator("#name").fill("Minji")
    customer.locator("#chat").click()
    say(customer, "Hello there")
    expect(agent.get_by_text("Hello there").first).to_be_visible(timeout=WAIT_MS)
    # Browsers keep a page silent until somebody has used it.
    agent.get_by_label("Write a message").click()
    return agent


def say(customer: Page, text: str) -> None:
    customer.get_by_role("textbox", name="Message").fill(text)
    customer.keyboard.press("Enter")
    expect(customer.get_by_role("log").get_by_text(text).first).to_be_visible(timeout=WAIT_MS)


def tones(page: Page) -> int:
    return int(page.evaluate("() => window.tones"))


def switch(panel: Page, state: str) -> None:
    panel.locator(f'[id="{SOUND}"] .choice label', has_text=state).click()
    panel.locator(".save-bar button.primary").click()
    panel.get_by_text("Saved. Features changed: 1.").wait_for()


@pytest.mark.feature("CHT-23")
def test_a_company_switches_the_sound_of_messages_off_for_everybody_and_on_again_for_the_next_support(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path
) -> None:
    console, customer, panel = open_page(), open_page(), open_page(viewport={"width": 1280, "height": 900})
    for page in (console, customer):
        page.context.add_init_script(COUNT_TONES)
    sign_in(console, demo)
    to_panel(panel, demo, "/company/options/")
    agent = talk(console, customer, demo)
    button = agent.get_by_role("button", name="Sound")
    expect(button).to_be_visible(timeout=WAIT_MS)
    say(customer, "one apple")
    agent.wait_for_function("() => window.tones > 0", timeout=WAIT_MS)

    switch(panel, "No use")

    panel.screenshot(path=artifacts / "company-options.png", full_page=True)
    expect(button).not_to_be_visible(timeout=WAIT_MS)
    expect(customer.get_by_role("button", name="Sound")).not_to_be_visible(timeout=WAIT_MS)
    before = tones(agent)
    # Longer than one sound keeps the next one silent.
    agent.wait_for_timeout(1500)
    say(customer, "two pears")
    expect(agent.get_by_role("log").get_by_text("two pears").first).to_be_visible(timeout=WAIT_MS)
    agent.wait_for_timeout(500)
    assert tones(agent) == before

    switch(panel, "All use")
    panel.reload()
    assert panel.locator(f'input[name="policy:{SOUND}"][value="all"]').is_checked()
    third = open_page()
    third.context.add_init_script(COUNT_TONES)
    later = talk(console, third, demo)
    expect(later.get_by_role("button", name="Sound")).to_be_visible(timeout=WAIT_MS)
    say(third, "three plums")
    later.wait_for_function("() => window.tones > 0", timeout=WAIT_MS)
    expect(button).not_to_be_visible()
