"""What is shown once a support is over: when it began and ended, and the name of who helped."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.office import decide, name_agent
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.window import Window
from playwright.sync_api import Page, expect
from screens import Hand

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
CHAT_NAME, FULL_NAME = "Jun from Support", "Lee Jun"
CLOCK = r"\d{1,2}:\d\d(:\d\d)?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    demo = Demo.start(data)
    yield demo
    demo.stop()


def end(agent: Page) -> None:
    agent.get_by_role("button", name="End", exact=True).click()
    agent.get_by_role("dialog").get_by_role("button", name="End").click()


def summary(page: Page) -> dict[str, str]:
    """Return the rows of a page's end view."""
    page.locator(".summary").wait_for(timeout=WAIT_MS)
    rows = page.locator(".summary > div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


def chat_to_the_end(console: Page, customer: Page, demo: Demo) -> Page:
    """Hold a chat with a customer who has only a browser; return the agent's page once it is over."""
    agent, code = new_support(console, "Chat only")
    customer.goto(demo.address)
    customer.locator("#number").fill(code)
    customer.locator("#go").click()
    customer.locator("#name").fill("Minji")
    customer.locator("#chat").click()
    customer.get_by_role("textbox", name="Message").fill("Thank you")
    customer.keyboard.press("Enter")
    expect(customer.get_by_text("Thank you").first).to_be_visible(timeout=WAIT_MS)
    end(agent)
    return agent


def is_clock(text: str) -> bool:
    return re.search(CLOCK, text) is not None


@pytest.mark.feature("END-01")
@pytest.mark.feature("END-02")
def test_the_end_shows_times_and_the_agents_chat_name_on_both_pages_and_in_the_window(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    name_agent(data, chat_name=CHAT_NAME)
    console, customer = open_page(), open_page()
    sign_in(console, demo)

    agent = chat_to_the_end(console, customer, demo)
    for page in (customer, agent):
        told = summary(page)
        assert told["Agent"] == CHAT_NAME
        assert is_clock(told["Began"])
        assert is_clock(told["Ended"])
    customer.screenshot(path=artifacts / "ended-customer.png")
    agent.screenshot(path=artifacts / "ended-agent.png")

    agent.get_by_role("button", name=re.compile("^Chat")).first.click()
    expect(agent.get_by_text("Thank you").first).to_be_visible()
    expect(agent.get_by_role("textbox", name="message")).to_be_disabled()

    page, code = new_support(console)
    with Hand() as screen:
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, tmp_path / "home", code, "--gateway", demo.address, **given)
        window.answer(yes=True)
        window.says("sees your screen")
        end(page)
        window.says("Remote support has ended")
        window.says(f"{CHAT_NAME} ended the support")
        window.says(rf"Agent\n{CHAT_NAME} \(Hanbit Demo\)\nBegan\n{CLOCK}\nEnded\n{CLOCK}\n")
        screen.save(artifacts / "ended-window.png")
    told = summary(page)
    assert told["Agent"] == CHAT_NAME
    assert is_clock(told["Began"])
    assert is_clock(told["Ended"])


@pytest.mark.feature("END-02")
def test_without_a_chat_name_the_agents_own_name_is_shown(
    demo: Demo, data: Path, open_page: Callable[..., Page]
) -> None:
    name_agent(data, chat_name="")
    console, customer = open_page(), open_page()
    sign_in(console, demo)

    chat_to_the_end(console, customer, demo)

    assert summary(customer)["Agent"] == FULL_NAME
    expect(customer.get_by_text(f"{FULL_NAME} ended the support").first).to_be_visible()


@pytest.mark.feature("END-02")
@pytest.mark.parametrize("who", ["agent", "customer"])
def test_with_privacy_protection_the_customer_reads_no_name_at_the_end(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path, who: str
) -> None:
    name_agent(data, chat_name=CHAT_NAME)
    decide(data, waiting__privacy="all")
    console, customer = open_page(), open_page()
    sign_in(console, demo)

    agent = chat_to_the_end(console, customer, demo)
    assert "Agent" not in summary(customer)
    assert is_clock(summary(customer)["Began"])
    expect(customer.get_by_text("The agent ended the support").first).to_be_visible()
    customer.screenshot(path=artifacts / "ended-privacy.png")
    for name in (CHAT_NAME, FULL_NAME):
        assert customer.get_by_text(name).filter(visible=True).count() == 0
    assert summary(agent)["Agent"] == CHAT_NAME

    page, code = new_support(console)
    with Hand() as screen:
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, tmp_path / "home", code, "--gateway", demo.address, **given)
        window.answer(yes=True)
        window.says(f"{CHAT_NAME} .* helps you")
        if who == "agent":
            end(page)
        else:
            window.click("close")
            window.click("end")
        window.says("The agent ended the support" if who == "agent" else "You ended the support")
        told = window.words()
    assert not re.search(f"{CHAT_NAME}|{FULL_NAME}", told), told
    assert re.search(rf"Began\n{CLOCK}\nEnded\n{CLOCK}\n", told)
