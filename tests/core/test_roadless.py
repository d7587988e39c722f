"""A switch that has no channel of its own goes where what it requires goes."""

from typing import Any

import pytest

from deskside.api import (
    ChannelSpec,
    Ends,
    Feature,
    Length,
    Message,
    PluginInfo,
    Role,
    Side,
    field,
    frozen,
    hookimpl,
)
from deskside.link import FeatureState
from deskside.testing import pair, plugin

pytestmark = pytest.mark.anyio


@frozen
class Said(Message):
    text: str = field(validator=Length(200))


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="echo", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        loud = Feature(key="echo.loud", requires=("echo.back",))
        return (Feature(key="echo.back"), loud, Feature(key="echo.alone"))

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        both: Any = (Role.AGENT, Role.CUSTOMER)
        return (
            ChannelSpec(
                name="lines",
                feature="echo.back",
                messages=(Said,),
                ends=Ends.VIEWER_PAGE,
                owner=Side.VIEWER,
                senders=both,
            ),
        )


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_who_may_use_what_a_switch_requires_may_use_the_switch_and_nobody_else() -> None:
    async with pair(plugins=[plugin("echo", plugin=Declares)]) as kit:
        states = {}
        for role in (Role.AGENT, Role.CUSTOMER, Role.OBSERVER):
            page = await kit.page(role)
            states[role] = {key: one.state for key, one in page.features.items()}

    on, off = FeatureState.ON, FeatureState.REFUSED
    assert states[Role.AGENT] == {"echo.back": on, "echo.loud": on, "echo.alone": on}
    assert states[Role.CUSTOMER] == {"echo.back": on, "echo.loud": on, "echo.alone": off}
    assert states[Role.OBSERVER] == {"echo.back": off, "echo.loud": off, "echo.alone": off}
