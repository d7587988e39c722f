"""Both sides of a session in memory: pictures reach pages, a pause stops them, only a yes resumes them."""

import time
from collections.abc import Callable
from typing import Any

import anyio
import numpy as np
import pytest

from deskside.api import Consent, Feature, Machine, PluginInfo, Role, hookimpl
from deskside.grants import Answer
from deskside.notice import Answered as Said
from deskside.testing import Page, pair, plugin
from deskside_screen import host
from deskside_screen import plugin as declared
from deskside_screen.messages import Answered, AskResume, ChooseMonitor, Monitors, Tiles, WantState
from deskside_screen.tiles import Box

pytestmark = pytest.mark.anyio
SCREEN = plugin("screen", plugin=declared, host=host)
EVERYTHING = Box(0, 0, 640, 400)
FRAMES, VIEW, RESUME = "screen.frames", "screen.view", "screen.resume"


class Hands:
    """A plugin that works on what is shown, as a control would."""

    class Declared:
        @staticmethod
        @hookimpl
        def deskside_plugin() -> PluginInfo:
            return PluginInfo(name="hands", version="1.0")

        @staticmethod
        @hookimpl
        def deskside_features() -> tuple[Feature, ...]:
            return (
                Feature(key="hands.use", consent=Consent.ONCE, indicator=True, needs=(declared.GEOMETRY,)),
            )


def paused(page: Page) -> bool:
    return page.features[declared.SEE].is_paused


class Watching:
    """A page that decodes what comes."""

    def __init__(self, page: Page, decoder: Any) -> None:
        self.page, self.decoder, self._taken = page, decoder, 0
        page.listen(FRAMES)

    def shows(self, picture: Any) -> bool:
        """Tell whether every pixel is the source's by now."""
        messages = self.page.media[FRAMES]
        for message, _ in messages[self._taken :]:
            self.decoder.take(message)
        self._taken = len(messages)
        return bool(self.decoder.shows(picture))

    async def until(self, picture: Any) -> None:
        """Wait until every pixel is the source's."""
        await self.page.until(lambda: self.shows(picture))


@pytest.fixture
def watch(make_decoder: Callable[[], Any]) -> Callable[[Page], Watching]:
    return lambda page: Watching(page, make_decoder())


