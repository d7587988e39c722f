"""A client of its own process: opens many connections that never say hello, and tells how they end."""

import asyncio
import resource
import sys
import time

UPGRADE = (
    b"GET /v1/control HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
AT_ONCE = 200
AT_THE_DOOR_S = 8


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Silent(asyncio.Protocol):
    """Sends nothing, or the head of a WebSocket and then nothing."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.ended = asyncio.get_running_loop().create_future()
        self.began = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.first:
            transport.write(self.first)  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set_result(time.monotonic() - self.began)


async def main(host: str, port: int, many: int, addresses: int) -> None:
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)
    opened: list[Silent] = []

    async def open_one(number: int) -> None:
        source = f"127.0.{1 + number % addresses // 250}.{1 + number % addresses % 250}"
        first = UPGRADE if number % 2 else b""
        async with gate:
            try:
                _, silent = await loop.create_connection(
                    lambda: Silent(first), host, port, local_addr=(source, 0)
                )
            except OSError:
                return
        opened.append(silent)

    await asyncio.gather(*(open_one(number) for number in range(many)))
    say(f"opened {len(opened)}")
    lasted = await asyncio.gather(*(one.ended for one in opened))
    say(f"stood {sum(seconds > AT_THE_DOOR_S for seconds in lasted)}")
    say(f"closed {len(lasted)} longest {max(lasted):.1f}")


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
