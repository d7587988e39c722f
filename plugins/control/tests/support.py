"""What tests of a session have in common."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import SimpleNamespace
from typing import Any

from deskside.api import Refusal
from deskside.grants import Answer, Gate
from deskside.notice import Answered, Question
from deskside.testing import Page
from deskside_control.messages import (
    ButtonPressed,
    ControllerChanged,
    KeyPressed,
    Modifier,
    PointerMoved,
    SecureAttention,
    Take,
    TextTyped,
    WheelTurned,
)
from deskside_control.plugin import GEOMETRY

INPUT = "control.input"
PICTURE = {GEOMETRY: SimpleNamespace(shown=SimpleNamespace(left=0, top=0, width=1920, height=1080))}
"""What whoever shows the screen supplies."""
MOUSE, KEYBOARD = "control.mouse", "control.keyboard"
NEVER = {
    "control.simultaneous": Refusal(Gate.GROUP, "refused.group"),
    "control.auto_start": Refusal(Gate.GROUP, "refused.group"),
}
OpenDesk = Callable[..., AbstractAsyncContextManager[Any]]


async def in_control(page: Page) -> ControllerChanged:
    await page.request(MOUSE, KEYBOARD)
    await page.send(INPUT, Take())
    return await page.receive(INPUT, ControllerChanged)


def saying(*allowed: str) -> Callable[[Question], Awaitable[Answered]]:
    async def answer(question: Question) -> Answered:
        return Answered(Answer.YES if allowed else Answer.NO, allowed)

    return answer


async def do_everything(page: Page) -> None:
    await page.send(INPUT, PointerMoved(10, 20))
    await page.send(INPUT, ButtonPressed(0, True, 11, 21, (Modifier.CONTROL,)))
    await page.send(INPUT, ButtonPressed(0, False, 11, 21))
    await page.send(INPUT, WheelTurned(12, 22, 0, 3))
    await page.send(INPUT, KeyPressed("a", "KeyA", True))
    await page.send(INPUT, KeyPressed("a", "KeyA", False))
    await page.send(INPUT, TextTyped("한글"))
    await page.send(INPUT, SecureAttention())


MOUSE_DONE = [
    ("move", 10, 20), ("move", 11, 21), ("button", 0, True), ("move", 11, 21), ("button", 0, False),
    ("move", 12, 22), ("wheel", 0, 3),
]  # fmt: skip
KEYS_DONE = [("key", "a", True), ("key", "a", False), ("type", "한글"), ("secure attention",)]
