"""What cannot be used any more looks and says it: a chat that is over, a licence that has ended."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from end_to_end.office import to_panel, writing
from end_to_end.support import Demo, sign_in
from playwright.sync_api import Page, expect
from sqlmodel import select

from deskside_admin.model import LicenceRow

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 60_000
LOOKS = [("en", "light", 1280), ("ko", "dark", 390)]
COLOURS = (
    "(one) => { const { color, backgroundColor } = getComputedStyle(one); return [color, backgroundColor]; }"
)
STILL = "() => document.getAnimations().length === 0"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo.start(tmp_path_factory.mktemp("greyed") / "var")
    yield demo
    demo.stop()


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_send_is_greyed_in_the_chat_of_a_support_that_is_over(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path, language: str, scheme: str, width: int
) -> None:
    console = open_page(locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    console.goto(f"{demo.address}/console")
    console.fill("#login_name", "agent")
    console.fill("#password", demo.passwords["agent"])
    console.click("button[type=submit]")
    with console.context.expect_page() as opened:
        console.locator(".choose button").last.click()
    support = opened.value
    support.locator("canvas.picture").wait_for(timeout=WAIT_MS)
    chat = support.get_by_role("button", name="Chat" if language == "en" else "채팅")
    chat.first.click()
    send = support.locator(".chat-entry button")
    expect(send).to_be_enabled(timeout=WAIT_MS)
    support.wait_for_function(STILL, timeout=WAIT_MS)
    before = send.evaluate(COLOURS)

    support.locator("header .end").first.click()
    support.locator("dialog footer :is(.danger, .primary)").first.click()
    expect(send).to_be_disabled(timeout=WAIT_MS)
    if not send.is_visible():
        chat.first.click()
    send.wait_for(timeout=WAIT_MS)
    support.wait_for_function(STILL, timeout=WAIT_MS)

    after = send.evaluate(COLOURS)
    assert after[0] != before[0]
    assert after[1] != before[1]
    support.screenshot(path=artifacts / f"chat-ended-{language}-{scheme}-{width}.png")


def test_a_licence_that_has_ended_is_said_in_console_and_panel(
    tmp_path: Path, open_page: Callable[..., Page], artifacts: Path
) -> None:
    ended = Demo.start(tmp_path / "var")
    try:
        console, panel = open_page(), open_page()
        sign_in(console, ended)
        to_panel(panel, ended)
        banner = console.locator(".licence-over")
        expect(banner).to_be_hidden()
        with writing(tmp_path / "var") as db:
            for row in db.exec(select(LicenceRow)).all():
                row.starts -= timedelta(days=400)
                row.ends = row.starts + timedelta(days=30)
                db.add(row)

        expect(banner).to_have_text(
            "The licence has expired. Your administrator can renew it.", timeout=WAIT_MS
        )
        console.screenshot(path=artifacts / "licence-over-console.png")
        panel.goto(f"{ended.address}/admin/users/")
        note = panel.locator("main .note.end")
        expect(note).to_contain_text("The trial ended on")
        panel.screenshot(path=artifacts / "licence-over-panel.png")
        note.get_by_role("link", name="Open the licence").click()
        expect(panel.locator("main h1").first).to_be_visible()
        expect(note.get_by_role("link")).to_have_count(0)
    finally:
        ended.stop()
