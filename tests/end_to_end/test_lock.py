"""Agents' pages are locked once nobody uses them; supports go on, and only the own password opens them."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.support import Demo, new_support, sign_in
from playwright.sync_api import BrowserContext, Page, Route, expect
from screens import wait_until
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 40_000
LOCK_S = 60
USED_S = 20
LOCKED = 4012
NOTE_ENDS = """window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", ({ code }) => (sessionStorage.closed = String(code)));
  }
};"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def lock_after_a_minute(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/console/settings")
    page.locator("#auto_lock-minutes").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")


def talk(console: Page, customer: Page, demo: Demo) -> Page:
    """Hold a chat with a customer who has only a browser; return the agent's page."""
    agent, code = new_support(console, "Chat only")
    customer.goto(demo.address)
    customer.locator("#number").fill(code)
    customer.locator("#go").click()
    customer.locator("#name").fill("Minji")
    customer.locator("#chat").click()
    say(customer, "Hello there")
    expect(agent.get_by_text("Hello there").first).to_be_visible(timeout=WAIT_MS)
    return agent


def say(customer: Page, text: str) -> None:
    customer.get_by_role("textbox", name="Message").fill(text)
    customer.keyboard.press("Enter")
    expect(customer.get_by_text(text).first).to_be_visible(timeout=WAIT_MS)


def ticket(context: BrowserContext, demo: Demo, session: str) -> str:
    """Ask for a right to dial a session, as its page does."""
    return str(context.request.get(f"{demo.address}/session/{session}/start").json()["ticket"])


def line(demo: Demo, session: str, right: str) -> connect:
    """Dial a session."""
    where = f"{demo.address.replace('http', 'ws', 1)}/session/{session}/socket?ticket={right}"
    return connect(where, origin=demo.address, compression=None)  # type: ignore[arg-type]


def end_of(socket: ClientConnection) -> int:
    """Read a line to its end and return the code it is closed with."""
    try:
        while True:
            socket.recv(20)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def is_locked(page: Page) -> bool:
    return page.get_by_role("heading", name="Locked").is_visible()


def keep_first_ignorant(context: BrowserContext) -> None:
    """Let the first session page believe that nothing is ever locked, as one that was tampered with might."""
    seen: list[str] = []

    def answer(route: Route) -> None:
        where = route.request.frame.url
        if "/session/" in where:
            seen.append(where)
        if seen and where == seen[0]:
            route.fulfill(json={"minutes": 0})
        else:
            route.fallback()

    context.route(re.compile(r"/console/(used|looked)$"), answer)


def use_one(console: Page, chat: Page, picture: Page) -> float:
    """Use one of the pages for a while, then none, for longer than a minute; return when it was used last."""
    start = time.monotonic()
    while time.monotonic() - start < USED_S:
        picture.mouse.move(200 + int(time.monotonic() * 10) % 100, 300)
        picture.wait_for_timeout(500)
    used = time.monotonic()
    while time.monotonic() - start < LOCK_S + 3:
        assert not any(is_locked(one) for one in (console, chat, picture)), "one page in use keeps all open"
        picture.wait_for_timeout(500)
    return used


@pytest.mark.feature("AGT-08")
def test_after_a_minute_without_use_nothing_is_seen_or_reached_until_the_password_is_given(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path
) -> None:
    console, customer = open_page(), open_page()
    context = console.context
    context.add_init_script(NOTE_ENDS)
    sign_in(console, demo)
    lock_after_a_minute(console, demo)
    keep_first_ignorant(context)
    console.goto(f"{demo.address}/console")
    chat = talk(console, customer, demo)
    with context.expect_page() as opened:
        console.get_by_role("button", name="Try it with a demo customer").click()
    picture = opened.value
    expect(picture.locator("#stage canvas").first).to_be_visible(timeout=WAIT_MS)
    session = re.search(r"/session/([^/?]+)", chat.url)
    assert session is not None

    used = use_one(console, chat, picture)
    late = ticket(context, demo, session[1])
    for page in (console, chat, picture):
        expect(page.get_by_role("heading", name="Locked")).to_be_visible(timeout=WAIT_MS)
    passed = time.monotonic() - used
    assert LOCK_S - 6 < passed < LOCK_S + 15

    assert chat.evaluate("() => sessionStorage.closed") == str(LOCKED), "a page that does not ask is cut off"
    with line(demo, session[1], late) as after:
        assert end_of(after) == LOCKED
    for page in (chat, picture):
        assert page.locator("canvas").count() == 0
        assert "Hello there" not in page.content()
    picture.screenshot(path=artifacts / "locked.png")
    asked = [
        context.request.get(f"{demo.address}/session/{session[1]}/start"),
        *(
            context.request.post(f"{demo.address}/console/{path}", data={})
            for path in (
                "sessions",
                f"sessions/{session[1]}/end",
                "used",
                "details",
                "keep-settings",
                "group",
            )
        ),
    ]
    assert {one.status for one in asked} == {423}
    assert all(set(json.loads(one.text())) <= {"reason", "values", "text"} for one in asked)
    chat.go_back()
    chat.wait_for_timeout(500)
    assert "Hello there" not in chat.content()
    chat.go_forward()
    chat.goto(f"{demo.address}/session/{session[1]}")
    expect(chat.get_by_role("heading", name="Locked")).to_be_visible()

    say(customer, "Are you still there?")
    chat.get_by_label("Password").fill("wrong wrong")
    chat.get_by_role("button", name="Unlock").click()
    expect(chat.get_by_role("alert")).to_contain_text("not your present password")
    chat.get_by_label("Password").fill(demo.passwords["agent"])
    chat.get_by_role("button", name="Unlock").click()
    expect(chat.get_by_text("Are you still there?").first).to_be_visible(timeout=WAIT_MS)
    expect(chat.get_by_text("Hello there").first).to_be_visible()
    picture.reload()
    expect(picture.locator("#stage canvas").first).to_be_visible(timeout=WAIT_MS)
    wait_until(
        lambda: context.request.post(f"{demo.address}/console/used", data={}).status == 200, "open", 10
    )
