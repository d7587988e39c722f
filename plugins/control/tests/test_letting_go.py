"""Control ends: given back, taken back, lost, or while the customer's own hand is at work."""

from typing import Any

import anyio
import pytest

from deskside.testing import Page
from deskside_control import steering
from deskside_control.driver import Driver
from deskside_control.messages import (
    ButtonPressed,
    ControllerChanged,
    GiveBack,
    KeyPressed,
    Resumed,
    StillHeld,
    Suspended,
    TextTyped,
)
from deskside_control.steering import Steering

from .support import INPUT, KEYBOARD, MOUSE, NEVER, OpenDesk, do_everything, in_control

pytestmark = pytest.mark.anyio


async def test_giving_back_lets_go_and_needs_no_second_question(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, KeyPressed("Shift", "ShiftLeft", True))
        await it.until(lambda: it.done)

        await page.send(INPUT, GiveBack())
        await it.until(lambda: it.injectors and it.injectors[0].is_closed)
        await in_control(page)

        assert it.injectors[0].done[-1] == ("let go",)
        assert it.watches[0].closed.is_set()
        assert len(it.kit.questions) == 1


async def test_the_customers_stop_takes_control_back_at_once(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, KeyPressed("a", "KeyA", True))
        await it.until(lambda: it.done)

        it.kit.host.stop(KEYBOARD)
        without_keyboard = await page.receive(INPUT, ControllerChanged)
        it.kit.host.stop(MOUSE)
        without_both = await page.receive(INPUT, ControllerChanged)
        await it.until(lambda: it.injectors and it.injectors[0].is_closed)
        done = it.done
        await do_everything(page)
        await it.settled(page)
        await it.until(lambda: it.count("let go"))

        assert without_keyboard == ControllerChanged(page.participant, True, False)
        assert without_both.participant == 0
        assert it.done == done
        assert it.count("let go") >= 1


async def test_the_customers_hand_suspends_for_two_seconds_and_lets_go(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, KeyPressed("a", "KeyA", True))
        await it.until(lambda: it.done and it.watches[0].touched)
        touch = it.watches[0].touched

        await anyio.to_thread.run_sync(touch)
        await page.receive(INPUT, Suspended)
        await page.send(INPUT, TextTyped("passed over"))
        it.now[0] += 1.9
        touch()
        it.now[0] += 1.9
        await page.send(INPUT, TextTyped("passed over too"))
        await it.settled(page)
        await it.until(lambda: it.count("let go"))
        assert it.count("let go") == 1
        assert it.count("type") == 0
        it.now[0] += 0.2
        told = await page.receive(INPUT, object)  # type: ignore[type-var]
        while not isinstance(told, Resumed):
            told = await page.receive(INPUT, object)  # type: ignore[type-var]
        await page.send(INPUT, TextTyped("counts again"))
        await it.until(lambda: it.count("type"))

        assert it.done[-1] == ("type", "counts again")


async def test_with_both_at_once_nobody_watches_the_customers_hand(desk: OpenDesk) -> None:
    async with desk() as it:
        page = await it.kit.page()

        await in_control(page)
        await page.send(INPUT, TextTyped("goes on"))
        await it.until(lambda: it.done)

        assert it.watches == []


async def test_a_page_that_falls_silent_holds_nothing(
    desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steering, "SILENT_S", 0.1)
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, ButtonPressed(0, True, 5, 5))
        await it.until(lambda: ("button", 0, True) in it.done)
        it.now[0] += 0.075
        await page.send(INPUT, StillHeld())
        await it.settled(page)
        it.now[0] += 0.075
        await anyio.sleep(0.2)
        assert it.count("let go") == 0

        it.now[0] += 0.05

        await it.until(lambda: it.count("let go") == 1)


async def test_while_nobody_holds_anything_nothing_is_looked_after(
    desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look_after = Steering._look_after

    async def counted(self: Steering, driver: Driver) -> None:
        nonlocal looks
        looks += 1
        await look_after(self, driver)

    monkeypatch.setattr(Steering, "_look_after", counted)
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await it.settled(page)
        before = looks

        await anyio.sleep(0.2)

        assert looks == before > 0


async def test_what_a_page_holds_is_let_go_when_it_is_gone(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, ButtonPressed(0, True, 5, 5))
        await it.until(lambda: ("button", 0, True) in it.done)

        page.connect = never
        page.cut()

        await it.until(lambda: it.count("let go") == 1)


def never(_: Page) -> Any:
    from deskside.errors import TransportEnded  # noqa: PLC0415

    raise TransportEnded("gone for good")


async def test_when_the_session_ends_nothing_is_held(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await page.send(INPUT, KeyPressed("a", "KeyA", True))
        await it.until(lambda: it.done)

        page.end()

        await it.until(lambda: it.injectors and it.injectors[0].is_closed)
        assert it.injectors[0].done[-1] == ("let go",)
