"""What the host goes by: signed rights and values, not its viewer's word; and a session that runs goes on."""

from collections.abc import AsyncIterator

import anyio
import pytest
from attrs import evolve

from deskside.api import Consent, Feature, PluginInfo, hookimpl
from deskside.chain import CLOCK_TOLERANCE_S
from deskside.grants import Gate, Refusal
from deskside.licence import new_key, public, read_entitlement, read_unchecked, sign
from deskside.link import Ask, FeatureNow, Features, FeatureState
from deskside.options import Number
from deskside.testing import Kit, pair, plugin

pytestmark = pytest.mark.anyio

HEIGHT = Number("height", default=30, minimum=10, maximum=120)
NOT_SOLD = Refusal(Gate.LICENCE, "refused.licence", {"tier": "Standard", "vendor": "Acme"})


class Declares:
    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="kites", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (
            Feature(key="kites.fly", options=(HEIGHT,)),
            Feature(key="kites.land", consent=Consent.ONCE, indicator=True),
        )


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def kit() -> AsyncIterator[Kit]:
    kites = plugin("kites", plugin=Declares)
    async with pair(
        plugins=[kites], options={"kites.fly": {"height": 70}}, refusals={"kites.land": NOT_SOLD}
    ) as found:
        await found.page()
        yield found


@pytest.mark.feature("OPT-07")
async def test_the_host_takes_its_values_from_what_the_gateway_signed(kit: Kit) -> None:
    kit.viewer.option_values["kites.fly"] = {"height": 120}

    assert kit.host.options_of("kites") == {"height": 70}


async def refusals(kit: Kit) -> list[object]:
    """Wait until the host reports a refusal, and return all of them."""
    with anyio.fail_after(10):
        while True:
            if found := [dict(one.values) for one in kit.events if one.name == "feature_refused"]:
                return found
            await anyio.sleep(0.005)


@pytest.mark.feature("LIC-03")
async def test_what_was_not_sold_is_off_on_the_host_whatever_the_viewer_says_and_nobody_is_asked(
    kit: Kit,
) -> None:
    asked = len(kit.questions)

    kit.viewer.link.say(Features((FeatureNow("kites.land", FeatureState.ON),)))
    kit.viewer.link.say(Ask(99, 0, ("kites.land",), ""))

    assert await refusals(kit) == [{"feature": "kites.land", "reason": "refused.licence.unnamed"}]
    assert not kit.host.allows("kites.land")
    assert len(kit.questions) == asked


@pytest.mark.parametrize("lasts", ["licence", "entitlement"])
async def test_a_licence_that_ends_meanwhile_does_not_end_the_session_but_no_entitlement_outlives_itself(
    kit: Kit, lasts: str
) -> None:
    given = kit.viewer.entitlement
    licence = read_unchecked(given.licence)
    right = read_entitlement(given.entitlement, licence.gateway_key)
    later = right.ends + CLOCK_TOLERANCE_S + 1
    kit.host.around.now = lambda: later
    key = new_key()
    licence = evolve(licence, gateway_key=public(key))
    ends = later + 60 if lasts == "licence" else right.ends
    renewed = sign(evolve(right, serial=2, ends=ends), key)

    kit.host.entitle(sign(licence, key), renewed)

    assert kit.host.over.is_set() == (lasts == "entitlement")


async def test_a_demo_licence_is_labelled_on_the_host_although_its_viewer_does_not_say_so(kit: Kit) -> None:
    assert kit.viewer.entitlement.label == ""
    assert kit.host.notice.label == "demo"
