"""The agent's page in a real browser: its button, its mouse, and what it says about control."""

import pytest

from .agent_page import Agent

pytestmark = pytest.mark.browser


def test_the_button_asks_for_both_at_once_takes_and_gives_back(new_agent: Agent) -> None:
    assert new_agent.sent() == [["want_state", {}]]
    new_agent.receive("controller_changed", participant=0, has_mouse=False, has_keyboard=False)
    assert new_agent.button("control.button")["pressed"] is False

    new_agent.press("control.button")
    new_agent.receive("controller_changed", participant=1, has_mouse=True, has_keyboard=True)

    assert new_agent.page.evaluate("it.asked") == [["control.mouse", "control.keyboard"]]
    assert new_agent.sent("take") == [["take", {}]]
    assert new_agent.button("control.button")["pressed"] is True
    assert new_agent.page.evaluate("it.status") == "control.status.you"
    new_agent.press("control.button")
    assert new_agent.sent("give_back") == [["give_back", {}]]


def test_nothing_is_taken_when_the_customer_says_no(new_agent: Agent) -> None:
    new_agent.page.evaluate("it.answer = {granted: false, keys: [], reason: 'The customer said no.'}")

    new_agent.press("control.button")

    assert new_agent.sent("take") == []
    assert new_agent.page.evaluate("it.notified") == ["The customer said no."]


def test_only_what_can_be_had_is_asked_for_and_a_button_without_use_says_why(new_agent: Agent) -> None:
    off = "it.feature('control.{}', {{state: 'refused', reason: 'Your group has it off.'}})"
    new_agent.page.evaluate(off.format("mouse"))
    new_agent.press("control.button")
    assert new_agent.page.evaluate("it.asked") == [["control.keyboard"]]

    new_agent.page.evaluate(off.format("keyboard"))

    assert new_agent.button("control.button")["disabled"] is True
    assert new_agent.button("control.button")["reason"] == "Your group has it off."


@pytest.mark.parametrize("new_agent", [{"hash": "#auto"}], indirect=True)
def test_with_the_option_control_is_asked_for_without_the_button(new_agent: Agent) -> None:
    new_agent.receive("controller_changed", participant=0, has_mouse=False, has_keyboard=False)
    new_agent.page.wait_for_function("it.sent.some(([type]) => type === 'take')")
    new_agent.receive("controller_changed", participant=0, has_mouse=False, has_keyboard=False)

    assert new_agent.page.evaluate("it.asked") == [["control.mouse", "control.keyboard"]]


def test_the_status_names_who_controls(new_agent: Agent) -> None:
    new_agent.controls(who=2)
    assert new_agent.page.evaluate("it.status") == "control.status.other Park"
    new_agent.controls()
    new_agent.receive("suspended")
    assert new_agent.page.evaluate("it.status") == "control.status.customer"
    new_agent.receive("resumed")
    assert new_agent.page.evaluate("it.status") == "control.status.you"


def test_who_steers_has_the_shape_of_the_customers_pointer(agent: Agent) -> None:
    own = "getComputedStyle(document.querySelector('.picture')).cursor"
    steers = "document.getElementById('stage').hasAttribute('data-steers')"
    plain = agent.page.evaluate(own)
    shape = "url(data:image/png;base64,AA) 1 2, help"
    agent.page.evaluate(
        "(shape) => document.getElementById('stage').style.setProperty('--remote-cursor', shape)", shape
    )

    shaped = agent.page.evaluate(own)
    assert agent.page.evaluate(steers)
    agent.controls(mouse=False)

    assert plain == "crosshair"
    assert shaped == 'url("data:image/png;base64,AA") 1 2, help'
    assert not agent.page.evaluate(steers)
    assert agent.page.evaluate(own) == "auto"


