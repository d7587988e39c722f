"""Each direction of transfer lives as long as its own feature is granted, whatever the other does."""

from collections.abc import Callable, Coroutine

import anyio

from deskside.api import PluginSession


async def while_granted(
    session: PluginSession, feature: str, serve: Callable[[], Coroutine[object, object, None]]
) -> None:
    """Serve whenever a feature is granted, and end that whenever it is not; until cancelled."""

    async def begin() -> None:
        if session.allows(feature):
            await serve()

    while True:
        await session.until(lambda: session.allows(feature))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(begin)
            await session.until(lambda: not session.allows(feature))
            tasks.cancel_scope.cancel()
