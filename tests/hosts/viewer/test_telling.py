"""What the gateway has to hear is told until it has heard it."""

from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from attrs import define, field

from deskside.audit import Event
from deskside.declare import Side
from deskside_viewer import telling
from deskside_viewer.gateway import GatewayRefused
from deskside_viewer.telling import Telling

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "AGAIN_S", 0)


@define
class Deaf:
    """A gateway that says no before it hears."""

    refusals: list[str]
    heard: list[tuple[str, Mapping[str, Any]]] = field(factory=list)
    finds_wrong: int = 999

    async def call(self, name: str, **fields: object) -> Mapping[str, Any]:
        if self.refusals:
            raise GatewayRefused(self.refusals.pop(0))
        self.heard.append((name, fields))
        return {"refused": [{"index": self.finds_wrong, "reason": "refused.request"}]}


def happened(number: int) -> Event:
    return Event(
        session="s" * 22, side=Side.VIEWER, number=number, at=1.0, plugin="", name="session_began", values={}
    )


@pytest.mark.parametrize("reason", ["refused.gateway.gone", "refused.database"])
async def test_while_the_gateway_or_its_database_is_away_it_is_asked_again(reason: str) -> None:
    gateway = Deaf([reason] * 3)

    await Telling(gateway).insist("changed", state="ended")  # type: ignore[arg-type]

    assert gateway.heard == [("changed", {"state": "ended"})]


async def test_a_no_that_does_not_pass_is_taken_for_an_answer() -> None:
    gateway = Deaf(["refused.session.unknown"])

    await Telling(gateway).insist("changed", state="ended")  # type: ignore[arg-type]

    assert gateway.heard == []


async def test_events_are_told_once_in_order_however_often_the_gateway_was_away() -> None:
    gateway = Deaf(["refused.database", "refused.gateway.gone"])
    told = Telling(gateway)  # type: ignore[arg-type]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(told.run)
        for number in range(250):
            told.note(happened(number))
        with anyio.fail_after(10):
            while sum(len(fields["events"]) for _, fields in gateway.heard) < 250:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()

    assert [one["number"] for _, fields in gateway.heard for one in fields["events"]] == list(range(250))


async def test_an_event_that_the_gateway_did_not_take_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gateway = Deaf([], finds_wrong=1)
    told = Telling(gateway)  # type: ignore[arg-type]
    for number in (1, 2, 3):
        told.note(happened(number))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(told.run)
        with anyio.fail_after(10):
            while not caplog.messages:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()

    expected = f"event 2 (session_began) of session {'s' * 22} was not taken: refused.request"
    assert caplog.messages == [expected]
