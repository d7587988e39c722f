"""From the agent's page to the customer's machine, over the real wire."""

from typing import Any

import anyio
import pytest
from attrs import define, frozen

from deskside.api import Consent, Feature, PluginInfo, Refusal, Role, hookimpl
from deskside.grants import Gate
from deskside.testing import Page, pair, plugin
from deskside_control import host as control_host
from deskside_control import plugin as control_plugin
from deskside_control.messages import (
    ButtonPressed,
    ControllerChanged,
    KeyPressed,
    Modifier,
    PointerMoved,
    PromptSpared,
    Take,
    TextTyped,
)

from .support import (
    INPUT,
    KEYBOARD,
    KEYS_DONE,
    MOUSE,
    MOUSE_DONE,
    NEVER,
    OpenDesk,
    do_everything,
    in_control,
    saying,
)

pytestmark = pytest.mark.anyio


async def test_mouse_and_keyboard_are_asked_for_in_one_question_and_then_work(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()

        state = await in_control(page)
        await do_everything(page)
        await it.until(lambda: ("secure attention",) in it.done)

        assert [one.features for one in it.kit.questions] == [(MOUSE, KEYBOARD)]
        assert state == ControllerChanged(page.participant, True, True)
        held = ("hold", Modifier.CONTROL)
        assert it.done == [MOUSE_DONE[0], held, *MOUSE_DONE[1:], *KEYS_DONE]
        names = [one.name for one in it.kit.events if one.plugin == "control"]
        assert names == ["control_taken", "secure_attention_sent"]


async def test_until_the_customer_agrees_nothing_reaches_his_machine(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()

        await page.send(INPUT, Take())
        await do_everything(page)
        state = await it.settled(page)

        assert state.participant == 0
        assert it.injectors == []


async def test_a_no_leaves_nothing_that_works(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        it.kit.answer = saying()
        page = await it.kit.page()

        outcome = await page.request(MOUSE, KEYBOARD)
        await page.send(INPUT, Take())
        await do_everything(page)
        await it.settled(page)

        assert outcome.granted == ()
        assert outcome.reason == "refused.consent.no"
        assert it.injectors == []


@pytest.mark.parametrize(
    ("allowed", "done"), [(MOUSE, MOUSE_DONE), (KEYBOARD, KEYS_DONE)], ids=["mouse", "keyboard"]
)
async def test_what_the_customer_did_not_allow_does_nothing(
    desk: OpenDesk, allowed: str, done: list[Any]
) -> None:
    async with desk(refusals=NEVER) as it:
        it.kit.answer = saying(allowed)
        page = await it.kit.page()

        state = await in_control(page)
        await do_everything(page)
        await it.settled(page)
        await it.until(lambda: it.done == done)

        assert (state.has_mouse, state.has_keyboard) == (allowed == MOUSE, allowed == KEYBOARD)


@pytest.mark.parametrize(
    ("off", "done"), [(KEYBOARD, MOUSE_DONE), (MOUSE, KEYS_DONE)], ids=["keyboard", "mouse"]
)
async def test_what_the_group_has_switched_off_does_nothing(
    desk: OpenDesk, off: str, done: list[Any]
) -> None:
    on = KEYBOARD if off == MOUSE else MOUSE
    async with desk(refusals={**NEVER, off: Refusal(Gate.GROUP, "refused.group")}) as it:
        page = await it.kit.page()

        refused = await page.request(off)
        await page.request(on)
        await page.send(INPUT, Take())
        await do_everything(page)
        await it.settled(page)
        await it.until(lambda: it.done == done)

        assert refused.reason == "refused.group"


async def test_ctrl_alt_del_needs_its_own_switch(desk: OpenDesk) -> None:
    off = {"control.secure_attention": Refusal(Gate.GROUP, "refused.group")}
    async with desk(refusals={**NEVER, **off}) as it:
        page = await it.kit.page()

        await in_control(page)
        await do_everything(page)
        await it.settled(page)
        await it.until(lambda: ("type", "한글") in it.done)

        assert ("secure attention",) not in it.done


async def test_only_the_agent_who_asked_last_controls_and_the_other_is_told(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        first = await it.kit.page()
        second = await it.kit.page(name="Park")
        await in_control(first)

        await in_control(second)
        await first.send(INPUT, TextTyped("mine"))
        await second.send(INPUT, TextTyped("hers"))
        state = await it.settled(first)
        await it.until(lambda: it.done)

        assert state.participant == second.participant
        assert it.done == [("type", "hers")]


async def test_an_observer_sees_who_controls_and_cannot_send(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        agent = await it.kit.page()
        observer = await it.kit.page(Role.OBSERVER, "Choi")

        state = await in_control(agent)
        await observer.send(INPUT, TextTyped("nothing of mine"))

        assert await observer.receive(INPUT, ControllerChanged) == state
        await observer.until(lambda: INPUT in observer.closed)
        assert it.done == []


async def test_keys_wait_and_none_is_lost_while_the_machine_is_slow(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await it.until(lambda: it.injectors)
        it.injectors[0].free.clear()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(press_many, page, 700)
            await anyio.sleep(0.2)
            it.injectors[0].free.set()

        await it.until(lambda: it.count("key") == 700)
        assert [one[1] for one in it.done] == [str(number) for number in range(700)]


async def press_many(page: Page, count: int) -> None:
    for number in range(count):
        await page.send(INPUT, KeyPressed(str(number), "KeyA", True))


async def test_moves_are_merged_while_the_machine_is_slow(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await it.until(lambda: it.injectors)
        it.injectors[0].free.clear()

        for number in range(500):
            await page.send(INPUT, PointerMoved(number, number))
        await it.settled(page)
        it.injectors[0].free.set()
        await it.until(lambda: ("move", 499, 499) in it.done)

        assert len(it.done) < 10


async def test_the_agent_is_told_that_a_question_is_not_his_to_answer(desk: OpenDesk) -> None:
    async with desk(refusals=NEVER) as it:
        page = await it.kit.page()
        await in_control(page)
        await it.until(lambda: it.injectors)
        it.injectors[0].own_window = True

        await page.send(INPUT, ButtonPressed(0, True, 5, 5))

        await page.receive(INPUT, PromptSpared)


class Screen:
    """A stand-in for whatever shows the customer's screen."""

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="screen", version="1.0", provides=(control_plugin.GEOMETRY,))

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="screen.view", consent=Consent.NEVER, indicator=True, can_pause=True),)


@frozen
class Box:
    left: int
    top: int
    width: int
    height: int


@define
class Geometry:
    shown: Box


async def test_a_click_on_the_second_monitor_lands_there(desk: OpenDesk) -> None:
    geometry = Geometry(Box(1920, 100, 800, 600))
    both = [
        plugin("screen", plugin=Screen),
        plugin("control", plugin=control_plugin, host=control_host),
    ]
    services = {control_plugin.GEOMETRY: geometry}
    async with desk() as it, pair(plugins=both, services=services) as kit:
        page = await kit.page()
        await in_control(page)

        await page.send(INPUT, PointerMoved(10, 20))
        await page.send(INPUT, ButtonPressed(0, True, 65_535, 30))
        await it.until(lambda: ("button", 0, True) in it.done)
        geometry.shown = Box(0, 0, 1920, 1080)
        await page.send(INPUT, PointerMoved(10, 20))
        await it.until(lambda: len(it.done) == 4)

        assert [one for one in it.done if one[0] == "move"] == [
            ("move", 1930, 120),
            ("move", 2719, 130),
            ("move", 10, 20),
        ]


async def test_pausing_the_picture_takes_control_back(desk: OpenDesk) -> None:
    both = [
        plugin("screen", plugin=Screen),
        plugin("control", plugin=control_plugin, host=control_host),
    ]
    services = {control_plugin.GEOMETRY: Geometry(Box(0, 0, 800, 600))}
    async with desk(refusals=NEVER) as it, pair(plugins=both, services=services, refusals=NEVER) as kit:
        page = await kit.page()
        await in_control(page)

        kit.host.stop("screen.view")

        assert (await page.receive(INPUT, ControllerChanged)).participant == 0
        await it.until(lambda: it.injectors and it.injectors[0].is_closed)
        assert kit.host.desk.paused == {"screen.view"}
