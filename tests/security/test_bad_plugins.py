"""A plugin may be absent, wrong, stuck or mad: it is named and stopped, and the session goes on."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from courier_code.messages import Noted, Stroke
from live import bad_plugins
from live.running import until
from live.shelf import Shelf
from live.stage import CHAT, COURIER, Live, stage
from live.web import active

from deskside.link import FeatureState, Retry
from deskside.testing import Page

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]

GREETER = """
    from deskside.api import ChannelSpec, Consent, Ends, Feature, Length, Message, Number, PluginInfo, Side
    from deskside.api import field, frozen, hookimpl

    @frozen
    class Wave(Message):
        text: str = field(validator=Length(40))

    @hookimpl
    def deskside_plugin():
        return PluginInfo(name="greeter", version="3.1")

    @hookimpl
    def deskside_features():
        most = Number("most_waves", default=7, minimum=1, maximum=9)
        wave = Feature(key="greeter.wave", consent=Consent.ONCE, indicator=True, options=(most,))
        return (wave, Feature(key="greeter.bow"))

    @hookimpl
    def deskside_channels():
        home = {"ends": Ends.HOST_PAGE, "owner": Side.HOST}
        return (ChannelSpec(name="waves", feature="greeter.bow", messages=(Wave,), **home),)
"""
GREETER_AT_HOME = """
    from deskside.api import hookimpl

    @hookimpl
    async def deskside_run_session(session):
        session.notice.button("greeter.button")
        session.audit("greeting_begun", most=session.options.most_waves)
        async with session.open("waves") as waves:
            async for received in waves:
                await waves.send(received.message)
