"""What running supports refuse: taken from whoever holds them, checked, and forgotten with them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hosts.gateway.test_own_calls import signed_in

from deskside.grants import Gate, Refusal
from deskside_gateway.control import Control
from deskside_gateway.hub import Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.refusing import LiveRefusals

pytestmark = pytest.mark.anyio

ABSENT = {"feature": "kites.fly", "gate": "capability", "reason": "refused.absent.host", "values": {}}


async def begun(hub: Hub) -> tuple[Control, str]:
    control, token = await signed_in(hub)
    wait = await control.call("new_wait", {"token": token, "kind": "pc"})
    return control, str(wait["session"])


async def change(control: Control, session: str, refused: object, state: str = "active") -> Mapping[str, Any]:
    return await control.call("changed", {"session": session, "state": state, "refused": refused})


async def test_what_a_support_refuses_is_known_until_it_refuses_it_no_more_or_is_over(hub: Hub) -> None:
    control, session = await begun(hub)
    live = LiveRefusals(hub)
    needs = {
        **ABSENT,
        "feature": "kites.land",
        "reason": "refused.needs.host",
        "values": {"service": "wind/1"},
    }

    await change(control, session, [ABSENT, needs])
    assert live.of(session) == {
        "kites.fly": Refusal(Gate.CAPABILITY, "refused.absent.host"),
        "kites.land": Refusal(Gate.CAPABILITY, "refused.needs.host", {"service": "wind/1"}),
    }
    await change(control, session, [needs])
    assert set(live.of(session)) == {"kites.land"}
    await change(control, session, [needs], "ended")
    assert live.of(session) == {}
    assert hub.refused == {}


async def test_nothing_is_kept_of_a_viewer_that_is_gone(hub: Hub) -> None:
    control, session = await begun(hub)
    await change(control, session, [ABSENT])

    control.close()

    assert LiveRefusals(hub).of(session) == {}


async def test_what_is_declared_nowhere_and_words_that_are_no_keys_are_not_passed_on(hub: Hub) -> None:
    control, session = await begun(hub)
    canary = "<b>canary</b>"
    odd = {**ABSENT, "reason": canary, "values": {f"{number}{canary}": "x" * 999 for number in range(99)}}

    await change(control, session, [{**ABSENT, "feature": "boats.sail"}, odd, "nonsense", 7])

    (one,) = LiveRefusals(hub).of(session).values()
    assert one.reason == "refused.not_now"
    assert len(one.values) == 20
    assert {len(value) for value in one.values.values()} == {200}


@pytest.mark.parametrize(
    "refused",
    [
        {},
        "all",
        [ABSENT] * 501,
        [{**ABSENT, "gate": "licence"}],
        [{**ABSENT, "reason": 7}],
        [{"gate": "consent"}],
    ],
)
async def test_a_call_that_nobody_can_read_changes_nothing(hub: Hub, refused: object) -> None:
    control, session = await begun(hub)

    with pytest.raises(Refused) as no:
        await change(control, session, refused)

    assert no.value.reason == "refused.request"
    assert hub.refused == {}