def test_clicks_are_sent_at_the_customers_pixel_with_the_keys_held(agent: Agent) -> None:
    agent.page.mouse.move(300, 150)
    agent.page.keyboard.down("Shift")
    agent.page.mouse.click(400, 250)
    agent.page.mouse.click(401, 250, button="right")
    agent.page.keyboard.up("Shift")

    place = {"x": 600, "y": 400, "modifiers": ["Shift"]}
    assert agent.sent("button_pressed") == [
        ["button_pressed", {"button": 0, "is_down": True, **place}],
        ["button_pressed", {"button": 0, "is_down": False, **place}],
        ["button_pressed", {"button": 2, "is_down": True, **place, "x": 602}],
        ["button_pressed", {"button": 2, "is_down": False, **place, "x": 602}],
    ]


def test_moves_are_sent_once_per_frame_and_wait_for_room(agent: Agent) -> None:
    agent.page.evaluate("it.holdBack = true")

    agent.page.mouse.move(200, 100)
    agent.page.mouse.move(600, 400, steps=40)
    agent.page.wait_for_timeout(100)
    while_held = agent.sent("pointer_moved")
    agent.page.evaluate("it.holdBack = false; for (const go of it.waiting) go();")
    agent.until(lambda: len(agent.sent("pointer_moved")) > 1, "the latest place")

    assert len(while_held) == 1
    assert agent.sent("pointer_moved")[1:] == [["pointer_moved", {"x": 1000, "y": 700}]]


def test_a_drag_beyond_the_picture_ends_at_its_edge(agent: Agent) -> None:
    agent.page.mouse.move(500, 300)
    agent.page.mouse.down()
    agent.page.mouse.move(1200, 300)
    agent.page.mouse.up()

    last = agent.sent("button_pressed")[-1][1]
    assert (last["is_down"], last["x"], last["y"]) == (False, 1599, 500)


def test_the_wheel_is_sent_in_notches_and_remainders_add_up(agent: Agent) -> None:
    agent.page.mouse.move(500, 300)
    for _ in range(5):
        agent.page.mouse.wheel(0, 50)
    agent.page.mouse.wheel(-100, 0)
    agent.until(lambda: len(agent.sent("wheel_turned")) >= 3, "the turns")

    turned = [(fields["right"], fields["down"]) for _, fields in agent.sent("wheel_turned")]
    assert turned == [(0, 1), (0, 1), (-1, 0)]


def test_without_the_mouse_nothing_of_it_is_sent(agent: Agent) -> None:
    agent.controls(mouse=False)

    agent.page.mouse.click(400, 250)
    agent.page.mouse.wheel(0, 200)
    agent.page.wait_for_timeout(50)

    assert agent.sent("pointer_moved", "button_pressed", "wheel_turned") == []


def test_a_spared_window_is_said_in_one_notice_that_goes_once_control_is_back(agent: Agent) -> None:
    agent.page.clock.install()
    for _ in range(5):
        agent.receive("prompt_spared")
        agent.page.clock.run_for(2000)
    assert agent.page.evaluate("it.shown") == ["control.spared"]
    assert agent.page.evaluate("it.notified") == ["control.spared"]

    agent.receive("suspended")
    agent.page.clock.run_for(20_000)
    assert agent.page.evaluate("it.shown") == ["control.spared"]
    agent.receive("resumed")
    agent.page.clock.run_for(3000)
    assert agent.page.evaluate("it.shown") == ["control.spared"]
    agent.page.clock.run_for(2000)

    assert agent.page.evaluate("it.shown") == []
    agent.receive("prompt_spared")
    assert agent.page.evaluate("it.shown") == ["control.spared"]


def test_nothing_stays_on_the_page_when_the_module_goes(agent: Agent) -> None:
    agent.page.keyboard.down("x")

    agent.page.evaluate("for (const dispose of it.disposed) dispose()")
    agent.page.mouse.click(400, 250)

    assert agent.strokes() == [("x", True), ("x", False)]
    assert agent.sent("button_pressed") == []
    assert agent.page.locator("textarea, link").count() == 0
