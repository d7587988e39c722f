"""Several monitors: chosen, stepped through, and followed while they come, go and change."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from screens import Screen, wait_until

from deskside_screen.camera import Camera
from deskside_screen.capture import Layout, Monitor, MssDesktop
from deskside_screen.messages import Monitors, MonitorShape
from deskside_screen.tiles import Box
from deskside_screen.watch import watch_for

from .desk_page import give, serving
from programs import CHROMIUM_OPTIONS, chromium

EVERYTHING = Box(0, 0, 640, 400)
LEFT, RIGHT = Monitor(1, "left", Box(0, 0, 320, 400)), Monitor(2, "right", Box(320, 0, 320, 400))
SHAPES = tuple(MonitorShape(number, "", 320 * (number - 1), 0, 320, 400) for number in (1, 2, 3))


def rearrange(rig: Any, *monitors: Monitor) -> None:
    """Give the desktop other monitors and let the camera find that out."""
    rig.desktop.layout = Layout(EVERYTHING, monitors)
    rig.desktop._is_new = True
    rig.desktop.now += 2
    rig.steps(3)


@pytest.mark.feature("SCR-02")
def test_the_chosen_monitor_is_followed_by_name_whatever_its_number(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.steps(2)
    rig.camera.chosen = 2
    rig.steps(2)
    assert page.shows(rig.desktop.pixels[:, 320:])

    rearrange(rig, Monitor(1, "right", Box(320, 0, 320, 400)))
    assert page.shows(rig.desktop.pixels[:, 320:])
    assert rig.session.layouts[-1][1] == 1

    rearrange(rig, LEFT)
    assert page.shows(rig.desktop.pixels)
    assert rig.session.layouts[-1][1] == 0

    rearrange(rig, LEFT, Monitor(2, "right", Box(320, 0, 200, 300)))
    assert page.shows(rig.desktop.pixels[:300, 320:520])
    assert rig.session.layouts[-1][1] == 2


def test_a_choice_counts_whatever_was_chosen_before_and_none_that_is_not_there(make_rig, document) -> None:
    rig = make_rig()
    rig.desktop.paint(EVERYTHING, document(640, 400))
    page = rig.session.join(1)
    rig.camera.chosen = 2
    rig.steps(2)
    rearrange(rig, Monitor(1, "right", RIGHT.box), Monitor(2, "other", LEFT.box))

    rig.camera.chosen = 2
    rig.steps(2)
    assert page.shows(rig.desktop.pixels[:, :320])

    rig.camera.chosen = 9
    rig.steps(2)
    assert page.shows(rig.desktop.pixels)
    assert rig.session.layouts[-1][1] == rig.camera.chosen == 0
    frames = len(page.frames)
    rig.steps(5)
    assert len(page.frames) == frames


# A real X server.


def put(screen: Screen, name: str, place: str, output: str = "none") -> None:
    """Make a part of the screen a monitor."""
    step = ["--setmonitor", name, place, output]
    subprocess.run(["xrandr", "--display", screen.name, *step], check=True)


def remove(screen: Screen, name: str) -> None:
    """Take a monitor away."""
    subprocess.run(["xrandr", "--display", screen.name, "--delmonitor", name], check=True)


@pytest.fixture
def real(xvfb: Screen, make_session: Callable[[], Any]) -> Iterator[tuple[Camera, Any]]:
    session = make_session()
    camera = Camera(partial(MssDesktop, partial(watch_for, "fast"), xvfb.name), session)
    thread = threading.Thread(target=camera.run)
    thread.start()
    yield camera, session
    camera.stop()
    thread.join(40)
    camera.bell.close()
    assert not thread.is_alive()


@pytest.mark.screen
@pytest.mark.feature("SCR-02")
def test_real_monitors_come_go_and_change_their_size_while_one_looks(xvfb: Screen, real: Any) -> None:
    camera, session = real
    root = xvfb.connect().screen().root
    root.fill_rectangle(root.create_gc(foreground=0x336699), 0, 0, 640, 800)
    root.fill_rectangle(root.create_gc(foreground=0x996633), 640, 0, 640, 800)
    root.get_geometry()
    page = session.join(1, room=1 << 40)

    def sees(left: int, width: int, height: int) -> bool:
        wanted = xvfb.grab()[:height, left : left + width]
        return page.canvas is not None and np.array_equal(page.canvas, wanted)

    def names() -> list[str]:
        return [one.name for one in session.layouts[-1][0].monitors] if session.layouts else []

    put(xvfb, "first", "640/160x800/200+0+0", "screen")
    put(xvfb, "second", "640/160x800/200+640+0")
    camera.bell.ring()
    wait_until(lambda: names() == ["first", "second"], "two monitors", 40)
    camera.chosen = 2
    camera.bell.ring()
    wait_until(lambda: sees(640, 640, 800), "the second", 40)

    remove(xvfb, "second")
    put(xvfb, "second", "320/80x400/100+800+0")
    wait_until(lambda: sees(800, 320, 400), "the second, smaller", 40)

    remove(xvfb, "second")
    wait_until(lambda: session.layouts[-1][1] == 0 and names() == ["first"], "the second is gone", 40)

    put(xvfb, "second", "640/160x800/200+640+0")
    wait_until(lambda: session.layouts[-1][1] == 2 and sees(640, 640, 800), "the second is back", 40)


# The page, with real keys.


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        yield one
        one.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with ExitStack() as ends:
        address = ends.enter_context(serving())
        context = browser.new_context()
        ends.callback(context.close)
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.desk?.sent.length")
        yield page


def chosen(page: Page) -> list[int]:
    sent = page.evaluate("desk.sent")
    return [fields["number"] for _, name, fields in sent if name == "choose_monitor"]


@pytest.mark.browser
@pytest.mark.feature("SCR-02")
@pytest.mark.feature("SCR-03")
@pytest.mark.parametrize("second", ["Meta", "Alt"], ids=["Win", "Alt"])
def test_keys_step_through_the_monitors_and_choose_one(page: Page, second: str) -> None:
    give(page, "view", Monitors(2, SHAPES))
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(f"Control+{second}+{key}")
    wait_until(lambda: chosen(page) == [3, 2, 1], "the next and those before", 40)

    give(page, "view", Monitors(3, SHAPES))
    page.keyboard.press(f"Control+{second}+ArrowRight")
    give(page, "view", Monitors(0, SHAPES))
    page.keyboard.press(f"Control+{second}+ArrowLeft")
    page.keyboard.press(f"Control+{second}+w")

    wait_until(lambda: chosen(page)[3:] == [1, 3, 3], "around the end, from all, and the one asked for", 40)


@pytest.mark.browser
def test_with_one_monitor_there_is_nothing_to_choose(page: Page) -> None:
    give(page, "view", Monitors(0, SHAPES))
    give(page, "view", Monitors(0, SHAPES[:1]))

    page.keyboard.press("Control+Alt+ArrowRight")
    page.evaluate("desk.sent.push(['end'])")

    assert chosen_before_end(page) == []


def chosen_before_end(page: Page) -> list[Any]:
    sent = page.evaluate("desk.sent")
    return [one for one in sent[: sent.index(["end"])] if one[1] == "choose_monitor"]
