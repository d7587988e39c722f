"""The customer's own mouse and keyboard come first: a machine with a real hand and an agent's program."""

import time
from collections.abc import Callable, Iterator

import anyio
import pytest
from attrs import define, field
from screens import Hand, Screen, wait_until
from Xlib import X

from deskside.api import Refusal
from deskside.grants import Gate
from deskside.testing import pair
from deskside_control.messages import (
    ButtonPressed,
    ControllerChanged,
    KeyPressed,
    Resumed,
    Suspended,
    Take,
    TextTyped,
    WantState,
)
from deskside_control.x11.hand import HandWatch
from deskside_control.x11.injector import X11Injector

from .desktop import Target, apart, down, in_thread, press
from .support import PICTURE

pytestmark = pytest.mark.screen

INPUT = "control.input"
MOUSE, KEYBOARD = "control.mouse", "control.keyboard"
CALM_S = 0.2


@define(eq=False)
class Watched:
    """A watch that counts."""

    hand: Hand
    watch: HandWatch
    times: list[float] = field(factory=list)

    def note(self) -> None:
        self.times.append(time.monotonic())

    def calm(self) -> None:
        """Wait until nothing of what was done before is still noticed, and forget it."""
        wait_until(lambda: time.monotonic() - self.times[-1] > CALM_S, "calm")
        self.times.clear()


@pytest.fixture
def watched(hand: Hand) -> Iterator[Watched]:
    one = Watched(hand, HandWatch(hand.name))
    ended = in_thread(one.watch.run, one.note)
    wait_until(lambda: one.watch.is_watching, "the watch is ready")
    yield one
    one.watch.close()
    assert ended.get(timeout=10) is None


@pytest.mark.parametrize(
    "done",
    [("mousemove", 300, 200), ("click", 1), ("key", "a"), ("click", 4)],
    ids=["move", "click", "key", "wheel"],
)
def test_the_customers_own_hand_is_noticed(watched: Watched, done: tuple[object, ...]) -> None:
    watched.hand.hand("mousemove", 200, 200)
    wait_until(lambda: watched.times, "the first move")
    watched.calm()

    watched.hand.hand(*done)

    wait_until(lambda: watched.times, "the hand")


def test_what_the_agent_does_is_not_taken_for_the_customer(watched: Watched) -> None:
    Target.on(watched.hand)
    injector = X11Injector.connect(watched.hand.name)
    watched.times.clear()

    for number in range(50):
        injector.move(200 + number, 200)
    injector.button(0, is_down=True)
    injector.button(0, is_down=False)
    injector.wheel(0, 1)
    injector.type("Az 한글 €", lambda: True)
    press(injector, "Tab", "Tab")
    time.sleep(0.3)

    assert watched.times == []
    injector.close()


def test_the_hand_is_noticed_even_while_a_menu_holds_the_mouse(watched: Watched) -> None:
    connection = watched.hand.connect()
    root = connection.screen().root
    watched.hand.hand("mousemove", 200, 200)
    grabbed = root.grab_pointer(
        True, X.PointerMotionMask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime
    )
    assert grabbed == X.GrabSuccess
    wait_until(lambda: watched.times, "the first move")
    watched.calm()

    watched.hand.hand("mousemove", 300, 300)

    wait_until(lambda: watched.times, "the hand")


