"""The first question: it names what begins with its yes, from declarations, and nothing else."""

from collections.abc import Mapping

import pytest

from deskside.api import Consent, Feature, PluginInfo, hookimpl
from deskside.grants import Gate, Refusal
from deskside.notice import SessionState
from deskside.testing import Kit, pair, plugin

pytestmark = pytest.mark.anyio

OFF = Refusal(Gate.GROUP, "refused.group")
FEATURES = (
    Feature(key="kites.see", indicator=True),
    Feature(key="kites.hear", indicator=True),
    Feature(key="kites.steer", indicator=True, consent=Consent.ONCE),
    Feature(key="kites.note"),
)


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="kites", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return FEATURES


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def told(refusals: Mapping[str, Refusal]) -> Kit:
    async with pair(plugins=[plugin("kites", plugin=Declares)], refusals=refusals) as kit:
        await kit.page()
    return kit


@pytest.mark.feature("CNS-01")
async def test_the_first_question_names_what_begins_without_one_of_its_own() -> None:
    kit = await told({})

    assert kit.begun_with == [("kites.see.question", "kites.hear.question")]


@pytest.mark.feature("CNS-01")
async def test_what_is_not_granted_is_not_named_and_nothing_at_all_is_asked_too() -> None:
    one = await told({"kites.hear": OFF})
    none = await told({"kites.hear": OFF, "kites.see": OFF})

    assert one.begun_with == [("kites.see.question",)]
    assert none.begun_with == [()]


async def test_a_line_that_is_lost_and_comes_back_asks_nobody_again() -> None:
    async with pair(plugins=[plugin("kites", plugin=Declares)]) as kit:
        page = await kit.page()
        await kit.line.lose()
        await page.until_state(SessionState.SUSPENDED)
        await page.until_state(SessionState.ACTIVE)

        assert len(kit.begun_with) == 1
