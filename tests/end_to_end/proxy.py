"""An HTTP proxy as companies have one: it notes whom it is asked to connect to, and knows one host."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

PIECE = 64 * 1024


@define(eq=False)
class Proxy:
    """Connects everybody who asks for `known` to a port of this machine."""

    known: str
    target: tuple[str, int]
    listener: socket.socket = field(factory=lambda: socket.create_server(("127.0.0.1", 0)))
    asked: list[str] = field(factory=list)
    port: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.port = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += near.recv(PIECE)
            method, target, *_ = head.decode("latin-1").split()
            self.asked.append(f"{method} {target}")
            if (method, target) != ("CONNECT", self.known):
                near.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            with socket.create_connection(self.target) as far:
                near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_copy, args=(far, near), daemon=True)
                back.start()
                _copy(near, far)
                back.join()


@contextmanager
def proxy(known: str, target: tuple[str, int]) -> Iterator[Proxy]:
    """Run one while the block runs."""
    one = Proxy(known, target)
    threading.Thread(target=one.serve, daemon=True).start()
    try:
        yield one
    finally:
        # Closing alone would leave accept() waiting.
        with suppress(OSError):
            one.listener.shutdown(socket.SHUT_RDWR)
        one.listener.close()


def _copy(source: socket.socket, goal: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            goal.sendall(piece)
    for one in (source, goal):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