"""
GREETER_TEXTS = {
    "greeter.title": "Greeting",
    "greeter.wave.title": "Wave a hand",
    "greeter.wave.question": "Wave at you",
    "greeter.wave.indicator": "Somebody waves",
    "greeter.bow.title": "Bow",
    "greeter.most_waves.title": "Most waves",
    "greeter.button": "Wave back",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def poke(page: Page, name: str, times: int = 1) -> None:
    """Poke a plugin."""
    spec = page.catalogue.channels[f"{name}.poke"]
    for _ in range(times):
        await page.send(f"{name}.poke", spec.messages[0]())


async def still_works(page: Page, number: int) -> None:
    """Send a stroke through the plugin that behaves, and see it come back."""
    await page.send("courier.strokes", Stroke(number))
    await page.until(lambda: page.pending("courier.strokes") > 0, 30)
    assert (await page.receive("courier.strokes", Noted)).number == number


def notices(live: Live) -> list[dict[str, Any]]:
    """Return what the notice window was told to show, in order."""
    told = (json.loads(line) for line in live.customer.said.splitlines() if line.startswith('{"told"'))
    return [one for one in told if one["told"] == "notice"]


async def panel(live: Live, path: str) -> str:
    """Return a page of the panel as the administrator sees it; links are followed by their words."""
    password = (await live.gateway.says(r"^  admin +(\S+)$"))[1]
    async with httpx.AsyncClient(base_url=live.site.address, follow_redirects=True, timeout=30) as http:
        form = (await http.get("/admin/sign-in")).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token is not None
        given = {"csrf_token": token[1], "login_name": "admin", "password": password}
        assert (await http.post("/admin/sign-in", data=given)).status_code == 200
        groups = (await http.get("/admin/groups/")).text
        link = re.search(path, groups)
        assert link is not None, groups
        return (await http.get(link[0])).text


@pytest.mark.feature("FRM-02")
async def test_a_plugin_made_up_here_shows_everywhere_without_any_other_change(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    name = shelf.add("greeter", {"plugin": GREETER, "host": GREETER_AT_HOME}, GREETER_TEXTS)
    async with stage(tmp_path, name, shelf=shelf) as live:
        live.bring_customer()
        page = await live.page()

        boot = await live.agent.boot(live.session)
        mine = next(one for one in boot["plugins"] if one["name"] == "greeter")
        assert (mine["version"], mine["options"]) == ("3.1", {"most_waves": 7})
        assert [one["name"] for one in mine["channels"]] == ["greeter.waves"]
        assert boot["texts"]["greeter.wave.title"] == "Wave a hand"

        await page.until_feature("greeter.wave", "ask")
        assert (await page.request("greeter.wave")).granted == ("greeter.wave",)
        await until(lambda: [one["title"] for one in notices(live)[-1]["lines"]] == ["Somebody waves"])
        assert [one["title"] for one in notices(live)[-1]["buttons"]] == ["Wave back"]

        form = await panel(live, r"/admin/groups/\d+/features")
        assert "Wave a hand" in form
        assert "Most waves" in form or "most_waves" in form


@pytest.mark.feature("FRM-09")
async def test_plugins_that_raise_hang_or_block_are_stopped_and_named_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    shelf = Shelf(tmp_path / "shelf")
    deeds = [(deed, side) for deed in ("raises", "hangs", "blocks") for side in ("host", "viewer")]
    names = [bad_plugins.add(shelf, deed, side) for deed, side in deeds]
    names.append(bad_plugins.add_failing_hook(shelf))
    async with stage(tmp_path, COURIER, *names, shelf=shelf) as live:
        live.bring_customer()
        page = await live.page()
        await page.until_feature("courier.carry", "on")
        assert page.features["fails.use"].state is FeatureState.REFUSED
        assert page.features["fails.use"].reason == "refused.probe"
        for number, (deed, side) in enumerate(deeds):
            name = f"{deed}_{side}"
            await page.until_feature(f"{name}.use", "on")
            await poke(page, name, times=3)
            await page.until(lambda key=f"{name}.use": page.features[key].state is FeatureState.STOPPED, 30)
            wanted = {"raises": "stopped.raised", "hangs": "stopped.hung", "blocks": "stopped.blocked"}
            assert page.features[f"{name}.use"].reason == wanted[deed]
            await still_works(page, number)
        for program in (live.customer, live.gateway):
            side = "host" if program is live.customer else "viewer"
            found = await program.says(
                rf"plugin blocks_{side} has held the loop for (\d+\.\d) s:(.*?)time\.sleep"
            )
            assert 1 <= float(found[1]) < 3
            assert "deskside_run_session" in found[2]
        page.say(Retry("raises_host"))
        await page.until_feature("raises_host.use", "on")
        assert live.customer.process is not None
        assert live.customer.process.poll() is None


@pytest.mark.feature("FRM-09")
async def test_a_customers_program_that_a_plugin_never_lets_go_begins_anew_without_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    names = [bad_plugins.add(shelf, "stays", "host")]
    async with stage(tmp_path, COURIER, CHAT, *names, shelf=shelf) as live:
        live.bring_customer()
        page = await live.page()
        await page.request("courier.show")
        await page.until_feature("courier.show", "on")
        assert live.customer.process is not None
        before = live.customer.process.pid

        await poke(page, "stays_host")
        await page.send("courier.strokes", Stroke(7))

        await live.customer.says("plugin stays_host does not let go", 60)
        await page.until(lambda: page.features["stays_host.use"].state is FeatureState.REFUSED, 60)
        await page.until(lambda: page.pending("courier.strokes") > 0, 30)
        assert (await page.receive("courier.strokes", Noted)).number == 7
        await page.until_feature("courier.show", "ask")
        assert (await page.request("courier.show")).granted == ("courier.show",)
        assert live.customer.process.poll() is None
        assert live.customer.process.pid == before
        assert live.customer.said.count('"features": ["session.connect"]') <= 1
        await until(lambda: any(number > 10_000 for _, number in live.events("consent_given")), "its events")
        assert '"told": "code"' not in live.customer.said


@pytest.mark.feature("FRM-09")
async def test_a_server_that_a_plugin_never_lets_go_begins_anew_without_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    name = bad_plugins.add(shelf, "stays", "viewer")
    async with stage(tmp_path, COURIER, name, shelf=shelf) as live:
        live.bring_customer()
        page = await live.page()
        await still_works(page, 1)

        await poke(page, "stays_viewer")

        await live.gateway.says("plugin stays_viewer does not let go.*ready at", 90)
        again = reloaded(live, page, without="stays_viewer")
        live.tasks.start_soon(again.run)
        await active(again, 60)
        assert again.participant == page.participant
        assert "stays_viewer.use" not in again.features
        await still_works(again, 2)


def reloaded(live: Live, page: Page, without: str) -> Page:
    """Return the page as a browser reloads it once what it was told no longer fits."""
    fewer = live.site.shelf.loaded(live.site.plugins, without=(without,))
    again = live.agent.page(live.session, fewer.catalogue)
    again.participant, again.secret = page.participant, page.secret
    return again
