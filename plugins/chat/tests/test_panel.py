"""The chat panel in a real browser, with a stand-in for the session page."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from deskside import texts

pytestmark = pytest.mark.browser
WEB = Path(str(files("deskside_chat"))) / "web"
LOOK = Path(str(files("deskside"))) / "look/look.css"
STUB = Path(__file__).with_name("stub.js")
KINDS = {".js": "text/javascript", ".css": "text/css"}
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Support</title>
<link rel="stylesheet" href="look.css"></head><body><main><h1>Support</h1></main></body></html>"""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
AGENT = {"id": 1, "name": "Lee Jun", "role": "agent"}
CUSTOMER = {"id": 2, "name": "Kim", "role": "customer"}
START = """async ([module, given]) => {
  const { makeUi } = await import("/stub.js");
  const { default: activate } = await import(`/web/${module}.js`);
  window.ui = makeUi(given);
  activate(window.ui);
}"""
Start = Callable[..., Page]


def serve(route: Route) -> None:
    name = urlsplit(route.request.url).path.removeprefix("/")
    if not name:
        route.fulfill(body=HTML, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        return
    path = {"look.css": LOOK, "stub.js": STUB}.get(name, WEB / name.removeprefix("web/"))
    route.fulfill(body=path.read_text(encoding="utf-8"), content_type=KINDS[path.suffix])


@pytest.fixture
def start(browser: Browser) -> Iterator[Start]:
    context = browser.new_context(
        viewport={"width": 900, "height": 700}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.route("**/*", serve)
    problems: list[str] = []

    def make(me: dict[str, Any], *, language: str = "en", scheme: str = "https", **given: object) -> Page:
        page = context.new_page()
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{scheme}://chat.test/")
        module = "customer" if me["role"] == "customer" else "agent"
        words = texts.load("deskside_chat").all(language)
        page.evaluate(START, [module, {"texts": words, "me": me, **given}])
        return page

    yield make
    context.close()
    assert not problems


def line(id_: int, text: str, sender: int = 2, **more: object) -> dict[str, object]:
    stamp = {"at": 1_800_000_000.0 + 60 * id_, "name": "Kim" if sender == 2 else "Lee Jun", "mark": 0}
    return {"id": id_, "sender": sender, "role": "customer", "text": text, **stamp, **more}


def tell(page: Page, type_: str, **fields: object) -> None:
    page.evaluate("([type, fields]) => ui.receive(type, fields)", [type_, fields])


def sent(page: Page) -> list[Any]:
    return list(page.evaluate("() => ui.sent"))


def shown(page: Page) -> list[str]:
    return page.locator(".chat-line .chat-text").all_inner_texts()


def open_panel(page: Page) -> None:
    page.evaluate("() => document.querySelector('section.chat').hidden = false")
    page.evaluate("() => { ui.panelState.isOpen = true; ui.panelState.onOpens.forEach((fn) => fn()); }")


@pytest.mark.feature("CHT-01", "CHT-03")
def test_the_customers_page_stands_open_sends_with_enter_and_shows_it_until_it_is_stamped(
    start: Start,
) -> None:
    page = start(CUSTOMER)
    entry = page.get_by_label("Write a message")
    entry.fill("first")
    entry.press("Shift+Enter")
    entry.type("second")
    entry.press("Enter")
    say = next(one for one in sent(page) if one[1] == "say")

    assert say[2]["text"] == "first\nsecond"
    assert page.locator(".chat-waiting").inner_text().startswith("You")
    tell(page, "said", line=line(1, "first\nsecond", mark=say[2]["mark"]))
    assert page.locator(".chat-waiting").count() == 0
    assert shown(page) == ["first\nsecond"]
    assert entry.input_value() == ""


def test_history_asked_again_after_a_reset_shows_every_line_once_and_in_order(start: Start) -> None:
    page = start(AGENT)
    open_panel(page)
    tell(page, "history", lines=[line(1, "a"), line(2, "b")], is_last=True)
    tell(page, "said", line=line(4, "d"))
    page.evaluate("() => ui.reset()")
    tell(page, "history", lines=[line(1, "a"), line(2, "b"), line(3, "c"), line(4, "d")], is_last=True)

    assert shown(page) == ["a", "b", "c", "d"]
    assert [one[1] for one in sent(page)].count("want_history") == 2


def test_lines_while_the_panel_is_closed_are_counted_and_announced(start: Start) -> None:
    page = start(AGENT)
    tell(page, "history", lines=[line(1, "old")], is_last=True)
    tell(page, "said", line=line(2, "help"))
    tell(page, "said", line=line(3, "mine", sender=1))
    tell(page, "said", line=line(4, "please", name="", sender=0))

    assert page.evaluate("() => ui.panelState.badge") == 2
    assert page.evaluate("() => ui.announced") == ["Kim wrote: help", "Customer wrote: please"]
    open_panel(page)
    assert page.evaluate("() => ui.panelState.badge") == 0


def test_an_input_methods_enter_does_not_send(start: Start) -> None:
    page = start(CUSTOMER)
    page.get_by_label("Write a message").fill("한")
    page.evaluate(
        """() => document.querySelector("textarea").dispatchEvent(new KeyboardEvent(
            "keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )

    assert not [one for one in sent(page) if one[1] == "say"]


def test_markup_stays_text_and_only_web_addresses_become_links(start: Start) -> None:
    page = start(AGENT)
    open_panel(page)
    evil = "<img src=x onerror=alert(1)> javascript:alert(1) see https://example.com/a, ok"
    tell(page, "said", line=line(1, evil, name="<b>Kim</b>"))

    assert shown(page) == [evil]
    links = page.locator(".chat-text a")
    assert links.all_inner_texts() == ["https://example.com/a"]
    assert links.get_attribute("rel") == "noopener noreferrer"
    assert page.locator(".chat-log img, .chat-log b").count() == 0


@pytest.mark.feature("CHT-15")
def test_the_agent_sees_the_draft_and_the_customer_is_told_that_he_does(start: Start) -> None:
    agent = start(AGENT, people=[{**CUSTOMER, "present": True}])
    open_panel(agent)
    tell(agent, "types", sender=2, name="Kim", role="customer", is_typing=True, text="my printer is")
    assert agent.locator(".chat-draft").inner_text() == "my printer is"
    agent.evaluate("() => { ui.people = []; ui.tellPeople(); }")
    assert agent.locator(".chat-draft").count() == 0

    customer = start(CUSTOMER, features={"chat.preview": {"state": "on", "reason": ""}})
    assert customer.get_by_text("can see what you type").is_visible()
    customer.get_by_label("Write a message").fill("my printer is")
    customer.wait_for_function("() => ui.sent.some((one) => one[1] === 'draft')")
    assert ["drafts", "draft", {"text": "my printer is"}] in sent(customer)


def test_without_preview_a_page_tells_only_that_somebody_types(start: Start) -> None:
    page = start(CUSTOMER)
    assert not page.get_by_text("can see what you type").is_visible()
    page.get_by_label("Write a message").fill("secret")
    page.wait_for_function("() => ui.sent.some((one) => one[1] === 'typing')")

    assert "secret" not in json.dumps(sent(page))


@pytest.mark.feature("CHT-13")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_conversation_is_copied_as_text(start: Start, scheme: str) -> None:
    page = start(AGENT, scheme=scheme)
    open_panel(page)
    tell(page, "history", lines=[line(1, "안녕"), line(2, "hello", sender=1)], is_last=True)
    page.get_by_role("button", name="Copy conversation").click()
    page.wait_for_function("() => ui.notices.length")
    entry = page.get_by_label("Write a message")
    entry.press("Control+v")

    copied = entry.input_value().splitlines()
    assert [one.partition("] ")[2] for one in copied] == ["Kim: 안녕", "Lee Jun: hello"]


def test_an_observer_has_no_entry(start: Start) -> None:
    page = start({**AGENT, "role": "observer"})
    open_panel(page)

    assert page.locator("textarea").count() == 0
    assert page.get_by_text("read along").is_visible()


LISTEN = """() => {
  window.heard = [];
  const context = new AudioContext();
  const ear = context.createScriptProcessor(8192, 1, 1);
  const pitch = (piece) => piece.filter((one, at) => at > 0 && one > 0 !== piece[at - 1] > 0).length / 2;
  ear.onaudioprocess = ({ inputBuffer }) => {
    const samples = inputBuffer.getChannelData(0);
    for (let at = 0; at < samples.length; at += 1024) {
      const piece = samples.slice(at, at + 1024);
      if (Math.max(...piece) > 0.02) heard.push((pitch(piece) / 1024) * context.sampleRate);
    }
  };
  ear.connect(context.destination);
  window.AudioContext = function () { return context; };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === context.destination) connect.call(this, ear);
    return connect.call(this, to, ...rest);
  };
}"""
"""Hears whatever the page plays, and notes the pitch of each piece that is loud enough."""


def heard(page: Page) -> None:
    """Wait until both tones have come out of the page, then forget them."""
    page.wait_for_function(
        "() => [660, 880].every((tone) => heard.some((one) => Math.abs(one - tone) < 50))", timeout=20_000
    )
    page.wait_for_timeout(1100)
    page.evaluate("() => { heard.length = 0; }")


@pytest.mark.feature("CHT-23")
def test_lines_of_others_are_heard_unless_the_reader_or_the_group_has_switched_it_off(start: Start) -> None:
    on = {"chat.sound": {"state": "on", "reason": ""}}
    page = start(AGENT, features=on)
    open_panel(page)
    page.get_by_label("Write a message").click()
    page.evaluate(LISTEN)
    tell(page, "history", lines=[line(1, "old")], is_last=True)
    tell(page, "said", line=line(2, "mine", sender=1))
    page.wait_for_timeout(300)
    assert page.evaluate("() => heard.length") == 0, "neither what was there before nor one's own"

    tell(page, "said", line=line(3, "help"))
    heard(page)

    switch = page.get_by_role("button", name="Sound")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    tell(page, "said", line=line(4, "help!"))
    page.wait_for_timeout(600)
    assert page.evaluate("() => heard.length") == 0
    page.reload()
    page.evaluate(
        START, ["agent", {"texts": texts.load("deskside_chat").all("en"), "me": AGENT, "features": on}]
    )
    open_panel(page)
    assert switch.get_attribute("aria-pressed") == "false", "the choice is kept"
    page.get_by_label("Write a message").click()
    page.evaluate(LISTEN)
    switch.click()
    heard(page)

    silent = start(AGENT)
    open_panel(silent)
    assert silent.get_by_role("button", name="Sound").count() == 0
    silent.get_by_label("Write a message").click()
    silent.evaluate(LISTEN)
    tell(silent, "said", line=line(3, "help"))
    silent.wait_for_timeout(600)
    assert silent.evaluate("() => heard.length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_breaks_no_rule_of_accessibility(start: Start, scheme: Any, artifacts: Path) -> None:
    page = start(CUSTOMER, language="ko", features={"chat.preview": {"state": "on", "reason": ""}})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("() => document.documentElement.lang = 'ko'")
    for number in range(1, 12):
        tell(
            page, "said", line=line(number, f"안녕하세요 https://example.com/{number}", sender=1 + number % 2)
        )
    tell(page, "types", sender=1, name="이준", role="agent", is_typing=True, text="")
    page.get_by_label("메시지를 입력하세요").fill("보내는 중")
    page.get_by_role("button", name="보내기").click()
    page.screenshot(path=artifacts / f"chat_panel_{scheme}.png")
    found = Axe().run(page)

    assert not found["violations"], json.dumps(found["violations"], indent=1)[:3000]
