"""What of the desktop looks another way while somebody looks: no wallpaper, outlines of moved windows."""

import logging
import sys
from collections.abc import Callable
from typing import Protocol

import anyio
from attrs import define, field

from deskside.api import Channel, PluginSession, Role
from deskside_screen.messages import ChooseLook, Look, LookNow
from deskside_screen.plugin import LOOKS, SEE

log = logging.getLogger(__name__)

LINGER_S = 2.0
"""A page that is loaded again does not change the desktop twice."""


class Held(Protocol):
    """A change of the desktop that lasts until it is stopped."""

    def stop(self) -> None:
        """Give back what there was; blocks."""


def can_hold(look: Look) -> bool:
    """Tell whether this machine's desktop can be changed so; give back first what a crash left changed."""
    if sys.platform != "linux":
        return False
    from deskside_screen import guard  # noqa: PLC0415 - it is for X11 desktops

    why = guard.reason_against(look)
    if why:
        log.info("no %s: %s", look, why)
    return not why


def hold(look: Look) -> Held:
    """Change this of the desktop until it is stopped, or this program ends in whatever way."""
    from deskside_screen.guard import Guard  # noqa: PLC0415 - it is for X11 desktops

    return Guard.start(look)


@define(eq=False)
class Looks:
    """The look of the desktop in one session."""

    session: PluginSession
    frames: Channel
    channel: Channel
    hold: Callable[[Look], Held]
    """Change this of the desktop; blocks."""
    _wanted: dict[Look, bool] = field(factory=lambda: dict.fromkeys(Look, True))
    _changed: anyio.Event = field(factory=anyio.Event)

    async def run(self) -> None:
        """Work until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._heed_session)
            tasks.start_soon(self._heed_pages)
            for one in Look:
                tasks.start_soon(self._keep, one)
            async for received in self.channel:
                wish = received.message
                if isinstance(wish, ChooseLook) and received.sender.role is Role.AGENT:
                    self._wanted[wish.look] = wish.is_on
                    self._stir()
                    await self.channel.send(self._now())
                else:
                    await self.channel.send(self._now(), received.sender)

    def _now(self) -> LookNow:
        return LookNow(self._wanted[Look.WALLPAPER], self._wanted[Look.OUTLINE])

    def _is_due(self, look: Look) -> bool:
        is_seen = self.session.allows(SEE) and bool(self.frames.classes())
        return is_seen and self._wanted[look] and self.session.allows(LOOKS[look])

    async def _keep(self, look: Look) -> None:
        held: Held | None = None
        try:
            while True:
                await self._until(look, is_due=True)
                try:
                    held = await self.session.blocking(self.hold, look)
                except OSError as error:
                    log.warning("the desktop keeps its %s: %s", look, error)
                    return
                while True:
                    await self._until(look, is_due=False)
                    if self._wanted[look]:
                        await anyio.sleep(LINGER_S)
                    if not self._is_due(look):
                        break
                await self.session.blocking(held.stop)
                held = None
        finally:
            if held is not None:
                with anyio.CancelScope(shield=True):
                    await self.session.blocking(held.stop)

    async def _until(self, look: Look, *, is_due: bool) -> None:
        while self._is_due(look) is not is_due:
            await self._changed.wait()

    async def _heed_session(self) -> None:
        seen = 0
        while True:
            seen = await self.session.changed(seen)
            self._stir()

    async def _heed_pages(self) -> None:
        while True:
            await self.frames.changed()
            self._stir()

    def _stir(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
