"""A small real SMTP server for tests: it keeps letters, and can be slow, refuse, or speak TLS."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue

from attrs import define, field


@define
class PostOffice:
    """What the server was told and how it behaves."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    letters: "Queue[EmailMessage]" = field(factory=Queue)
    refuses: set[str] = field(factory=set)
    """Commands answered with a permanent no."""
    silent_at: str = ""
    """The command that gets no answer; the greeting is ``HELO``."""
    dribbles: bool = False
    """Answer the greeting line by line, without end."""
    logins: list[str] = field(factory=list)
    sealed: list[bool] = field(factory=list)
    """For each letter whether it came through TLS."""
    closing: threading.Event = field(factory=threading.Event)

    def letter(self) -> EmailMessage:
        """Return the next letter, waiting for it."""
        return self.letters.get(timeout=20)


class _Line(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        self.office, self.socket = office, self.request
        self.reader = self.socket.makefile("rb")
        with contextlib.suppress(OSError):
            self._serve()

    def finish(self) -> None:
        """Close what TLS has put around the line, which the server does not know."""
        self.reader.close()
        self.socket.close()

    def _say(self, line: str) -> None:
        self.socket.sendall(f"{line}\r\n".encode())

    def _serve(self) -> None:
        if self.office.silent_at == "HELO":
            self.office.closing.wait()
            return
        while self.office.dribbles and not self.office.closing.wait(0.02):
            self._say("220-wait")
        self._say("220 post office")
        while line := self.reader.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if verb == self.office.silent_at:
                self.office.closing.wait()
                return
            if verb in self.office.refuses:
                self._say("550 no")
                continue
            self._answer(verb, line)
            if verb == "QUIT":
                return

    def _answer(self, verb: str, line: bytes) -> None:
        if verb == "EHLO":
            offers = ["post office", "8BITMIME", "AUTH PLAIN"]
            offers += ["STARTTLS"] if self.office.tls and not self._is_sealed() else []
            for offer in offers[:-1]:
                self._say(f"250-{offer}")
            self._say(f"250 {offers[-1]}")
        elif verb == "STARTTLS":
            self._say("220 go ahead")
            assert self.office.tls is not None
            self.socket = self.office.tls.wrap_socket(self.socket, server_side=True)
            self.reader = self.socket.makefile("rb")
        elif verb == "AUTH":
            self.office.logins.append(line.decode().split()[-1])
            self._say("235 welcome")
        elif verb == "DATA":
            self._say("354 go on")
            self._take_letter()
        else:
            self._say("250 fine")

    def _take_letter(self) -> None:
        lines = []
        while (line := self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.office.sealed.append(self._is_sealed())
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.office.letters.put(letter)
        self._say("250 kept")

    def _is_sealed(self) -> bool:
        return isinstance(self.socket, ssl.SSLSocket)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    office: PostOffice
    speaks_tls = False

    def get_request(self) -> tuple[socket.socket, object]:
        line, address = super().get_request()
        if self.speaks_tls and self.office.tls:
            line = self.office.tls.wrap_socket(line, server_side=True)
        return line, address


@contextmanager
def post_office(
    *, tls: ssl.SSLContext | None = None, speaks_tls: bool = False, **behaviour: object
) -> Iterator[PostOffice]:
    """Run one on a free port until the block ends."""
    office = PostOffice(tls=tls, **behaviour)  # type: ignore[arg-type]
    with _Server(("127.0.0.1", 0), _Line) as server:
        server.office, server.speaks_tls = office, speaks_tls
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.closing.set()
            server.shutdown()
            thread.join(10)
