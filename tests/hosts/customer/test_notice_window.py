"""The notice window as the person in front of the screen sees and uses it."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hosts.customer.theatre import ASK, SESSION, TITLE, Stage
from screens import Hand, Screen, wait_until

pytestmark = pytest.mark.screen
LIVE = (0x1A, 0x74, 0x40)


@pytest.mark.feature("NTC-01")
def test_it_stands_at_the_lower_right_and_says_that_support_runs(stage: Stage) -> None:
    stage.play("show", **SESSION)
    left, top, width, height = stage.window()

    assert (left + width, top + height) == (1280 - 12, 800 - 12)
    assert "Remote support in progress" in stage.texts()
    wait_until(lambda: tuple(stage.screen.grab()[top + 2, left + width // 2]) == LIVE, "a green strip")
    inside = stage.screen.grab()[top : top + height, left : left + width]
    assert np.any(np.all(inside == LIVE, axis=2)[10:40, 5:30]), "the dot that says that it runs"


def test_it_does_not_take_the_keyboard_from_the_customers_work(
    screen: Screen, start_stage: Callable[..., Stage], tmp_path: Path
) -> None:
    screen.python(Path(__file__).with_name("dragger.py"), tmp_path)
    work = screen.window("dragger")
    screen.do("windowactivate", "--sync", work)

    stage = start_stage(screen)
    stage.play("show", **SESSION)
    screen.window(TITLE)
    stage.play("ask", **ASK)
    time.sleep(0.5)

    assert screen.do("getwindowfocus").strip() == work
    screen.do("key", "space")
    screen.do("key", "Return")
    with pytest.raises(AssertionError):
        stage.expect("answer", 1.5)


def test_a_question_is_answered_per_feature(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("ask", **ASK)

    stage.click("tick control.keyboard")

    assert stage.say_yes() == {"answer": "yes", "allowed": ["control.mouse"]}


def test_no_is_no(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("ask", **ASK)

    stage.click("no")

    assert stage.expect("answer") == {"answer": "no", "allowed": []}


def test_a_click_meant_for_what_stood_there_before_is_no_yes(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("ask", **ASK)
    place = stage.where("yes")
    stage.click("no")
    stage.expect("answer")

    stage.play("ask", **ASK)
    stage.screen.do("mousemove", *place, "click", 1)

    with pytest.raises(AssertionError):
        stage.expect("answer", 1)


@pytest.mark.feature("CNS-16")
def test_the_seconds_run_down_to_no(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("ask", **ASK, seconds=2)

    asked = wait_until(lambda: "Use your mouse" in (found := stage.texts()) and found, "the question", 1.5)
    assert "Lee Jun (Hanbit Service) asks to:" in asked
    assert stage.expect("answer", 4) == {"answer": "timed_out", "allowed": []}


def test_the_agents_clicks_and_keys_do_not_answer_and_the_customers_do(
    hand: Hand, start_stage: Callable[..., Stage]
) -> None:
    stage = start_stage(hand)
    stage.play("show", **SESSION)
    stage.play("ask", **ASK)
    time.sleep(0.8)

    place = stage.where("yes")
    hand.do("mousemove", *place, "click", 1, "key", "space", "key", "Return", "key", "Escape")
    with pytest.raises(AssertionError):
        stage.expect("answer", 1)

    assert stage.say_yes()["answer"] == "yes"


def test_stop_stops_that_feature(stage: Stage) -> None:
    stage.play("show", **SESSION)

    stage.click("stop control.control")

    assert stage.action() == ("stop", "control.control")


def test_a_button_says_which(stage: Stage) -> None:
    stage.play("show", **SESSION)

    stage.click("press b1")

    assert stage.action() == ("press", "b1")


@pytest.mark.feature("NTC-13")
def test_it_folds_to_its_bar_and_unfolds_for_a_question(stage: Stage) -> None:
    stage.play("show", **SESSION)
    whole = stage.window()[3]

    stage.click("fold")
    bar = wait_until(lambda: stage.window()[3] < whole / 2 and stage.window(), "only the bar")
    stage.play("ask", **ASK)

    assert bar[1] + bar[3] == 800 - 12
    wait_until(lambda: stage.window()[3] > 2 * bar[3], "the question in full")


def test_closing_asks_first_and_then_ends(stage: Stage) -> None:
    stage.play("show", **SESSION)

    stage.click("close")
    stage.click("stay")
    stage.click("close")
    stage.click("end")

    assert stage.action() == ("end", "")


def test_closing_by_the_window_manager_asks_too(stage: Stage) -> None:
    stage.play("show", **SESSION)

    stage.press("alt+F4")
    stage.click("end")

    assert stage.action() == ("end", "")


def test_a_file_dropped_on_it_is_handed_over(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "보고서 & report.pdf"
    file.write_text("content")
    stage.screen.python(Path(__file__).with_name("dragger.py"), file)
    left, top, *_ = stage.screen.place_of(stage.screen.window("dragger"))
    stage.play("show", **SESSION, accepts_files=True)
    target = stage.window()

    stage.screen.drag((left + 50, top + 50), (target[0] + 100, target[1] + target[3] // 2))

    assert stage.action() == ("drop", [str(file)])


def test_dragging_the_bar_moves_it_but_never_out_of_sight(stage: Stage) -> None:
    stage.play("show", **SESSION)
    left, top, *_ = stage.window()

    stage.screen.drag((left + 60, top + 20), (100, 90))
    moved = stage.window()
    stage.screen.drag((moved[0] + 60, moved[1] + 20), (5, 5))

    assert abs(moved[0] - 40) < 8
    assert abs(moved[1] - 70) < 8
    assert stage.window()[:2] == (0, 0)


def test_the_end_names_everything_and_closing_it_ends_the_program(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("show", **{**SESSION, "state": "ended", "reason": "Lee Jun ended the support."})
    stage.screen.window("has ended")
    stage.play("leave")
    time.sleep(0.3)

    assert stage.process.poll() is None, "the end is read first"
    stage.press("Return")
    assert stage.process.wait(10) == 0


def test_the_code_is_typed_in_groups_and_a_mistake_is_never_given_on(stage: Stage) -> None:
    stage.play("code")
    stage.screen.do("windowactivate", "--sync", stage.screen.window(TITLE))
    stage.screen.do("type", "--delay", "20", "123456789")
    stage.screen.do("key", "Return")
    with pytest.raises(AssertionError):
        stage.expect("code", 0.7)

    stage.screen.do("key", "BackSpace")
    right = wrong_digit_fixed("12345678")
    stage.screen.do("type", right)
    stage.screen.do("key", "Return")

    assert stage.expect("code") == "12345678" + right


def wrong_digit_fixed(body: str) -> str:
    """Return the check digit of eight digits."""
    from deskside.pairing import Code  # noqa: PLC0415

    return Code(body[:4], body[4:]).digits()[-1]


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_it_stays_whole_at_other_scales(
    screen: Screen, start_stage: Callable[..., Stage], scale: str
) -> None:
    stage = start_stage(screen, "ko", QT_SCALE_FACTOR=scale)
    stage.play("show", **SESSION)
    left, top, width, height = stage.window()

    assert width == 280 * float(scale)
    assert left >= 0
    assert top >= 0
    assert left + width <= 1280
    assert top + height <= 800


@pytest.mark.feature("CON-17")
def test_the_session_password_is_four_digits_and_nothing_less_is_given_on(stage: Stage) -> None:
    stage.play("password")
    stage.screen.do("windowactivate", "--sync", stage.screen.window(TITLE))
    stage.screen.do("type", "--delay", "20", "48a2")
    stage.screen.do("key", "Return")
    with pytest.raises(AssertionError):
        stage.expect("password", 0.7)
    assert any("Four digits that your agent tells you" in text for text in stage.texts())

    stage.screen.do("type", "--delay", "20", "7")
    stage.screen.do("key", "Return")

    assert stage.expect("password") == "4827"
