"""An HTTP proxy as companies have one: it notes whom it is asked to connect to, and knows one host."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define, field

PIECE = 64 * 1024


@define(eq=False)
class Proxy:
    """Connects everybody who asks for `known`, and has shown what it `wants`, to a port of this machine."""

    known: str
    target: tuple[str, int]
    wants: str = ""
    """User name and password, with a colon between them."""
    listener: socket.socket = field(factory=lambda: socket.create_server(("127.0.0.1", 0)))
    asked: list[str] = field(factory=list)
    turned_away: list[str] = field(factory=list)
    """What those showed who were not let through."""
    port: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.port = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _shown(self, head: bytes) -> str:
        for line in head.decode("latin-1").splitlines():
            name, _, value = line.partition(": ")
            if name.lower() == "proxy-authorization":
                return base64.b64decode(value.removeprefix("Basic ")).decode()
        return ""

    def _connect(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += near.recv(PIECE)
            method, target, *_ = head.decode("latin-1").split()
            self.asked.append(f"{method} {target}")
            if self.wants and self._shown(head) != self.wants:
                self.turned_away.append(self._shown(head))
                answer = (
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n\r\n"
                )
                near.sendall(answer)
                return
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
def proxy(known: str, target: tuple[str, int], wants: str = "") -> Iterator[Proxy]:
    """Run one while the block runs."""
    one = Proxy(known, target, wants)
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
