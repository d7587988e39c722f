"""Which ports a running program listens on and whom it talks to, as the system itself tells."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from attrs import define, field, frozen

LISTENS = "0A"
PAUSE_S = 0.02
TABLES = ("tcp", "tcp6", "udp", "udp6")


@frozen
class Socket:
    """A socket of a program: its own end and the far one."""

    kind: str
    state: str
    address: str
    port: int
    far_address: str
    far_port: int

    @property
    def is_open_to_others(self) -> bool:
        """Tell whether somebody could begin to talk to it."""
        return self.state == LISTENS if self.kind.startswith("tcp") else self.far_port == 0


@define
class Watch:
    """Everything that was seen of some programs."""

    seen: dict[int, set[Socket]] = field(factory=dict)
    looks: int = 0
    _is_over: threading.Event = field(factory=threading.Event)

    def doors(self, pid: int) -> set[tuple[str, str, int]]:
        """Return where a program could be reached."""
        return {(one.kind, one.address, one.port) for one in self.seen[pid] if one.is_open_to_others}

    def partners(self, pid: int) -> set[tuple[str, int]]:
        """Return whom a program has called: not those who called it."""
        own = {port for _, _, port in self.doors(pid)}
        calls = [one for one in self.seen[pid] if not one.is_open_to_others and one.port not in own]
        return {(one.far_address, one.far_port) for one in calls}

    def look(self, pids: tuple[int, ...]) -> None:
        """Look until it is over."""
        while not self._is_over.is_set():
            for pid in pids:
                with suppress(FileNotFoundError, ProcessLookupError):
                    self.seen.setdefault(pid, set()).update(sockets_of(pid))
            self.looks += 1
            self._is_over.wait(PAUSE_S)

    def end(self) -> None:
        """Look no longer."""
        self._is_over.set()


def sockets_of(pid: int) -> Iterator[Socket]:
    """Yield the network sockets that a process and its children have open now."""
    for one in (pid, *_children(pid)):
        inodes = set(_inodes(one))
        for table in TABLES:
            for line in Path(f"/proc/{one}/net/{table}").read_text().splitlines()[1:]:
                cells = line.split()
                if cells[9] in inodes:
                    yield Socket(table, cells[3], *_place(cells[1]), *_place(cells[2]))


@contextmanager
def watched(*pids: int) -> Iterator[Watch]:
    """Look at programs as often as possible while the block runs."""
    watch = Watch()
    thread = threading.Thread(target=watch.look, args=(pids,))
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from _children(int(child))


def _inodes(pid: int) -> Iterator[str]:
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(entry.readlink())):
                yield found[1]


def _place(cell: str) -> tuple[str, int]:
    """Read an address as the kernel prints it: words of four bytes, each with its lowest byte first."""
    address, _, port = cell.partition(":")
    raw = b"".join(bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8))
    if len(raw) == 4:
        return str(IPv4Address(raw)), int(port, 16)
    found = IPv6Address(raw)
    return str(found.ipv4_mapped or found), int(port, 16)
