"""26 sessions of scrolling terminals through one gateway process, beside a plain TCP relay.

First one real session is watched: how large the messages of its picture are and when they come. Then this is
played in many sessions at once, through a real `deskside gateway` with real tickets and through a relay that
copies bytes (plain_relay.py), in turn: at the speed at which it came, and as fast as it goes. Both ends are
in this process, so full speed is the limit of all three together; the plain relay's is what can be had here.
"""

import struct
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.abc
import anyio.to_thread
from attrs import define, field
from kit import Program, address_of, machine, parser, password_of, server, spread, store
from relay import tickets
from seen import seen

from deskside.transport import Transport
from deskside_line.roads import dial

STAMP = struct.Struct(">d")
WORD_BYTES = 16
Trace = list[tuple[float, int]]


@define(eq=False)
class PlainRoad:
    """Messages on a TCP connection."""

    stream: anyio.abc.ByteStream
    _buffer: bytearray = field(factory=bytearray)

    async def send(self, frame: bytes) -> None:
        """Send a message."""
        await self.stream.send(len(frame).to_bytes(4, "big") + frame)

    async def receive(self) -> bytes:
        """Return the next message."""
        size = int.from_bytes(await self._exactly(4), "big")
        return await self._exactly(size)

    async def aclose(self) -> None:
        """End it."""
        await self.stream.aclose()

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._buffer += await self.stream.receive(256 * 1024)
        found = bytes(self._buffer[:size])
        del self._buffer[:size]
        return found


@define(eq=False)
class Session:
    """Both ends of one."""

    host: Transport
    viewer: Transport
    delays: list[float] = field(factory=list)
    bytes: int = 0
    sent: int = 0
    got: int = 0

    async def play(self, trace: Trace, seconds: float, *, is_paced: bool) -> None:
        """Send what was seen, again and again, for a while."""
        began = time.perf_counter()
        length = trace[-1][0] + 0.05
        while time.perf_counter() - began < seconds:
            turn = time.perf_counter()
            for at, size in trace:
                if is_paced:
                    await anyio.sleep(max(0.0, turn + at - time.perf_counter()))
                await self.host.send(STAMP.pack(time.perf_counter()) + bytes(max(0, size - STAMP.size)))
                self.sent += 1
            if is_paced:
                await anyio.sleep(max(0.0, turn + length - time.perf_counter()))

    async def take(self) -> None:
        """Take what comes, for ever."""
        while True:
            frame = await self.viewer.receive()
            self.delays.append(time.perf_counter() - STAMP.unpack_from(frame)[0])
            self.bytes, self.got = self.bytes + len(frame), self.got + 1


async def watched(seconds: float, folder: Path) -> Trace:
    """Watch one session and return when its messages came, and how large they were."""
    with seen(folder, "terminal") as desk:
        async with anyio.create_task_group() as tasks:
            page = await desk.page().come(tasks)
            await anyio.sleep(2)
            page.keeps = True
            await anyio.sleep(seconds)
            tasks.cancel_scope.cancel()
    return [(at - page.arrived[0][0], size) for at, size in page.arrived]


async def through_gateway(gateway: Program, number: int) -> Session:
    """Join both ends of a new session."""
    address, local = address_of(gateway), f"127.0.1.{number + 1}"
    ours, theirs = await anyio.to_thread.run_sync(tickets, address, password_of(gateway), local)
    return Session(await dial(address, theirs, "main"), await dial(address, ours, "main"))


async def through_plain(relay: Program, number: int) -> Session:
    """Join two TCP connections."""
    where = urlsplit(address_of(relay))
    roads = []
    for _ in range(2):
        stream = await anyio.connect_tcp(where.hostname or "", where.port or 0)
        await stream.send(number.to_bytes(WORD_BYTES, "big"))
        roads.append(PlainRoad(stream))
    return Session(*roads)


async def measure(sessions: list[Session], between: Program, trace: Trace, seconds: float) -> dict[str, Any]:
    """Play at its own speed, then as fast as it goes."""
    found = {}
    for name, is_paced in (("own speed", True), ("full speed", False)):
        for one in sessions:
            one.delays, one.bytes = [], 0
        used, began = between.cpu_s(), time.perf_counter()
        async with anyio.create_task_group() as tasks:
            for one in sessions:
                tasks.start_soon(one.take)
            async with anyio.create_task_group() as playing:
                for one in sessions:
                    playing.start_soon(partial(one.play, trace, seconds, is_paced=is_paced))
            with anyio.move_on_after(20):
                while any(one.got < one.sent for one in sessions):  # noqa: ASYNC110
                    await anyio.sleep(0.02)
            took = time.perf_counter() - began
            tasks.cancel_scope.cancel()
        moved = sum(one.bytes for one in sessions)
        found[name] = {
            "mb_s": round(moved / took / 1e6, 2),
            "messages_s": round(sum(len(one.delays) for one in sessions) / took, 1),
            "cpu": round((between.cpu_s() - used) / took, 3),
            "lost": sum(one.sent - one.got for one in sessions),
            **spread([delay for one in sessions for delay in one.delays]),
        }
    return found


async def run(given: Any, folder: Path, gateway: Program, plain: Program) -> dict[str, Any]:
    """Watch, join, play, in turn."""
    (folder / "watched").mkdir()
    trace = await watched(given.record, folder / "watched")
    joins: dict[str, tuple[Program, Callable[[int], Awaitable[Session]]]] = {
        "gateway": (gateway, lambda number: through_gateway(gateway, number)),
        "plain": (plain, lambda number: through_plain(plain, number)),
    }
    sessions = {name: [await join(at) for at in range(given.sessions)] for name, (_, join) in joins.items()}
    rounds = []
    for number in range(given.rounds):
        names = list(joins)[:: 1 if number % 2 else -1]
        rounds.append(
            {name: await measure(sessions[name], joins[name][0], trace, given.seconds) for name in names}
        )
    for one in [one for all_ in sessions.values() for one in all_]:
        await one.host.aclose()
        await one.viewer.aclose()
    told = {"messages": len(trace), "bytes": sum(size for _, size in trace), "seconds": given.record}
    return {"watched": told, "sessions": given.sessions, "rounds": rounds}


def show(found: dict[str, Any]) -> None:
    """Print the last round."""
    keys = ("messages_s", "mb_s", "cpu", "p50", "p95", "p99")
    print(f"{'':24}" + "".join(f"{key:>12}" for key in keys))
    for name, speeds in found["rounds"][-1].items():
        for speed, row in speeds.items():
            print(f"{name + ', ' + speed:24}" + "".join(f"{row[key]:12.3f}" for key in keys))


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--sessions", type=int, default=26)
    options.add_argument("--record", type=float, default=10.0, help="seconds of the session that is watched")
    options.add_argument("--seconds", type=float, default=10.0, help="per round, way and speed")
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    before = machine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        relay = (sys.executable, Path(__file__).with_name("plain_relay.py"))
        with (
            server("gateway", folder / "data") as gateway,
            Program(*relay, ready="ready", log=folder / "plain.log") as plain,
        ):
            found = anyio.run(run, given, folder, gateway, plain)
    show(found)
    store(given.json, {"what": "many_sessions", "before": before, "after": machine(), **found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
