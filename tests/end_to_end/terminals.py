"""The customer's program without a window, in a terminal of its own."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define
from end_to_end.support import PLUGINS

from programs import DESKSIDE, clean_environment

LIMIT_S = 60


@define
class Terminal:
    """What can be read there, and the hand that types."""

    pid: int
    descriptor: int
    seen: str = ""

    def sees(self, pattern: str) -> str:
        """Wait until something can be read after what was read before, and return it."""
        end = time.monotonic() + LIMIT_S
        while not (found := re.search(pattern.replace(" ", r"\s+"), self.seen)):
            assert time.monotonic() < end, f"{pattern!r} could not be read: {self.seen!r}"
            if select.select([self.descriptor], [], [], 0.1)[0]:
                self.seen += self._read(pattern)
        self.seen = self.seen[found.end() :]
        return found[0]

    def _read(self, pattern: str) -> str:
        try:
            return os.read(self.descriptor, 65536).decode(errors="replace")
        except OSError:
            raise AssertionError(f"the program ended without {pattern!r}: {self.seen!r}") from None

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self.descriptor, text.encode() + b"\n")


@contextmanager
def terminal(*arguments: str, **environ: str) -> Iterator[Terminal]:
    """Run `deskside customer --no-window`."""
    pid, descriptor = pty.fork()
    if pid == 0:
        command = [str(DESKSIDE), "customer", *arguments, "--no-window"]
        given = clean_environment(LC_ALL="C.UTF-8", DESKSIDE_PLUGINS=PLUGINS, **environ)
        os.execve(sys.executable, [sys.executable, *command], given)
    try:
        yield Terminal(pid, descriptor)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(descriptor)
