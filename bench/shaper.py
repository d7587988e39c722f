"""A slow line in user space: a TCP proxy in a process of its own, for every connection through it together.

Per direction there is one bottleneck with a rate and a short queue, first come first served, and behind it
a fixed delay. A connection is read only when the queue has room for it, so what an end has sent too much
waits at that end, as it would behind a congested line. Nothing is lost; there is no TCP congestion
control to be seen (bench/deskside_product.py has that, by packets).
"""

import argparse
import asyncio
import contextlib
import socket
import sys
import time
from collections import deque

PIECE = 2048
MOST_UNDER_WAY = 512 * 1024
"""Per connection and direction: what a receiver that stalls may leave in the line."""
SOCKET_BUFFER = 64 * 1024


class Bottleneck:
    """One direction of the line."""

    def __init__(self, rate_mbit: float, delay_ms: float, queue_kib: float) -> None:
        self.bytes_s = rate_mbit * 1e6 / 8
        self.delay_s = delay_ms / 1000
        self.most_s = queue_kib * 1024 / self.bytes_s
        self.carried = 0
        self._free_at = 0.0
        self._turn = asyncio.Lock()

    async def admit(self, size: int) -> float:
        """Wait in turn for room in the queue; return when these bytes arrive at the far end."""
        async with self._turn:
            await asyncio.sleep(max(0.0, self._free_at - time.monotonic() - self.most_s))
            self._free_at = max(self._free_at, time.monotonic()) + size / self.bytes_s
            self.carried += size
            return self._free_at + self.delay_s


class Way:
    """One direction of one connection."""

    def __init__(self, line: Bottleneck, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._line, self._reader, self._writer = line, reader, writer
        self._under_way: deque[tuple[float, bytes]] = deque()
        self._held = 0
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Carry until the sender is done."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._deliver())
            while True:
                while self._held > MOST_UNDER_WAY:
                    await self._change()
                piece = await self._reader.read(PIECE)
                arrives = await self._line.admit(len(piece))
                self._under_way.append((arrives, piece))
                self._held += len(piece)
                self._changed.set()
                if not piece:
                    return

    async def _deliver(self) -> None:
        while True:
            while not self._under_way:
                await self._change()
            arrives, piece = self._under_way.popleft()
            if (wait := arrives - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            if not piece:
                self._writer.write_eof()
                return
            self._writer.write(piece)
            await self._writer.drain()
            self._held -= len(piece)
            self._changed.set()

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


async def serve(given: argparse.Namespace) -> None:
    """Listen, and say where."""
    lines = [Bottleneck(given.rate, given.delay, given.queue) for _ in range(2)]
    host, _, port = given.to.rpartition(":")

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, int(port), limit=PIECE)
        for one in (writer, far_writer):
            tune(one)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(Way(lines[0], reader, far_writer).run())
                tasks.create_task(Way(lines[1], far_reader, writer).run())
        except* (OSError, RuntimeError):
            pass
        finally:
            for one in (writer, far_writer):
                with contextlib.suppress(OSError, RuntimeError):
                    one.close()

    listener = await asyncio.start_server(carry, "127.0.0.1", 0, limit=PIECE)
    own_port = listener.sockets[0].getsockname()[1]
    sys.stdout.write(f"ready at http://127.0.0.1:{own_port}\n")
    sys.stdout.flush()
    async with listener:
        await listener.serve_forever()


def tune(writer: asyncio.StreamWriter) -> None:
    """Keep this machine's own buffers short, or they would be a second, longer queue."""
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        line.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    writer.transport.set_write_buffer_limits(high=PIECE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", required=True, metavar="HOST:PORT")
    parser.add_argument("--rate", type=float, default=20, help="Mbit/s, each way")
    parser.add_argument("--delay", type=float, default=25, help="ms, one way")
    parser.add_argument("--queue", type=float, default=64, help="KiB that wait at the bottleneck, each way")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))
