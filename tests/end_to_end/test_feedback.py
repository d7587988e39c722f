"""Feedback: an agent writes it in a popup of his console; his company and whoever runs the server read it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.office import read, to_panel
from end_to_end.support import Demo, sign_in
from hosts.viewer.web.scenes import assert_accessible, assert_fits
from playwright.sync_api import Page, expect
from post_office import PostOffice, post_office

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 60_000
CANARY = """<img src=x onerror="window.canary = 1"><script>window.canary = 2</script>"""
LOOKS = [("en", "light", 1280), ("ko", "dark", 390)]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def demo(tmp_path: Path, office: PostOffice) -> Iterator[Demo]:
    mail = ("--smtp-address", f"127.0.0.1:{office.port}", "--smtp-from", "desk@example.com")
    demo = Demo.start(tmp_path / "var", *mail, "--smtp-tls", "off", "--feedback-mail", "vendor@example.com")
    yield demo
    demo.stop()


def switch_on(panel: Page, demo: Demo) -> None:
    panel.goto(f"{demo.address}/admin/groups/1/features?tab=agent")
    panel.locator('[id="agent.feedback"] .choice label', has_text="All use").click()
    panel.locator(".save-bar button.primary").click()
    panel.get_by_text("Saved. Features changed: 1.").wait_for()


@pytest.mark.feature("AGT-21")
def test_what_an_agent_writes_is_kept_mailed_and_read_by_his_company_and_the_operator(
    demo: Demo, office: PostOffice, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console, panel = open_page(), open_page(viewport={"width": 1280, "height": 900})
    sign_in(console, demo)
    entry = console.get_by_role("button", name="Feedback")
    expect(entry).to_have_count(0)
    to_panel(panel, demo)
    switch_on(panel, demo)

    expect(entry).to_be_visible(timeout=WAIT_MS)
    entry.click()
    dialog = console.get_by_role("dialog", name="Feedback")
    text = dialog.get_by_label("What would you like to tell us")
    expect(text).to_be_focused()
    console.screenshot(path=artifacts / "feedback-popup.png")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(entry).to_be_focused()

    entry.click()
    text.fill(f"줄 하나\n{CANARY}")
    dialog.get_by_role("button", name="Send").click()
    console.get_by_text("Thank you. Your feedback was sent.").wait_for(timeout=WAIT_MS)
    expect(dialog).to_have_count(0)

    rows = read(
        tmp_path / "var",
        "SELECT user_account.login_name, text FROM feedback JOIN user_account ON user_id = user_account.id",
    )
    assert rows == [("agent", f"줄 하나\n{CANARY}")]
    letter = office.letter()
    assert (letter["To"], letter["Subject"]) == ("vendor@example.com", "Feedback from Hanbit Demo")
    assert CANARY in letter.get_content()
    for path, company in (("feedback", 0), ("server/feedback", 1)):
        panel.goto(f"{demo.address}/admin/{path}")
        row = panel.locator("table.feedback tbody tr")
        expect(row).to_have_count(1)
        expect(row).to_contain_text("Lee Jun")
        expect(row.locator("time")).to_be_visible()
        expect(row.get_by_text("Hanbit Demo")).to_have_count(company)
        assert row.locator("td.told").inner_text() == f"줄 하나\n{CANARY}"
        assert panel.evaluate("() => window.canary") is None
        panel.screenshot(path=artifacts / f"feedback-{path.replace('/', '-')}.png")


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_the_popup_and_the_list_fit_and_break_no_rule_of_accessibility(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path, language: str, scheme: str, width: int
) -> None:
    panel, size = open_page(), {"width": width, "height": 844}
    to_panel(panel, demo)
    switch_on(panel, demo)
    page = open_page(locale=language, color_scheme=scheme, viewport=size)
    page.goto(f"{demo.address}/console")
    page.fill("#login_name", "agent")
    page.fill("#password", demo.passwords["agent"])
    page.click("button[type=submit]")
    page.locator(".rail .place").click(timeout=WAIT_MS)
    page.locator("form.feedback").wait_for()
    assert_fits(page)
    assert_accessible(page)
    page.screenshot(path=artifacts / f"feedback-popup-{language}-{scheme}-{width}.png")
    page.fill("#feedback-text", "긴 이야기 " * 60)
    page.locator("form.feedback .primary").click()
    page.locator("form.feedback").wait_for(state="detached")
    panel.emulate_media(color_scheme=scheme)
    panel.set_viewport_size(size)
    for path in ("feedback", "server/feedback"):
        panel.goto(f"{demo.address}/admin/{path}?lang={language}")
        assert_fits(panel)
        assert_accessible(panel)
        panel.screenshot(path=artifacts / f"{path.replace('/', '-')}-{language}-{scheme}-{width}.png")
