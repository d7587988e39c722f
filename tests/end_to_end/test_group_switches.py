"""A group's switches and one stream of events: clicked, done and read in real browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.office import decide, history_of, read, to_panel
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.test_demo_session import begin
from end_to_end.window import Window
from playwright.sync_api import Locator, Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 60_000
CHAT = "chat.text"
EVENTS = "SELECT plugin, name FROM audit_event WHERE session = ?"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def say(panel: Page, demo: Demo, state: str) -> None:
    """Click one of the three states in the group's form, and save."""
    panel.goto(f"{demo.address}/admin/groups/1/features?tab=viewer")
    panel.locator(f'[id="{CHAT}"] .choice label', has_text=state).click()
    panel.locator(".save-bar button.primary").click()
    panel.get_by_text("Saved. Features changed: 1.").wait_for()


def chat(support: Page) -> Locator:
    return support.get_by_role("button", name="Chat").first


def write(support: Page, words: str) -> None:
    chat(support).click()
    support.get_by_role("textbox", name="Message").fill(words)
    support.keyboard.press("Enter")
    expect(support.get_by_text(f"You wrote: {words}")).to_be_visible(timeout=WAIT_MS)


def is_off(support: Page, why: str) -> None:
    expect(chat(support)).to_have_attribute("aria-disabled", "true", timeout=WAIT_MS)
    chat(support).click(force=True)
    expect(support.get_by_text(why).first).to_be_visible(timeout=WAIT_MS)


@pytest.mark.feature("FRM-07", "OPT-01")
def test_each_of_the_three_states_of_a_groups_switch_holds_from_the_next_support(
    demo: Demo, open_page: Callable[..., Page]
) -> None:
    panel, console, own = open_page(), open_page(), open_page()
    to_panel(panel, demo)
    sign_in(console, demo)
    own.goto(f"{demo.address}/admin/sign-in?next=/account/features")
    own.fill("#login_name", "agent")
    own.fill("#password", demo.passwords["agent"])
    own.click("main button")
    write(begin(console), "all")

    say(panel, demo, "User decides")
    own.reload()
    own.locator(f'[id="{CHAT}"] input[type=checkbox]').uncheck()
    own.locator(".save-bar button.primary").click()
    expect(own.get_by_role("status").first).to_be_visible()
    is_off(begin(console), "Switched off by yourself")

    say(panel, demo, "No use")
    silent = begin(console)
    is_off(silent, "Off for your group")

    say(panel, demo, "All use")
    later = begin(console)
    write(later, "again")
    is_off(silent, "works from the next support")


@pytest.mark.feature("FRM-11")
def test_what_plugins_do_stands_in_one_stream_that_the_history_shows(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    panel, console = open_page(), open_page()
    to_panel(panel, demo)
    sign_in(console, demo)
    decide(tmp_path / "var", control__auto_start="none")
    support, code = new_support(console)
    session = support.url.rpartition("/")[2].partition("?")[0]
    report = tmp_path / "보고서 report.txt"
    report.write_text("x" * 2000)
    with Hand() as screen:
        customer = Window.open(
            screen, tmp_path / "home", code, "--gateway", demo.address, DESKSIDE_PLUGINS=PLUGINS
        )
        customer.answer(yes=True)
        support.locator("canvas.picture").first.wait_for(timeout=WAIT_MS)
        control = support.get_by_role("button", name="Control", exact=True).first
        expect(control).to_be_enabled(timeout=WAIT_MS)
        control.click()
        customer.answer(yes=True)
        support.locator(".status-item", has_text="control: you").wait_for(timeout=WAIT_MS)
        with support.expect_file_chooser() as chooser:
            support.get_by_role("button", name="Send files…").first.click()
        chooser.value.set_files(report)
        customer.answer(yes=True)
        chat(support).click()
        support.get_by_role("textbox", name="Message").fill("Hello")
        support.keyboard.press("Enter")
        check_history(panel, demo, session, tmp_path / "var")
        customer.program.terminate()


def check_history(panel: Page, demo: Demo, session: str, data: Path) -> None:
    """Wait for the rows, and read the page that is drawn from them."""
    wanted = {
        ("chat", "conversation_begun"),
        ("control", "control_taken"),
        ("file_transfer", "file_sent"),
        ("core", "feature_granted"),
    }
    wait_until(lambda: wanted <= set(read(data, EVENTS, session)), "what plugins did", 60)

    told = history_of(panel, demo, session)
    for words in (
        "Lee Jun began a conversation.",
        "File sent: “보고서 report.txt”, 2000 bytes, by Lee Jun",
    ):
        assert words in told
    assert "was switched on" in told
