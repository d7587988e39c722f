"""Both sides of a session in memory: the desktop's look is changed while a page looks, and given back."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from attrs import define, field

from deskside.api import Role
from deskside.grants import Refusal
from deskside.testing import pair, plugin
from deskside_screen import host, look
from deskside_screen import plugin as declared
from deskside_screen.messages import ChooseLook, Look, LookNow, WantLook

pytestmark = pytest.mark.anyio
SCREEN = plugin("screen", plugin=declared, host=host)
LOOK, FRAMES = "screen.look", "screen.frames"


@define(eq=False)
class Desktop:
    """A desktop whose look is changed and given back."""

    held: set[Look] = field(factory=set)
    count: int = 0

    def hold(self, one: Look) -> "Holding":
        assert one not in self.held
        self.held.add(one)
        self.count += 1
        return Holding(self, one)


@define
class Holding:
    desktop: Desktop
    look: Look

    def stop(self) -> None:
        self.desktop.held.remove(self.look)


@pytest.fixture
def changed(desktop: Any, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    one = Desktop()
    monkeypatch.setattr(host, "hold", one.hold)
    monkeypatch.setattr(look, "LINGER_S", 0.05)
    return one


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens in a thread."""
    with anyio.fail_after(40):
        while not condition():  # noqa: ASYNC110 - what happens there tells nobody
            await anyio.sleep(0.01)


@pytest.mark.feature("AGT-04")
async def test_while_somebody_looks_and_no_longer(changed: Desktop) -> None:
    refused = {declared.OUTLINE_MOVES: Refusal("group", "refused.group")}
    async with pair(plugins=[SCREEN], refusals=refused) as kit:
        page = await kit.page()
        page.listen(FRAMES)
        await until(lambda: changed.held == {Look.WALLPAPER})

        kit.host.pause(declared.SEE, is_paused=True)
        await until(lambda: not changed.held)
        kit.host.pause(declared.SEE, is_paused=False)
        await until(lambda: changed.held == {Look.WALLPAPER})
        assert changed.count == 2
        assert page.features[declared.OUTLINE_MOVES].reason == "refused.group"
    assert not changed.held


@pytest.mark.feature("AGT-05")
async def test_an_agent_may_have_it_otherwise_and_an_observer_may_not(changed: Desktop) -> None:
    async with pair(plugins=[SCREEN]) as kit:
        agent, observer = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        agent.listen(FRAMES)
        await until(lambda: changed.held == set(Look))
        await observer.send(LOOK, ChooseLook(Look.OUTLINE, is_on=False))
        assert await observer.receive(LOOK, LookNow) == LookNow(wallpaper=True, outline=True)

        await agent.send(LOOK, ChooseLook(Look.WALLPAPER, is_on=False))

        await until(lambda: changed.held == {Look.OUTLINE})
        assert await observer.receive(LOOK, LookNow) == LookNow(wallpaper=False, outline=True)
        await agent.send(LOOK, WantLook())
        await agent.send(LOOK, ChooseLook(Look.WALLPAPER, is_on=True))
        await until(lambda: changed.held == set(Look))
    assert not changed.held
