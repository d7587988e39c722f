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
    resize,
    session,
    wait,
    waiting,
)
from hosts.viewer.web.stand_in import StandIn
from playwright.sync_api import Page, Route, expect

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

    for size in SIZES:
        resize(page, size)
        assert_fits(page)
        page.screenshot(path=artifacts / f"console-{state}-{size}-{scheme}.png")
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["ko-KR", "zh-CN", "ja-JP"])
def test_other_languages_fit_too_and_no_text_is_missing(
    stand_in: Start, open_page: OpenPage, artifacts: Path, locale: str
) -> None:
    page = opened(stand_in(console=full_console()), open_page(locale=locale))

    for size in SIZES:
        resize(page, size)
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
    begun = [("sessions", {"kind": "pc"}), ("sessions", {"kind": "chat"})]
    wait(page, lambda: server.asked == begun, "both supports")
    server.console = console(waiting(7))
    server.push_console()
    expect(page.locator("output")).to_contain_text("482710935")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://help.example.com/start/48271#0935"
    page.get_by_role("button", name="New number").click()
    page.get_by_role("button", name="Stop waiting").click()

    wanted = [("sessions/s7/code", {}), ("sessions/s7/end", {})]
    wait(page, lambda: server.asked[2:] == wanted, "a new number, and the end")


def test_a_customer_who_comes_is_announced_and_opens_in_a_tab_of_his_own(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console(waiting(7)))
    page = opened(server, open_page())
    expect(page.locator("output")).to_be_visible()

    server.console = console(came(7, people=[]))
    server.push_console()

    expect(page.get_by_role("heading", name="Kim Minji is here.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Kim Minji is here.")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\(1\) Support"))
    with page.expect_popup() as first:
        page.get_by_role("link", name="Open the support of Kim Minji").click()
    assert first.value.url.endswith("/session/s7")
    page.bring_to_front()
    page.get_by_role("link", name="Open the support of Kim Minji").click()
    expect(page.get_by_role("link", name="Open the support of Kim Minji")).to_be_focused()
    assert len(page.context.pages) == 2


def came(number: int, **more: Any) -> dict[str, Any]:
    customer = {"name": "Kim Minji", "system": ""}
    return session(number, "active", customer=customer, began=time.time() - 3, **more)


def test_the_card_that_waited_offers_to_open_the_support_and_enter_is_enough(
    stand_in: Start, open_page: OpenPage, artifacts: Path
) -> None:
    server = stand_in(console=console(waiting(7)))
    page = opened(server, open_page())
    page.get_by_role("button", name="Remote support").focus()
    card = page.locator("article.waiting")
    expect(card.locator("output")).to_be_visible()

    server.console = console(came(7, people=[]))
    server.push_console()

    expect(card.get_by_role("link", name="Open session page")).to_be_focused()
    expect(card.locator("output")).to_be_hidden()
    expect(card.get_by_role("button")).to_have_count(0)
    assert_accessible(page)
    page.screenshot(path=artifacts / "console-arrived.png")
    with page.expect_popup() as popup:
        page.keyboard.press("Enter")
    assert popup.value.url.endswith("/session/s7")
    server.console = console(came(7))
    server.push_console()
    expect(card).to_have_count(0)


def test_whoever_types_elsewhere_keeps_the_focus_when_a_customer_comes(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console(waiting(7), session(41, "active", customer={"name": "Park"})))
    page = opened(server, open_page())
    elsewhere = page.get_by_role("link", name="Open the support of Park")
    elsewhere.focus()

    server.console = console(came(7, people=[]), session(41, "active", customer={"name": "Park"}))
    server.push_console()

    expect(page.get_by_role("heading", name="Kim Minji is here.")).to_be_visible()
    expect(elsewhere).to_be_focused()


def test_a_wrong_number_is_no_arrival_and_the_new_one_is_shown(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console(waiting(7)))
    page = opened(server, open_page())
    card = page.locator("article.waiting")
    expect(card.locator("output")).to_contain_text("482710935")

    server.console = console(session(7, "connecting", people=[]))
    server.push_console()
    expect(page.get_by_role("link", name="Open the support of")).to_be_visible()
    expect(card.locator("output")).to_be_visible()
    server.console = console(waiting(7, code="593 710 935", reason="waiting.code_burned"))
    server.push_console()

    expect(card.locator("output")).to_contain_text("593710935")
    expect(page.get_by_text("is here.")).to_have_count(0)


def test_the_demo_customers_tab_comes_with_the_press_and_shows_his_session_as_soon_as_there_is_one(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console())
    page = opened(server, open_page())
    held: list[Route] = []
    page.route("**/console/demo", lambda route: held.append(route))
    button = page.get_by_role("button", name="Try it with a demo customer")
    button.focus()

    with page.expect_popup() as popup:
        page.keyboard.press("Enter")

    assert popup.value.url == "about:blank"
    expect(popup.value.get_by_text("Opening …")).to_be_visible()
    held[0].continue_()
    popup.value.wait_for_url("**/session/new-one")
    assert popup.value.evaluate("window.name") == "deskside-new-one"
    server.console = console(demo=False)
    server.push_console()
    expect(button).to_have_count(0)


def test_where_the_browser_opens_no_tab_the_demo_session_takes_the_consoles_own(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console())
    page = open_page()
    page.add_init_script("window.open = () => null")
    opened(server, page)

    page.get_by_role("button", name="Try it with a demo customer").click()

    page.wait_for_url("**/session/new-one")


def test_a_demo_that_is_refused_leaves_no_empty_tab_behind(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console())
    page = opened(server, open_page())
    page.route("**/console/demo", lambda route: route.fulfill(status=403, json={"reason": "refused.demo"}))

    with page.expect_popup() as popup:
        page.get_by_role("button", name="Try it with a demo customer").click()

    expect(page.get_by_text("This is not possible with the demo customer.")).to_be_visible()
    if not popup.value.is_closed():
        popup.value.wait_for_event("close")
    assert len(page.context.pages) == 1


def test_a_lost_line_is_said_and_the_focus_survives_every_new_state(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=full_console())
    page = opened(server, open_page())
    link = page.get_by_role("link", name="Open the support of Kim Minji")
    link.focus()

    server.console = {**full_console(), "demo": False}
    server.push_console()
    expect(page.get_by_role("button", name="Try it with a demo customer")).to_be_hidden()
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
