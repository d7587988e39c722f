"""Keeps a file of what came, and hands back what it was given."""

import hashlib
import os
from pathlib import Path

import anyio

from courier_code.messages import Fetch, Frame, Noted, Part, Whole
from deskside.api import hookimpl

PART_BYTES = 64 * 1024
CANARY = "canary-of-a-picture"


def content_of(size):
    """Return so many bytes, the same in every process."""
    block = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(2048))
    return (block * (size // len(block) + 1))[:size]


@hookimpl
async def deskside_run_session(session):
    async with anyio.create_task_group() as tasks:
        if session.allows("courier.carry"):
            tasks.start_soon(strokes, session)
            tasks.start_soon(parcels, session)
            tasks.start_soon(desk, session)
        tasks.start_soon(picture, session)


async def strokes(session):
    with (Path(os.environ["HOME"]) / "strokes.log").open("a") as log:
        async with session.open("strokes") as channel:
            async for received in channel:
                log.write(f"{received.sender.id} {received.message.number}\n")
                log.flush()
                message = received.message
                await channel.send(Noted(received.sender.id, message.number, message.text))


async def desk(session):
    async with session.open("desk") as channel:
        async for received in channel:
            await channel.send(Noted(0, received.message.number, received.message.text))


async def parcels(session):
    sums = {}
    async with session.open("parcels") as channel, anyio.create_task_group() as tasks:
        async for received in channel:
            number = received.sender.id
            match received.message:
                case Part(content):
                    size, sum_ = sums.setdefault(number, [0, hashlib.sha256()])
                    sum_.update(content)
                    sums[number][0] = size + len(content)
                case Whole():
                    size, sum_ = sums.pop(number, [0, hashlib.sha256()])
                    await channel.send(Whole(size, sum_.hexdigest()), to=number)
                case Fetch(size):
                    tasks.start_soon(send, channel, number, content_of(size))


async def send(channel, number, content):
    for start in range(0, len(content), PART_BYTES):
        await channel.send(Part(content[start : start + PART_BYTES]), to=number)
    await channel.send(Whole(len(content), hashlib.sha256(content).hexdigest()), to=number)


async def picture(session):
    number = 0
    await session.until(lambda: session.allows("courier.show"))
    async with session.open("picture") as channel:
        while True:
            for quality, need in channel.classes().items():
                if need.room_bytes:
                    content = CANARY.encode() + bytes(20_000)
                    channel.offer(Frame(number, content), quality=quality, refresh=need.refresh)
            number += 1
            with anyio.move_on_after(0.05):
                await channel.changed()
            await anyio.sleep(0.02)
