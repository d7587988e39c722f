"""A relay that knows nothing: joins two TCP connections that begin with the same word, and copies bytes."""

import asyncio
import sys

WORD_BYTES = 16
CHUNK = 64 * 1024


class Relay:
    """All connections."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Wait for the other end, which then copies both ways."""
        word = await reader.readexactly(WORD_BYTES)
        if word not in self._waiting:
            self._waiting[word] = reader, writer
            return
        other_reader, other_writer = self._waiting.pop(word)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(copy(reader, other_writer))
            tasks.create_task(copy(other_reader, writer))


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main() -> None:
    """Listen, and say where."""
    server = await asyncio.start_server(Relay().come, "127.0.0.1", 0, limit=CHUNK)
    host, port = server.sockets[0].getsockname()[:2]
    sys.stdout.write(f"ready at tcp://{host}:{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
