"""The customer's machine: mouse and keyboard in the agent's hands, the customer's own first."""

from deskside.api import PluginSession, Unavailable, hookimpl
from deskside_control.machine import new_watch, open_injector, reason_against
from deskside_control.plugin import FEATURES, TAKE
from deskside_control.steering import Devices, Steering


@hookimpl
def deskside_probe() -> tuple[Unavailable, ...]:
    """Say why this machine cannot be controlled, if it cannot."""
    reason = reason_against()
    return tuple(Unavailable(key, reason) for key in FEATURES) if reason else ()


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Serve whoever controls, until the last of our features ends."""
    await session.until(lambda: session.allows(TAKE))
    async with session.open("input") as channel:
        await Steering(session, channel, Devices(open_injector, new_watch)).run()
