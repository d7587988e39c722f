"""Waves on the customer's machine, and lets him wave back."""

import os
from pathlib import Path

import anyio

from deskside.api import hookimpl
from greeter_code.imported import note
from greeter_code.messages import WavedBack

note(__name__)


@hookimpl
async def deskside_run_session(session):
    card = await session.provide("greeter.card/1")
    card.greet(session.text("greeter.card"))
    session.notice.status("greeter.here", style=session.options.style)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(waves, session)
        await session.until(lambda: session.allows("greeter.wave"))
        button = session.notice.button("greeter.button")
        times = 0
        async for _ in button.presses():
            times += 1
            session.audit("waved_back", times=times)
            async with session.open("waves") as channel:
                await channel.send(WavedBack(times))


async def waves(session):
    await session.until(lambda: session.allows("greeter.wave"))
    options = session.options
    async with session.open("waves") as channel:
        async for received in channel:
            with (Path(os.environ["HOME"]) / "waves.log").open("a") as log:
                told = f"{received.message.text} {options.most_waves} {options.style} {options.motto}"
                log.write(f"{received.sender.name}: {told}\n")
            session.audit("waved", text=received.message.text)