@pytest.mark.feature("SCR-01")
async def test_a_page_sees_the_desktop_and_what_changes_on_it(desktop, document, watch) -> None:
    desktop.paint(EVERYTHING, document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        watching = watch(await kit.page())
        await watching.until(desktop.pixels)

        desktop.paint(Box(10, 10, 30, 20), 0x336699)

        await watching.until(desktop.pixels)


@pytest.mark.feature("SCR-02")
async def test_an_agent_chooses_a_monitor_and_an_observer_does_not(desktop, document, watch) -> None:
    desktop.paint(EVERYTHING, document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        agent, observer = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        watching = watch(agent)
        await watching.until(desktop.pixels)
        await observer.send(VIEW, ChooseMonitor(1))
        await observer.send(VIEW, WantState())
        told = await observer.receive(VIEW, Monitors)
        await anyio.sleep(0.1)
        assert watching.shows(desktop.pixels)

        await agent.send(VIEW, ChooseMonitor(2))

        await watching.until(desktop.pixels[:, 320:])
        assert [one.name for one in told.monitors] == ["left", "right"]
        while (told := await agent.receive(VIEW, Monitors)).shown != 2:
            assert told.shown == 0


@pytest.mark.feature("NTC-12")
async def test_a_pause_stops_pictures_at_once_and_takes_control_away(desktop, photo, watch) -> None:
    async with pair(plugins=[SCREEN, plugin("hands", plugin=Hands.Declared)]) as kit:
        page = await kit.page()
        watching = watch(page)
        await watching.until(desktop.pixels)
        await page.request("hands.use")
        await page.until_feature("hands.use", "on")

        kit.host.stop(declared.SEE)
        await page.until(lambda: paused(page))
        count = len(page.media[FRAMES])
        for turn in range(10):
            desktop.paint(EVERYTHING, photo(640, 400, turn))
            await anyio.sleep(0.03)
        during = len(page.media[FRAMES]) - count
        has_control = page.features["hands.use"].state == "on"
        kit.host.stop(declared.SEE)
        await watching.until(desktop.pixels)

    assert during == 0
    assert not has_control
    assert page.features["hands.use"].state == "ask"


@pytest.mark.feature("CNS-10")
@pytest.mark.parametrize("answer", [Answer.NO, Answer.YES])
async def test_the_agent_asks_to_go_on_and_only_a_yes_does(desktop, watch, answer: Answer) -> None:
    async def say(question: Any) -> Said:
        return Said(answer, question.features if answer is Answer.YES else ())

    async with pair(plugins=[SCREEN]) as kit:
        kit.answer = say
        page = await kit.page()
        watching = watch(page)
        await watching.until(desktop.pixels)
        kit.host.stop(declared.SEE)
        await page.until(lambda: paused(page))
        desktop.paint(EVERYTHING, 0x336699)

        await page.send(RESUME, AskResume())
        said = await page.receive(RESUME, Answered)

        assert said.is_resumed == (answer is Answer.YES)
        assert [one.features for one in kit.questions] == [(declared.RESUME,)]
        if answer is Answer.YES:
            await watching.until(desktop.pixels)
        else:
            assert said.reason == "refused.consent.no"
            assert paused(page)
            assert not watching.shows(desktop.pixels)


async def test_a_page_that_reloads_and_one_that_comes_later_see_everything(desktop, document, watch) -> None:
    desktop.paint(EVERYTHING, document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        first = await kit.page()
        await watch(first).until(desktop.pixels)

        second = await kit.page(Role.OBSERVER, "Kim")
        await watch(second).until(desktop.pixels)
        first.reload()
        await anyio.sleep(0.1)

        await watch(first).until(desktop.pixels)


async def test_after_a_cut_line_the_picture_is_whole_again(desktop, document, watch) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        watching = watch(await kit.page())
        await watching.until(desktop.pixels)

        await kit.line.cut()
        desktop.paint(EVERYTHING, document(640, 400))
        kit.line.mend()

        await watching.until(desktop.pixels)


async def test_on_a_slow_line_pictures_are_left_out_and_the_newest_is_reached(desktop, photo, watch) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        watching = watch(page)
        await watching.until(desktop.pixels)
        kit.line.slow(rate_bytes_s=2_000_000)

        painted = 0
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            painted += 1
            desktop.paint(EVERYTHING, photo(640, 400, painted))
            await anyio.sleep(0.01)
        last = [one for one, _ in page.media[FRAMES] if isinstance(one, Tiles)][-1]
        kit.line.slow()

        await watching.until(desktop.pixels)
        assert last.sequence < painted


async def test_a_page_that_stands_still_slows_nobody_and_catches_up(desktop, photo, watch) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        quick, stuck = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        watching, late = watch(quick), watch(stuck)
        await watching.until(desktop.pixels)
        await late.until(desktop.pixels)

        stuck.is_stalled = True
        with anyio.fail_after(30):
            while set(kit.host.media[FRAMES].classes()) != {1, 2}:
                desktop.paint(EVERYTHING, photo(640, 400, time.monotonic_ns() % 999))
                await anyio.sleep(0.05)
        count = len(quick.media[FRAMES])
        desktop.paint(EVERYTHING, 0x336699)
        await watching.until(desktop.pixels)
        stuck.is_stalled = False

        await late.until(desktop.pixels)
        assert count > 5


async def test_nothing_leaves_once_the_loop_has_stood_still(desktop, watch, monkeypatch) -> None:
    monkeypatch.setattr(host, "SILENT_S", 0.2)
    async with pair(plugins=[SCREEN]) as kit:
        page = await kit.page()
        watching = watch(page)
        await watching.until(desktop.pixels)
        before = desktop.pixels.copy()
        offered: list[tuple[float, bool]] = []
        real = host.Show._offer

        def note(self: host.Show, message: Any, quality: int, taken_at: float) -> bool:
            left = real(self, message, quality, taken_at)
            offered.append((time.monotonic() - taken_at, left))
            return left

        await anyio.sleep(0.2)
        monkeypatch.setattr(host.Show, "_offer", note)
        desktop.paint(EVERYTHING, 0x336699)
        time.sleep(0.5)  # noqa: ASYNC251 - the loop is to stand still
        await watching.until(desktop.pixels)

    assert not np.array_equal(before, desktop.pixels)
    assert offered[0][1] is False
    assert all(age <= 0.2 for age, left in offered if left)


@pytest.mark.parametrize("display", ["", ":9999"])
def test_a_machine_without_a_screen_says_why(monkeypatch, display: str) -> None:
    monkeypatch.setenv("DISPLAY", display)

    found = host.deskside_probe(Machine("linux"))

    assert {(one.feature, one.reason) for one in found} == {
        (one, host.NO_SCREEN) for one in (declared.SEE, declared.RESUME, *declared.LOOKS.values())
    }
