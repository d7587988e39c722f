"""Where a session is, in words finer than its state, and what the customer is told at the end."""

from collections.abc import AsyncIterator

import pytest

from deskside.api import Feature, PluginInfo, Role, hookimpl
from deskside.notice import LOADING, ON_PAGE, PAUSED, SessionState, state_name
from deskside.testing import Kit, pair, plugin

pytestmark = pytest.mark.anyio


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="kites", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="kites.fly", indicator=True, can_pause=True),)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def kit() -> AsyncIterator[Kit]:
    async with pair(plugins=[plugin("kites", plugin=Declares)]) as found:
        yield found


def told(kit: Kit) -> list[object]:
    return [one.values["state"] for one in kit.events if one.name == "state_changed"]


@pytest.mark.parametrize(
    ("state", "reason", "name"),
    [
        (SessionState.WAITING, "", "waiting"),
        (SessionState.WAITING, ON_PAGE, "on_page"),
        (SessionState.WAITING, LOADING, "loading"),
        (SessionState.WAITING, "waiting.code_burned", "waiting"),
        (SessionState.ACTIVE, PAUSED, "paused"),
        (SessionState.SUSPENDED, "session.lost", "suspended"),
    ],
)
def test_a_state_is_named_as_finely_as_its_reason_allows(state: SessionState, reason: str, name: str) -> None:
    assert state_name(state, reason) == name


async def test_a_pause_is_a_state_of_its_own_even_after_a_lost_line(kit: Kit) -> None:
    page = await kit.page()
    await page.until_feature("kites.fly", "on")

    kit.host.stop("kites.fly")
    await page.until(lambda: page.session is not None and page.session.reason == PAUSED)
    await kit.line.cut()
    await page.until_state(SessionState.SUSPENDED)
    kit.line.mend()
    await page.until_state(SessionState.ACTIVE)
    assert page.session is not None
    assert page.session.reason == PAUSED
    kit.host.stop("kites.fly")
    await page.until(lambda: page.session is not None and page.session.reason == "")

    assert told(kit) == ["connecting", "agreeing", "paused", "suspended", "paused", "active"]


@pytest.mark.parametrize("ends", ["agent", "customer", "administrator"])
@pytest.mark.parametrize("hides", [False, True])
async def test_where_names_are_protected_no_customer_is_told_one_at_the_end(
    kit: Kit, ends: str, hides: bool
) -> None:
    kit.viewer.memory.hides_agent = hides
    kit.viewer.memory.customer = "Minji"
    agent, customer = await kit.page(), await kit.page(Role.CUSTOMER, "Minji")
    assert customer.session is not None
    assert customer.session.agent == "Lee Jun"

    if ends == "agent":
        agent.end()
    elif ends == "customer":
        kit.host.end()
    else:
        kit.viewer.end("ended.forced", "Park")
    await customer.until_state(SessionState.ENDED)
    await agent.until_state(SessionState.ENDED)
    await kit.host.over.wait()

    assert agent.session is not None
    assert agent.session.agent == "Lee Jun"
    assert customer.session.agent == ("" if hides else "Lee Jun")
    assert kit.host.notice.agents == (() if hides else ("Lee Jun",))
    if hides:
        assert customer.session.by == {"agent": "agent", "customer": "Minji", "administrator": ""}[ends]
        assert not {"Lee Jun", "Park"} & {customer.session.by, kit.host.notice.reason}
