"""The session page in every state, as agents, observers and customers see and use it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hosts.viewer.web.far_ends import PAGE
from hosts.viewer.web.probe import SPECS, Line
from hosts.viewer.web.scenes import (
    LONG_NAME,
    SIZES,
    assert_accessible,
    assert_fits,
    console,
    desk,
    far,
    open_session,
    resize,
    until,
    wait,
    waiting,
)
from hosts.viewer.web.stand_in import StandIn, plugin
from playwright.sync_api import Page, expect

from deskside.declare import Role
from deskside.link import End, FeatureNow, FeatureState, Outcome, Person, Request, Retry, Stopped
from deskside.notice import SessionState

pytestmark = pytest.mark.browser

Start = Callable[..., StandIn]
OpenPage = Callable[..., Page]
SCENES: dict[str, Callable[[], dict[str, Any]]] = {
    "live": desk,
    "waiting": lambda: desk(
        far=far(SessionState.WAITING, customer=""),
        console=console(waiting(id="one", reason="waiting.code_burned")),
    ),
    "connecting": lambda: desk(far=far(SessionState.CONNECTING)),
    "agreeing": lambda: desk(far=far(SessionState.AGREEING)),
    "suspended": lambda: desk(far=far(SessionState.SUSPENDED)),
    "ended": lambda: desk(far=far(SessionState.ENDED, reason="ended.customer", by="Kim Minji")),
    "long": lambda: desk(far=far(customer=LONG_NAME)),
    "talk": lambda: desk(kind="chat"),
    "customer": lambda: desk(kind="chat", far=far(role=Role.CUSTOMER)),
    "observer": lambda: desk(far=far(role=Role.OBSERVER)),
}  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scene", SCENES)
def test_every_state_is_accessible_and_fits_every_window(
    stand_in: Start, open_page: OpenPage, artifacts: Path, scene: str, scheme: str
) -> None:
    server = stand_in(**SCENES[scene]())
    page = open_session(server, open_page(color_scheme=scheme, viewport=SIZES["1440x900"]))

    for size in SIZES:
        resize(page, size)
        assert_fits(page)
        page.screenshot(path=artifacts / f"session-{scene}-{size}-{scheme}.png")
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["ko-KR", "zh-CN", "ja-JP"])
@pytest.mark.parametrize("scene", ["live", "waiting", "suspended", "ended"])
def test_other_languages_fit_too_and_no_text_is_missing(
    stand_in: Start, open_page: OpenPage, artifacts: Path, scene: str, locale: str
) -> None:
    server = stand_in(**SCENES[scene]())
    page = open_session(server, open_page(locale=locale, viewport=SIZES["1024x768"]))

    for size in ("1024x768", "390x844"):
        resize(page, size)
        assert_fits(page)
        page.screenshot(path=artifacts / f"session-{scene}-{size}-{locale}.png")
    assert not re.findall(
        r"\b(?:session|console|refused|feature)\.[a-z_.]+", page.locator("body").inner_text()
    )


def test_menus_panels_and_dialogs_are_accessible_when_open(
    stand_in: Start, open_page: OpenPage, artifacts: Path
) -> None:
    server = stand_in(**desk())
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))

    page.get_by_role("button", name="Control", exact=True).click()
    assert_accessible(page)
    page.screenshot(path=artifacts / "session-menu.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Chat, 2 new").click()
    expect(page.get_by_role("region", name="Chat")).to_be_visible()
    assert_accessible(page)
    page.screenshot(path=artifacts / "session-panel.png")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    assert_accessible(page)
    page.screenshot(path=artifacts / "session-keys.png")


def test_the_page_works_with_the_keyboard_alone(stand_in: Start, open_page: OpenPage) -> None:
    page = open_session(stand_in(**desk()), open_page(viewport=SIZES["1440x900"]))

    page.keyboard.press("Control+Alt+b")
    expect(page.get_by_role("button", name="Control mouse and keyboard")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Control mouse and keyboard")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Type the clipboard")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Pressed")).to_be_visible()
    expect(page.get_by_role("button", name="Control", exact=True)).to_be_focused()
    page.keyboard.press("Control+Alt+p")
    expect(page.get_by_label("Message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat, 2 new")).to_be_focused()
    page.keyboard.press("Control+Alt+s")
    expect(page.get_by_role("region", name="The customer's screen")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_a_greyed_item_says_why_to_mouse_keyboard_and_screen_reader(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(**desk())
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))
    why = "Your group has this switched off. Your administrator can change it."

    page.get_by_role("button", name="Control", exact=True).click()
    item = page.get_by_role("menuitem", name="Send Ctrl+Alt+Del")
    expect(item).to_contain_text(why)
    expect(item).to_have_attribute("aria-disabled", "true")
    item.click(force=True)
    expect(page.get_by_text("Pressed")).to_have_count(0)

    page.keyboard.press("Escape")
    server.do(lambda: server.far.say(evolve(server.far.now, state=SessionState.SUSPENDED)))
    pen = page.get_by_role("button", name="Pen")
    expect(pen).to_have_attribute("aria-disabled", "true")
    pen.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("The connection is lost.")


def test_the_view_steps_down_fits_and_takes_its_shortcuts(stand_in: Start, open_page: OpenPage) -> None:
    page = open_session(stand_in(**desk()), open_page(viewport=SIZES["1440x900"]))
    picture = page.locator("canvas.picture")

    def width() -> int:
        return round(picture.evaluate("one => one.getBoundingClientRect().width"))

    fitting = width()
    step = page.get_by_role("button", name="Change size")
    seen = []
    for _ in range(5):
        step.click()
        seen.append(width())
    page.keyboard.press("Control+Alt+ArrowDown")
    smaller = width()

    assert seen == [1920, 1440, 960, 480, fitting]
    assert smaller < fitting
    scale = page.evaluate("desk.ui.stage.geometry().scale")
    assert scale == pytest.approx(0.5)
    box = page.evaluate("desk.ui.stage.geometry()")
    point = page.evaluate("([x, y]) => desk.ui.stage.toScreen(x, y)", [box["x"] + 50.5, box["y"] + 10.5])
    assert point == {"x": 101, "y": 21}
    assert page.evaluate("desk.ui.stage.toScreen(1, 1)") is None


def test_full_screen_is_entered_and_left(stand_in: Start, open_page: OpenPage) -> None:
    page = open_session(stand_in(**desk()), open_page(viewport=SIZES["1440x900"]))

    page.get_by_role("button", name="Full screen").click()
    until(page, "document.body.dataset.full === 'true'")
    page.keyboard.press("Control+Alt+Enter")

    until(page, "document.body.dataset.full === 'false'")


def test_a_module_that_fails_is_switched_off_and_the_session_goes_on(
    stand_in: Start, open_page: OpenPage
) -> None:
    names = list(SPECS)
    server = stand_in(
        plugins=[plugin("broken", "broken", []), plugin("probe", "faulty", names), plugin("desk", "desk", [])]
    )
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))
    expect(page.get_by_text("“broken” does not work on this page")).to_be_visible()
    page.get_by_role("button", name="Tools", exact=True).click()
    expect(page.get_by_role("menuitem", name="Faulty tool")).to_be_visible()
    page.keyboard.press("Escape")

    server.do(server.far.ports["probe.talk"].send, Line(1), PAGE, lambda: [PAGE])

    expect(page.get_by_text("“probe” does not work on this page")).to_be_visible()
    page.get_by_role("button", name="Tools", exact=True).click()
    expect(page.get_by_role("menuitem", name="Faulty tool")).to_have_count(0)
    assert page.evaluate("document.body.dataset.screen") == "active"


def test_the_line_lost_and_found_shows_and_hides_with_the_last_picture_in_place(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(**desk())
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))

    page.context.set_offline(True)
    server.drop()

    expect(page.get_by_text("Connection lost, trying again")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Your own connection to the server")).to_be_visible()
    expect(page.locator("canvas.picture")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Connection lost, trying again")).to_have_count(0, timeout=20_000)


def test_requests_are_answered_with_words(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(**desk())

    def answer(message: object) -> None:
        if isinstance(message, Request):
            server.far.say(Outcome(message.id, (), "consent", "refused.consent.timed_out", ()))

    server.far.on_core = answer
    page = open_session(server, open_page())

    outcome = page.evaluate("desk.ui.request(['desk.refused'], 'report.pdf')")

    assert outcome == {
        "granted": False, "keys": [], "reason": "The customer did not answer in time. You can ask again.",
    }  # fmt: skip


def test_a_stopped_plugin_can_be_started_again_from_its_notice(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(**desk())
    said: list[object] = []
    server.far.on_core = said.append
    page = open_session(server, open_page())

    server.do(lambda: server.far.say(Stopped("desk", "stopped.raised")))
    page.get_by_role("button", name="Start again").click()

    wait(page, lambda: said == [Retry("desk")], "the wish to start it again")


def test_the_same_notice_again_takes_the_place_of_the_first(stand_in: Start, open_page: OpenPage) -> None:
    page = open_session(stand_in(**desk()), open_page())

    page.evaluate("for (const text of ['saved', 'sent', 'saved']) desk.ui.notify(text)")

    expect(page.locator(".notice")).to_have_text(["sent", "saved"])


def test_ending_asks_first_and_then_shows_who_ended_when_and_how_long(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(**desk())
    said: list[object] = []
    server.far.on_core = said.append
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))

    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="End support").click()
    wait(page, lambda: said == [End("ended.agent")], "the wish to end it")
    now = server.far.now
    over = evolve(now, state=SessionState.ENDED, reason="ended.agent", by="Lee Jun", ended=now.began + 754)
    server.do(lambda: server.far.say(over))

    expect(page.get_by_role("heading", name="Support ended")).to_be_visible()
    expect(page.get_by_text("Lee Jun ended the support.")).to_be_visible()
    expect(page.locator("dd", has_text="12:34")).to_be_visible()
    page.get_by_role("button", name="New support").click()
    page.wait_for_url("**/session/new-one")
    assert server.asked == [("sessions", {"kind": "pc"})]


def test_the_waiting_page_shows_the_number_passes_it_on_and_takes_a_new_one(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(**SCENES["waiting"]())
    page = open_page(viewport=SIZES["1440x900"], permissions=["clipboard-read", "clipboard-write"])
    open_session(server, page)

    expect(page.locator("output")).to_contain_text("482710935")
    expect(page.get_by_text("Somebody typed a wrong number")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Valid for 9:\d\d"))).to_be_visible()
    page.get_by_role("button", name="Copy invitation").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "482 710 935" in copied
    assert "https://help.example.com/start/48271#0935" in copied
    page.get_by_role("button", name="New number").click()
    wait(page, lambda: server.asked == [("sessions/one/code", {})], "the wish for a number")
    server.console = console(waiting(id="one", code="111 222 333"))
    server.push_console()
    expect(page.locator("output")).to_contain_text("111222333")


def test_observers_have_no_menus_that_act_and_customers_only_talk(
    stand_in: Start, open_page: OpenPage
) -> None:
    observer = open_session(stand_in(**SCENES["observer"]()), open_page(viewport=SIZES["1440x900"]))
    expect(observer.get_by_role("button", name="View", exact=True)).to_be_visible()
    for name in ("Control", "Draw", "Tools", "End"):
        expect(observer.get_by_role("button", name=name, exact=True)).to_have_count(0)

    customer = open_session(stand_in(**SCENES["customer"]()), open_page())
    expect(customer.get_by_role("heading", name="Lee Jun (Hanbit Service)")).to_be_visible()
    expect(customer.get_by_label("Message")).to_be_visible()
    expect(customer.get_by_role("button", name="Save the conversation")).to_be_visible()
    assert customer.evaluate("desk.ui.stage") is None
    assert customer.locator(".stage").count() == 0


def test_a_customer_with_only_a_browser_turns_the_agents_page_into_a_talk(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(**desk())
    page = open_session(server, open_page(viewport=SIZES["1440x900"]))
    assert page.evaluate("document.body.dataset.layout") == "stage"

    server.far.people.append(Person(2, "Kim Minji", Role.CUSTOMER, True))
    server.do(server.far.tell)

    until(page, "document.body.dataset.layout === 'talk'")
    expect(page.get_by_label("Message")).to_be_visible()


def test_a_feature_that_comes_on_makes_its_module_ask_for_the_present_state(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in()
    server.far.features["probe.use"] = FeatureNow("probe.use", FeatureState.ASK)
    page = open_page()
    page.goto(f"{server.address}/session/one")
    until(page, "window.probe?.ui.feature('use').state === 'ask'")
    assert server.far.wishes == []

    server.far.features["probe.use"] = FeatureNow("probe.use", FeatureState.ON)
    server.do(server.far.tell)

    until(page, "probe.resets.length === 4")


def test_a_module_is_told_which_gate_says_no_and_why(stand_in: Start, open_page: OpenPage) -> None:
    page = open_session(stand_in(**desk()), open_page())

    told = page.evaluate("desk.ui.feature('desk.refused')")

    assert (told["state"], told["gate"]) == ("refused", "group")
    assert told["reason"] == "Your group has this switched off. Your administrator can change it."
