"""Keys of a terminal, one by one, as an async iterator; POSIX only."""

import codecs
import os
import sys
from typing import Any, Self

import anyio

from deskside.errors import DesksideError

MOST_BYTES = 1024


class Keys:
    """Switches the terminal's line editing off, and back on at the end, whatever happens."""

    def __init__(self, source: int) -> None:
        if sys.platform == "win32":
            raise DesksideError("--no-window is for Linux and macOS; on Windows start without it")
        self._source = source
        self._before: list[Any] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __enter__(self) -> Self:
        import termios  # noqa: PLC0415 - not on every system
        import tty  # noqa: PLC0415

        self._before = termios.tcgetattr(self._source)
        tty.setcbreak(self._source)
        return self

    def __exit__(self, *_: object) -> None:
        import termios  # noqa: PLC0415

        termios.tcsetattr(self._source, termios.TCSADRAIN, self._before)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        await anyio.wait_readable(self._source)
        found = os.read(self._source, MOST_BYTES)
        if not found:
            raise StopAsyncIteration
        return self._decoder.decode(found)
