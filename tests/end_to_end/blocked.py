"""Ways in which a server cannot be reached, each with an address that leads there."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import define, field
from certificates import Authority, Pair

HOST = "127.0.0.1"
GREETING = b"220 mail.example ready\r\n"


@define(eq=False)
class Wrong:
    """A server that is not what it should be: it answers each call in its own way."""

    answer: Callable[[socket.socket], object]
    listener: socket.socket = field(factory=lambda: socket.create_server((HOST, 0)))
    held: list[socket.socket] = field(factory=list)

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                self.held.append(near)
                threading.Thread(target=self._answer, args=(near,), daemon=True).start()

    def _answer(self, near: socket.socket) -> None:
        with suppress(OSError):
            self.answer(near)

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for one in (self.listener, *self.held):
            one.close()


@contextmanager
def wrong(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Run such a server while the block runs; give its port."""
    one = Wrong(answer)
    port = one.port
    threading.Thread(target=one.serve, daemon=True).start()
    try:
        yield port
    finally:
        one.close()


def with_certificate(pair: Pair) -> Callable[[socket.socket], object]:
    """Return an answer that shows a certificate, and then a web page of somebody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)

    def answer(near: socket.socket) -> None:
        with context.wrap_socket(near, server_side=True) as shown:
            web_page(shown)

    return answer


def web_page(near: socket.socket) -> None:
    """Answer as some other web server would."""
    near.recv(65536)
    near.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nNo.\n")
    near.close()


def greet(near: socket.socket) -> None:
    """Speak first and no TLS, as a mail server does."""
    near.sendall(GREETING)
    near.recv(65536)
    near.close()


def nothing(near: socket.socket) -> None:
    """Take the call and never say a word, as some firewalls do."""
    near.getpeername()


@contextmanager
def address_of(kind: str, folder: Path) -> Iterator[str]:
    """Give an address that cannot be reached in this way."""
    if kind == "name":
        yield "https://no-such-name.invalid"
        return
    if kind == "port":
        with socket.create_server((HOST, 0)) as one:
            port = one.getsockname()[1]
        yield f"https://{HOST}:{port}"
        return
    authority = Authority.make(folder / "tls")
    answers: dict[str, Callable[[], Callable[[socket.socket], object]]] = {
        "no tls": lambda: greet,
        "expired": lambda: with_certificate(authority.pair(HOST, begins=-30, ends=-1)),
        "self-signed": lambda: with_certificate(authority.pair(HOST, signed_by_itself=True)),
        "another name": lambda: with_certificate(authority.pair("elsewhere.test")),
        "another server": lambda: with_certificate(authority.pair(HOST)),
        "silent": lambda: nothing,
    }
    with wrong(answers[kind]()) as port:
        yield f"https://{HOST}:{port}"


def trust(folder: Path) -> dict[str, str]:
    """Return what a program's environment must hold so that it trusts the test's own authority."""
    return {"SSL_CERT_FILE": str(folder / "tls" / "authority.pem")}
