"""The crossing between the session's thread and Qt's, with the real threads."""

import time

import pytest
from hosts.customer.theatre import ASK, SESSION, TITLE, Stage
from screens import wait_until

pytestmark = pytest.mark.screen
RED = (255, 0, 0)


def is_red(stage: Stage) -> bool:
    return tuple(stage.screen.grab()[140, 140]) == RED


def test_ten_thousand_posted_calls_keep_their_order(stage: Stage) -> None:
    stage.play("strokes", calls=10_000)

    assert stage.expect("count") == [10_000, 1]


def test_a_frozen_session_takes_the_agents_drawing_off_the_screen(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.play("strokes")
    stage.expect("count")
    wait_until(lambda: is_red(stage), "the drawing")
    height = stage.window()[3]

    begun = time.monotonic()
    stage.play("freeze", seconds=7)
    wait_until(lambda: not is_red(stage), "the drawing gone", 6)
    gone_after = time.monotonic() - begun

    assert gone_after < 4.5
    wait_until(lambda: stage.window()[3] > height, "the notice says so")
    wait_until(lambda: is_red(stage), "the drawing back with the session", 10)


def test_a_frozen_window_means_no_and_the_session_goes_on(stage: Stage) -> None:
    stage.play("show", **SESSION)
    stage.screen.window(TITLE)

    stage.play("freeze_qt", seconds=6)
    stage.play("ask", **ASK, seconds=30)

    assert stage.expect("answer", 5)["answer"] == "timed_out"


def test_ending_a_session_that_does_not_listen_ends_the_program(stage: Stage) -> None:
    stage.play("show", **SESSION)
    close = stage.where("close")
    stage.play("freeze", seconds=30)
    height = stage.window()[3]
    wait_until(lambda: stage.window()[3] > height, "the notice says so", 6)

    top = stage.window()[1]
    stage.screen.do("mousemove", close[0], top + 20, "click", 1)
    time.sleep(0.5)
    stage.screen.do(
        "windowactivate", "--sync", stage.screen.window(TITLE), "key", "shift+Tab", "key", "space"
    )

    assert stage.process.wait(10) == 1
