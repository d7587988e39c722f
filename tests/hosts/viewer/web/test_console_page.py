"""The console: signing in, beginning supports, and finding those that run."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hosts.viewer.web.scenes import (
    SIZES,
    assert_accessible,
    assert_fits,
    console,
    full_console,
    session,
    waiting,
)
from hosts.viewer.web.stand_in import StandIn
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Start = Callable[..., StandIn]
OpenPage = Callable[..., Page]


def running(number: int) -> dict[str, Any]:
    customer = {"name": f"Kunde {number}", "system": ""}
    return session(number, "active", customer=customer, began=time.time() - number * 99)


STATES: dict[str, Callable[[], dict[str, Any]]] = {
    "full": full_console,
    "empty": console,
    "many": lambda: console(
        waiting(1),
        waiting(2, kind="chat", code="", reason="waiting.code_expired", ends_at=time.time() - 5),
        *(running(number) for number in range(3, 43)),
    ),
}


def opened(server: StandIn, page: Page) -> Page:
    page.goto(f"{server.address}/console")
    expect(
        page.get_by_role("heading", name=re.compile("New support|새 지원|新建支持|新しいサポート"))
    ).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_the_console_is_accessible_and_fits_every_window(
    stand_in: Start, open_page: OpenPage, artifacts: Path, state: str, scheme: str
) -> None:
    page = opened(stand_in(console=STATES[state]()), open_page(color_scheme=scheme))

    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.wait_for_timeout(150)
        assert_fits(page)
        page.screenshot(path=artifacts / f"console-{state}-{size}-{scheme}.png")
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["ko-KR", "zh-CN", "ja-JP"])
def test_other_languages_fit_too_and_no_text_is_missing(
    stand_in: Start, open_page: OpenPage, artifacts: Path, locale: str
) -> None:
    page = opened(stand_in(console=full_console()), open_page(locale=locale))

    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_fits(page)
        page.screenshot(path=artifacts / f"console-{size}-{locale}.png")
    assert not re.findall(r"\b(?:session|console|refused)\.[a-z_.]+", page.locator("#app").inner_text())


def test_signing_in_says_what_is_missing_and_what_was_refused(
    stand_in: Start, open_page: OpenPage, artifacts: Path
) -> None:
    server = stand_in(console=console(), signed_in=False)
    page = open_page(viewport=SIZES["390x844"])
    page.goto(f"{server.address}/console")
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Enter your login name and your password.")
    page.get_by_label("Login name").fill("jun")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Name and password do not fit.")
    page.screenshot(path=artifacts / "sign-in.png")
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill("right")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Choose what your customer needs.")).to_be_visible()
    assert server.asked[-1] == ("sign-in", {"login_name": "jun", "password": "right"})


def test_a_support_is_begun_shown_renewed_and_given_up(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console())
    page = opened(server, open_page(permissions=["clipboard-read", "clipboard-write"]))

    page.get_by_role("button", name="Remote support").click()
    page.get_by_role("button", name="Chat only").click()
    page.wait_for_timeout(200)
    assert server.asked == [("sessions", {"kind": "pc"}), ("sessions", {"kind": "chat"})]
    server.console = console(waiting(7))
    server.push_console()
    expect(page.locator("output")).to_contain_text("482710935")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://help.example.com/start/48271#0935"
    page.get_by_role("button", name="New number").click()
    page.get_by_role("button", name="Stop waiting").click()
    page.wait_for_timeout(200)

    assert server.asked[2:] == [("sessions/s7/code", {}), ("sessions/s7/end", {})]


def test_a_customer_who_comes_is_announced_and_opens_in_a_tab_of_his_own(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console(waiting(7)))
    page = opened(server, open_page())
    expect(page.locator("output")).to_be_visible()

    came = session(7, "active", customer={"name": "Kim Minji", "system": ""}, began=time.time() - 3)
    server.console = console(came)
    server.push_console()

    expect(page.get_by_text("Kim Minji is here.")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) Support"))
    with page.expect_popup() as first:
        page.get_by_role("link", name="Open the support of Kim Minji").click()
    assert first.value.url.endswith("/session/s7")
    page.bring_to_front()
    page.get_by_role("link", name="Open the support of Kim Minji").click()
    page.wait_for_timeout(300)
    assert len(page.context.pages) == 2


def test_the_demo_customer_opens_his_session_at_once(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console())
    page = opened(server, open_page())

    with page.expect_popup() as popup:
        page.get_by_role("button", name="Try it with a demo customer").click()

    assert popup.value.url.endswith("/session/new-one")
    server.console = console(demo=False)
    server.push_console()
    expect(page.get_by_role("button", name="Try it with a demo customer")).to_have_count(0)


def test_a_lost_line_is_said_and_the_focus_survives_every_new_state(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=full_console())
    page = opened(server, open_page())
    link = page.get_by_role("link", name="Open the support of Kim Minji")
    link.focus()

    server.console = full_console()
    server.push_console()
    page.wait_for_timeout(200)
    expect(link).to_be_focused()
    page.context.set_offline(True)
    server.do(lambda: server.consoles[0].close(1012))

    expect(page.get_by_text("No connection to the server")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("No connection to the server")).to_be_hidden(timeout=10_000)


def test_signing_out_leads_back_to_the_form(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console())
    page = opened(server, open_page())

    server.signed_in = False
    server.do(lambda: server.consoles[0].close(4003))

    expect(page.get_by_label("Login name")).to_be_visible()
