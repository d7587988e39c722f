"""Wakes a thread that sleeps until something happens on sockets, or until somebody rings."""

import select
import socket
from typing import Protocol


class Readable(Protocol):
    """What select() takes."""

    def fileno(self) -> int:
        """Return the file number."""


class Bell:
    """A bell that any thread may ring; rings while nobody sleeps are kept, many as one."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)

    def close(self) -> None:
        """Take it away; ringing does nothing from now on."""
        self._ours.close()
        self._theirs.close()

    def ring(self) -> None:
        """Wake whoever sleeps, or the next who would."""
        try:
            self._theirs.send(b".")
        except (BlockingIOError, OSError):
            return

    def sleep(self, seconds: float, *also: Readable) -> bool:
        """Sleep until the bell rings, one of the others can be read, or the time is up; tell if one can."""
        ready, _, _ = select.select([self._ours, *also], [], [], max(0.0, seconds))
        if self._ours in ready:
            self._ours.recv(4096)
        return any(one in ready for one in also)