@pytest.mark.feature("CTL-02", "CNS-05", "CTL-05", "CTL-06")
@apart
async def test_from_the_page_to_a_real_program_and_the_customers_hand_comes_first(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", hand.name)
    target = Target.on(hand)
    off = {"control.simultaneous": Refusal(Gate.GROUP, "refused.group")}
    async with pair("deskside-control", services=PICTURE, refusals=off) as kit:
        page = await kit.page()
        await page.request(MOUSE, KEYBOARD)
        await page.send(INPUT, Take())
        await page.receive(INPUT, ControllerChanged)
        await page.send(INPUT, TextTyped("agent 한글"))
        await page.send(INPUT, KeyPressed("F8", "F8", is_down=True))
        await until(lambda: target.text == "agent 한글" and down(hand))

        began = time.monotonic()
        hand.hand("mousemove", 300, 200)
        await page.receive(INPUT, Suspended)
        held = down(hand)
        await page.send(INPUT, TextTyped("passed over"))
        await page.send(INPUT, ButtonPressed(0, True, 250, 250))
        told = await page.receive(INPUT, Resumed)
        rest = time.monotonic() - began
        await page.send(INPUT, TextTyped(" again"))
        await until(lambda: target.text.endswith("again"))

        assert held == set()
        assert isinstance(told, Resumed)
        assert 2 <= rest < 4
        assert target.text == "agent 한글 again"
        assert target.of("press") == []

        kit.host.stop(KEYBOARD)
        changed = await page.receive(INPUT, ControllerChanged)
        await page.send(INPUT, TextTyped("not allowed any more"))
        await page.send(INPUT, ButtonPressed(0, True, 250, 251))
        await until(lambda: target.of("press"))
        assert changed == ControllerChanged(page.participant, True, False)
        assert target.text == "agent 한글 again"
        assert target.of("press")[0][:3] == ["LeftButton", 250, 251]

        page.end()
        await until(lambda: target.of("release"))


@pytest.mark.feature("CFG-09")
@apart
async def test_with_both_at_once_the_agent_goes_on_while_the_customer_moves(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", hand.name)
    target = Target.on(hand)
    async with pair("deskside-control", services=PICTURE) as kit:
        page = await kit.page()
        await page.request(MOUSE, KEYBOARD)
        await page.send(INPUT, Take())
        await page.receive(INPUT, ControllerChanged)

        for number in range(5):
            hand.hand("mousemove", 300 + number, 200)
            await page.send(INPUT, TextTyped(str(number)))

        await until(lambda: target.text == "01234")
        assert page.pending(INPUT) == 0


@pytest.mark.feature("CTL-04")
@pytest.mark.parametrize("off", [MOUSE, KEYBOARD])
@apart
async def test_what_is_switched_off_does_nothing_to_a_real_program(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    target = Target.on(screen)
    refusals = {off: Refusal(Gate.GROUP, "refused.group")}
    async with pair("deskside-control", services=PICTURE, refusals=refusals) as kit:
        page = await kit.page()
        await page.request(KEYBOARD if off == MOUSE else MOUSE)
        await page.send(INPUT, Take())
        await page.receive(INPUT, ControllerChanged)

        await page.send(INPUT, ButtonPressed(0, True, 300, 200))
        await page.send(INPUT, ButtonPressed(0, False, 300, 200))
        await page.send(INPUT, TextTyped("text"))
        await page.send(INPUT, ButtonPressed(2, True, 310, 210))
        await page.send(INPUT, ButtonPressed(2, False, 310, 210))
        await until(lambda: target.text == "text" if off == MOUSE else len(target.of("release")) == 2)

        assert bool(target.of("press")) == (off == KEYBOARD)
        assert bool(target.of("key")) == (off == MOUSE)


@apart
async def test_when_the_customer_pauses_the_picture_a_real_program_gets_nothing_more(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    target = Target.on(screen)
    off = {"control.simultaneous": Refusal(Gate.GROUP, "refused.group")}
    async with pair("deskside-control", "deskside-screen", refusals=off) as kit:
        page = await kit.page()
        await page.request(MOUSE, KEYBOARD)
        await page.send(INPUT, Take())
        await page.receive(INPUT, ControllerChanged)
        await page.send(INPUT, TextTyped("before"))
        await until(lambda: target.text == "before")

        kit.host.stop("screen.view")
        changed = await page.receive(INPUT, ControllerChanged)
        await page.send(INPUT, TextTyped("after"))
        await page.send(INPUT, WantState())
        await page.receive(INPUT, ControllerChanged)

        assert changed.participant == 0
        assert target.text == "before"


async def until(condition: Callable[[], object]) -> None:
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - a program on a screen sets no events of ours
            await anyio.sleep(0.01)
