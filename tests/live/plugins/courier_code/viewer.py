"""Owns the notes, which outlive the viewer's process."""

import json

import anyio

from courier_code.messages import Notes, Stroke, WantNotes
from deskside.api import hookimpl


@hookimpl
async def deskside_run_session(session):
    if not session.allows("courier.carry"):
        return
    numbers = json.loads(session.resumed) if session.resumed else []
    async with session.open("notes") as notes, session.open("desk") as desk:

        async def answers():
            async for received in desk:
                session.log.info("from the desk: %d", received.message.number)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(answers)
            async for received in notes:
                match received.message:
                    case Stroke(number):
                        numbers.append(number)
                        await session.checkpoint(json.dumps(numbers).encode())
                    case WantNotes():
                        await notes.send(Notes(tuple(numbers)), to=received.sender)
