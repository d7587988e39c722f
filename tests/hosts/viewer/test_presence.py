"""When agents are taken for away, by a clock turned by hand, and what the gateway is told of it."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from attrs import define, field

from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.presence import Presences

pytestmark = pytest.mark.anyio

ME = 7


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@define
class Gateway:
    """Notes what it is told; says no as long as it has a reason."""

    told: list[str] = field(factory=list)
    reason: str = ""
    address: str = ""
    heard: anyio.Event = field(factory=anyio.Event)

    async def call(self, name: str, **fields: object) -> dict[str, object]:
        assert (name, fields["token"]) == ("presence_changed", "mine")
        if self.reason:
            raise GatewayRefused(self.reason)
        self.told.append(str(fields["presence"]))
        heard, self.heard = self.heard, anyio.Event()
        heard.set()
        return {}

    async def dial(self, *_: object) -> Any:
        raise NotImplementedError


@define
class Desk:
    """A console whose clock is turned by hand."""

    gateway: Gateway = field(factory=Gateway)
    passed: float = 1000.0
    tasks: list[Callable[[], Coroutine[Any, Any, None]]] = field(factory=list)
    presences: Presences = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.presences = Presences(self.gateway, self.tasks.append, lambda: self.passed)  # type: ignore[arg-type]

    async def tells(self, *wanted: str) -> None:
        """Run until the gateway has been told all of this, and nothing else."""
        async with anyio.create_task_group() as group:
            group.start_soon(self.presences.run)
            with anyio.fail_after(30):
                while len(self.gateway.told) < len(wanted):
                    await self.gateway.heard.wait()
            for _ in range(20):
                await anyio.lowlevel.checkpoint()
            group.cancel_scope.cancel()
        assert self.gateway.told == list(wanted)


async def test_after_the_minutes_without_use_he_is_away_and_back_at_the_first_use() -> None:
    desk = Desk()
    desk.presences.know(ME, "mine", 10)
    desk.presences.used(ME)
    await desk.tells("here")
    desk.passed += 599
    assert not desk.presences.is_away(ME)
    desk.passed += 1
    await desk.tells("here", "away")
    desk.presences.used(ME)
    await desk.tells("here", "away", "here")
    desk.passed += 599
    desk.presences.used(ME)
    desk.passed += 599
    assert not desk.presences.is_away(ME), "any use begins the time anew"
    assert len(desk.tasks) == 1, "one watch for all"


async def test_without_minutes_nobody_is_ever_away_and_new_minutes_count_at_once() -> None:
    desk = Desk()
    desk.presences.know(ME, "mine", 0)
    desk.presences.used(ME)
    desk.passed += 100_000
    assert not desk.presences.is_away(ME)
    desk.presences.know(ME, "mine", 120)
    await desk.tells("away")
    desk.presences.know(ME, "mine", 0)
    await desk.tells("away", "here")


async def test_a_program_that_has_begun_anew_takes_nobody_for_back_who_does_nothing() -> None:
    desk = Desk()
    desk.presences.know(ME, "mine", 5)
    desk.passed += 299
    assert not desk.presences.is_away(ME)
    assert not desk.presences._is_news(ME)
    desk.passed += 1
    await desk.tells("away")


async def test_what_the_gateway_could_not_hear_is_told_again_and_an_ended_sign_in_is_forgotten() -> None:
    desk = Desk(Gateway(reason="refused.gateway.gone"))
    desk.presences.know(ME, "mine", 5)
    desk.presences.used(ME)
    await desk.presences._tell(ME)
    assert desk.presences._is_news(ME)
    desk.gateway.reason = ""
    await desk.tells("here")

    desk.gateway.reason = "refused.signed_out"
    desk.passed += 300
    await desk.presences._tell(ME)
    assert not desk.presences.is_away(ME)
    desk.presences.used(ME)
