from collections.abc import Callable
from typing import Any

import anyio
import pytest
from attrs import define, field

from deskside_customer.inbox import Inbox, Loop
from deskside_customer.proxy import Proxy, QtPartFailed


@define
class Crossing:
    """Runs posted calls when it is told to."""

    calls: list[Callable[[], object]] = field(factory=list)
    is_full: bool = False

    def post(self, call: Callable[[], object]) -> bool:
        if not self.is_full:
            self.calls.append(call)
        return not self.is_full

    async def call(self, function: Callable[[], Any]) -> Any:
        self.run()
        return function()

    def run(self) -> None:
        for call in self.calls:
            call()
        self.calls.clear()


@define
class Overlay:
    strokes: list[str] = field(factory=list)
    is_closed: bool = False

    def draw(self, colour: str, *, width: int = 1) -> None:
        self.strokes.append(f"{colour} {width}")

    def count(self) -> int:
        return len(self.strokes)

    def fail(self) -> None:
        raise ValueError("no such window")

    def close(self) -> None:
        self.is_closed = True


def staged() -> tuple[Crossing, Overlay, Any]:
    crossing, overlay = Crossing(), Overlay()
    return crossing, overlay, Proxy(crossing, overlay, Inbox(Loop()), "drawing")


def test_methods_without_a_result_are_posted_in_order_and_others_awaited() -> None:
    crossing, overlay, proxy = staged()

    proxy.draw("red")
    proxy.draw("blue", width=3)
    waiting = list(overlay.strokes)

    assert waiting == []
    assert anyio.run(proxy.count) == 2
    assert overlay.strokes == ["red 1", "blue 3"]
    assert crossing.calls == []


def test_what_the_object_raised_comes_back_at_the_next_use() -> None:
    crossing, _, proxy = staged()

    proxy.fail()
    crossing.run()

    with pytest.raises(QtPartFailed, match="no such window"):
        proxy.draw("red")


def test_a_window_that_does_not_keep_up_fails_rather_than_hoarding() -> None:
    crossing, _, proxy = staged()
    crossing.is_full = True

    with pytest.raises(QtPartFailed, match="too many"):
        proxy.draw("red")


def test_closing_closes_the_object_after_what_was_posted_and_ends_the_events() -> None:
    crossing, overlay, proxy = staged()
    proxy.draw("red")

    proxy.close()
    proxy.close()
    crossing.run()

    async def events() -> list[object]:
        return [event async for event in proxy.events]

    assert overlay.strokes == ["red 1"]
    assert overlay.is_closed
    assert anyio.run(events) == []
    with pytest.raises(QtPartFailed, match="closed"):
        proxy.draw("blue")


def test_only_public_methods_can_be_reached() -> None:
    _, _, proxy = staged()

    for name in ("_strokes", "strokes", "missing"):
        with pytest.raises(AttributeError):
            getattr(proxy, name)
