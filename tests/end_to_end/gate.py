"""A door between two programs that a test holds half open, so that what passes quickly can be looked at."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

PIECE = 64 * 1024
RELAY = b"GET /v1/relay"


@define(eq=False)
class Gate:
    """Carries connections to a port; those of the relay can be held back, in two steps, or lost."""

    target: int
    listener: socket.socket = field(factory=lambda: socket.create_server(("127.0.0.1", 0)))
    relay_open: threading.Event = field(factory=threading.Event)
    """Whether connections to the relay are carried at all."""
    answers_open: threading.Event = field(factory=threading.Event)
    """Whether anything but the first answer comes back on them."""
    is_cut: bool = False
    _sockets: set[socket.socket] = field(factory=set)

    @property
    def address(self) -> str:
        """Return where to dial."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def open(self) -> None:
        """Carry everything."""
        self.is_cut = False
        self.relay_open.set()
        self.answers_open.set()

    def cut(self) -> None:
        """Lose every connection and take no new one until open()."""
        self.is_cut = True
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def serve(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self.is_cut:
                return
            head = near.recv(PIECE)
            is_relay = head.startswith(RELAY)
            if is_relay:
                self.relay_open.wait()
            with socket.create_connection(("127.0.0.1", self.target)) as far:
                both = {near, far}
                self._sockets |= both
                far.sendall(head)
                back = threading.Thread(target=self._copy, args=(far, near, is_relay), daemon=True)
                back.start()
                self._copy(near, far)
                back.join()
                self._sockets -= both

    def _copy(self, source: socket.socket, goal: socket.socket, is_held: bool = False) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                goal.sendall(piece)
                if is_held:
                    self.answers_open.wait()
        for one in (source, goal):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate(target: int) -> Iterator[Gate]:
    """Run one while the block runs; at first the relay is closed."""
    one = Gate(target)
    threading.Thread(target=one.serve, daemon=True).start()
    try:
        yield one
    finally:
        one.open()
        one.cut()
        # Closing alone would leave accept() waiting.
        with suppress(OSError):
            one.listener.shutdown(socket.SHUT_RDWR)
        one.listener.close()
