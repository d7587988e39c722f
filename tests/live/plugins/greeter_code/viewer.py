"""Tells pages which values are in force in the viewer."""

from deskside.api import hookimpl
from greeter_code.imported import note
from greeter_code.messages import Told

note(__name__)


@hookimpl
async def deskside_run_session(session):
    options = session.options
    async with session.open("talk") as talk:
        async for received in talk:
            text = f"{options.most_waves} {options.style} {options.motto}"
            await talk.send(Told(text), to=received.sender)
