"""A feature whose service nobody supplies is refused on both sides, in words, before anything fails."""

import logging
from typing import Any

import pytest

from deskside.agree import Unavailable
from deskside.api import (
    ChannelSpec,
    Ends,
    Feature,
    Grant,
    Length,
    Message,
    PluginInfo,
    PluginSession,
    Refusal,
    Side,
    field,
    frozen,
    hookimpl,
)
from deskside.grants import Gate
from deskside.link import FeatureState
from deskside.loader import load
from deskside.notice import SessionState
from deskside.services import needs_of, supplied
from deskside.testing import Kit, pair, plugin

pytestmark = pytest.mark.anyio

PAPER, SHELF = "desk.paper/1", "desk.shelf/1"
WRITE, READ = "writer.write", "writer.read"


@frozen
class Word(Message):
    text: str = field(validator=Length(200))


class Writer:
    """A plugin that needs paper for one of its features."""

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="writer", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key=WRITE, needs=(PAPER,)), Feature(key=READ))

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        spec = ChannelSpec(name="words", feature=READ, messages=(Word,), ends=Ends.HOST_PAGE, owner=Side.HOST)
        return (spec,)


class Clerk:
    """The same, but its feature lives between viewer and pages, and needs a shelf there."""

    deskside_plugin = staticmethod(Writer.deskside_plugin)

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key=WRITE, needs=(SHELF,)),)

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        spec = ChannelSpec(
            name="words", feature=WRITE, messages=(Word,), ends=Ends.VIEWER_PAGE, owner=Side.VIEWER
        )
        return (spec,)


class Writes:
    """Its part at the customer's machine, which would fail without paper."""

    @staticmethod
    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        asked = await session.request(WRITE)
        if isinstance(asked, Grant):
            await session.provide(PAPER)
        else:
            session.log.warning("not without %s: %s", PAPER, session.text(asked.reason, **asked.values))
        await session.until(lambda: False)


class Desk:
    """Whoever has paper."""

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="desk", version="1.0", provides=(PAPER,))

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="desk.use"),)


class Shelves:
    """Whoever has a shelf, at the viewer."""

    deskside_features = staticmethod(Desk.deskside_features)

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="desk", version="1.0", provides=(SHELF,))


class Gives:
    """A part that answers for what its plugin provides."""

    @staticmethod
    @hookimpl
    def deskside_provide(service: str) -> object | None:
        return object() if service in (PAPER, SHELF) else None


class Idle:
    """A part that answers for nothing."""


WRITER = plugin("writer", plugin=Writer, host=Writes)
CLERK = plugin("writer", plugin=Clerk)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_the_agent_is_told_which_side_lacks_what_and_the_rest_works() -> None:
    async with pair(plugins=[WRITER]) as kit:
        page = await kit.page()
        await page.until_feature(READ, "on")

        now = page.features[WRITE]
        assert (now.state, now.gate) == (FeatureState.REFUSED, Gate.CAPABILITY)
        told = {one.name: one.value for one in now.values}
        words = kit.viewer.around.words.say("en", now.reason, **told)
        assert words == (
            "The customer's program cannot do this: nothing there supplies what it needs (desk.paper/1)."
        )
        outcome = await page.request(WRITE)
        assert (outcome.granted, outcome.gate, outcome.reason) == ((), "capability", now.reason)


async def test_the_customers_side_gets_the_same_answer_and_says_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with pair(plugins=[WRITER]) as kit:
        page = await kit.page()
        await page.until_feature(READ, "on")
        await page.until(lambda: "not without" in caplog.text)

        refusal = kit.host.desk.judge(kit.host.catalogue.features[WRITE])
        assert refusal == Refusal(Gate.CAPABILITY, "refused.needs.host", {"service": PAPER})
        said = "cannot do this: nothing there supplies what it needs (desk.paper/1)"
        assert f"{WRITE} is off: The customer's program {said}" in caplog.text
        assert f"not without {PAPER}: The customer's program {said}" in caplog.text
        assert not kit.host.runner.stopped


@pytest.mark.parametrize("who", ["plugin", "program"])
async def test_with_the_service_it_works(who: str) -> None:
    given: dict[str, Any] = {"plugins": [WRITER]}
    if who == "plugin":
        given["plugins"].append(plugin("desk", plugin=Desk, host=Gives))
    else:
        given["services"] = {PAPER: object()}
    async with pair(**given) as kit:
        page = await kit.page()
        await page.until_feature(WRITE, "on")


async def test_a_provider_whose_part_is_missing_on_that_machine_supplies_nothing() -> None:
    desk = plugin("desk", plugin=Desk, viewer=Gives, host=Idle)
    async with pair(plugins=[WRITER, desk]) as kit:
        await refused(kit, "refused.needs.host")


async def test_a_provider_that_cannot_work_on_that_machine_supplies_nothing() -> None:
    plugins = load(Side.HOST, lambda _: True, [WRITER, plugin("desk", plugin=Desk, host=Gives)])
    cannot = (Unavailable("desk.use", "desk.broken"),)

    assert supplied(plugins, Side.HOST, ()) == (PAPER,)
    assert supplied(plugins, Side.HOST, (), cannot) == ()


@pytest.mark.parametrize("kind", ["pc", "chat"])
async def test_what_lives_at_the_viewer_is_asked_for_there_and_not_at_the_customers(kind: str) -> None:
    async with pair(plugins=[CLERK, plugin("desk", plugin=Shelves, viewer=Gives)], kind=kind) as kit:
        page = await kit.page(active=kind == "pc")
        await page.until_feature(WRITE, "on")

    async with pair(plugins=[CLERK, plugin("desk", plugin=Shelves, viewer=Idle)], kind=kind) as kit:
        await refused(kit, "refused.needs.viewer", active=kind == "pc")


async def refused(kit: Kit, reason: str, *, active: bool = True) -> None:
    page = await kit.page(active=active)
    await page.until(lambda: page.features[WRITE].reason == reason)
    assert page.features[WRITE].state is FeatureState.REFUSED
    assert page.session is not None
    assert page.session.state in (SessionState.ACTIVE, SessionState.WAITING)


def test_each_side_tells_what_it_needs_and_where_that_lives() -> None:
    plugins = load(
        Side.VIEWER,
        lambda _: True,
        [plugin("writer", plugin=Clerk), plugin("desk", plugin=Shelves, viewer=Gives)],
    )
    (need,) = needs_of(plugins)
    assert (need.feature, need.service, need.side) == (WRITE, SHELF, Side.VIEWER)

    desk = plugin("desk", plugin=Shelves, viewer=Gives)
    plugins = load(Side.VIEWER, lambda _: True, [CLERK, desk])
    (need,) = needs_of(plugins)
    assert (need.feature, need.service, need.side) == (WRITE, SHELF, Side.VIEWER)

    plugins = load(Side.VIEWER, lambda _: True, [WRITER])
    (need,) = needs_of(plugins)
    assert need.side is Side.HOST
