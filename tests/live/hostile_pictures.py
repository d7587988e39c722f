"""A hostile host as a program: it comes into a session and sends the pictures that it is told to send."""

import functools
import json
import os
import sys

import anyio
import anyio.to_thread
import numpy as np

from deskside.declare import Side
from deskside.link import Roster
from deskside.loader import load
from deskside.messages import Codec
from deskside.pairing import Code
from deskside_customer.locating import locate
from deskside_line.roads import dial
from deskside_screen.encode import EXACT, Look, encode
from deskside_screen.messages import MOST_PIECES, Frame, Packing, Piece, Tiles
from deskside_screen.tiles import Box
from live.hostile_host import HostileHost

FRAMES = "screen.frames"
WIDTH, HEIGHT = 640, 400
FLAT = b"\1\0\0\0\xcc\0\0\0\0"
"""One pixel of one colour."""
COLOUR = 0x336699
TINY_MESSAGES = 2000
FLOOD_BYTES = 150_000_000


class Pictures:
    """What it does wrong, each by its name."""

    def __init__(self, host: HostileHost) -> None:
        self._host = host
        self._codec = Codec.of(host.plugins.catalogue.channels[FRAMES].messages)

    async def honest(self) -> None:
        """Begin a picture as it should be, of one colour."""
        await self._begin(WIDTH, HEIGHT)
        flat = np.full((HEIGHT, WIDTH), COLOUR, np.uint32)
        await self._tiles(tuple(encode(flat, Box(0, 0, WIDTH, HEIGHT), EXACT)))

    async def lies(self) -> None:
        """Send pieces that lie about their size, and recall what was never kept."""
        large = np.tile(np.arange(2048, dtype=np.uint32), (2048, 1))
        bomb = encode(large, Box(0, 0, 2048, 2048), EXACT)[0].data
        pieces = [Piece(0, 0, 64, 64, Packing.PNG, bomb), Piece(0, 0, 32767, 32767, Packing.RUNS, FLAT)]
        for slot in (0, 5, 1023, 1024, 65535):
            place = b"\1\0\1\0" + slot.to_bytes(2, "little")
            pieces.append(Piece(0, 0, 64, 64, Packing.RECALL, place))
        pieces.append(Piece(0, 0, 64, 64, Packing.STREAM, b"\xff\xff\0\0" + bytes(range(200))))
        await self._tiles(tuple(pieces))

    async def moving(self) -> None:
        """Send video: key pictures that are none, and pictures that rest on a key picture that never came."""
        noise = np.random.default_rng(1)
        for number in range(600):
            head = bytes((number % 2, number % 7 == 0, number % 256, 0))
            mark = b"\0\0\0\1\x65" if number % 2 == 0 else b"\x82\x49\x83\x42"
            data = head + mark + noise.bytes(300)
            await self._tiles((Piece(0, 0, 64, 64, Packing.VIDEO, data),))

    async def absurd(self) -> None:
        """Begin pictures of absurd sizes, again and again."""
        for _ in range(200):
            for size in ((32767, 32767), (1, 1), (32767, 1), (8192, 8192)):
                await self._begin(*size)
                await self._tiles((Piece(0, 0, 1, 1, Packing.RUNS, FLAT),))

    async def tiny(self) -> None:
        """Send a million tiles of one pixel."""
        pieces = tuple(Piece(at % WIDTH, at // WIDTH, 1, 1, Packing.RUNS, FLAT) for at in range(MOST_PIECES))
        body = self._codec.encode(Tiles(1, pieces, True, 0.0))
        for _ in range(TINY_MESSAGES):
            await self._host.put(FRAMES, 0, 1, body)

    async def flood(self) -> None:
        """Send far more than any page can show, and heed no acknowledgement."""
        noise = np.random.default_rng(1).integers(0, 1 << 24, (HEIGHT, WIDTH), np.uint32)
        pieces = tuple(encode(noise, Box(0, 0, WIDTH, HEIGHT), Look(90)))
        body = self._codec.encode(Tiles(1, pieces, True, 0.0))
        for _ in range(FLOOD_BYTES // len(body)):
            await self._host.put(FRAMES, 0, 1, body)

    async def keyless(self) -> None:
        """Send pieces of a picture that never began."""
        for _ in range(100):
            await self._tiles((Piece(0, 0, 1, 1, Packing.RUNS, FLAT),))

    async def _begin(self, width: int, height: int) -> None:
        await self._host.put(FRAMES, 1, 1, self._codec.encode(Frame(1, width, height, 0)))

    async def _tiles(self, pieces: tuple[Piece, ...]) -> None:
        await self._host.put(FRAMES, 0, 1, self._codec.encode(Tiles(1, pieces, True, 0.0)))


def tell(what: str) -> None:
    sys.stdout.write(json.dumps({"told": what}) + "\n")
    sys.stdout.flush()


async def main() -> None:
    code = Code.read(sys.argv[1])
    assert code is not None
    found = await locate(sys.argv[2], code.locator, "en")
    plugins = load(Side.HOST, set(os.environ["DESKSIDE_PLUGINS"].split(",")).__contains__)
    road = functools.partial(dial, sys.argv[2], found.ticket)
    host = HostileHost(road, found.session, code.secret, plugins)
    async with anyio.create_task_group() as tasks:
        await host.come(tasks)
        await host.until(lambda: any(one.people for one in host.named(Roster)))
        pictures = Pictures(host)
        tell("come")
        while line := (await anyio.to_thread.run_sync(sys.stdin.readline)).strip():
            tell(f"begins {line}")
            await getattr(pictures, line)()
            tell(f"did {line}")
        tasks.cancel_scope.cancel()


if __name__ == "__main__":
    anyio.run(main)
