"""What tests of the gateway share: a clock turned by hand, people, a viewer that speaks the protocol."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from attrs import define, field, frozen
from sqlalchemy import Engine
from sqlmodel import Session, select
from websockets.sync.client import ClientConnection, connect

from deskside_admin.model import Company, Group, User
from deskside_admin.service import passwords

from programs import Server

PASSWORD = "Correct-horse-7"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WAIT_S = 20


@define
class Clock:
    """Both clocks of the gateway, turned together by hand."""

    passed: float = 0.0

    def monotonic(self) -> float:
        return self.passed

    def utc(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def turn(self, seconds: float) -> None:
        self.passed += seconds


def make_people(engine: Engine) -> None:
    """Make the company Hanbit with kim, lee and park, and the company Elsewhere with cho; once."""
    with Session(engine) as db:
        if db.exec(select(Company.id)).first() is None:
            for name, people in {"Hanbit": ("kim", "lee", "park"), "Elsewhere": ("cho",)}.items():
                _make_company(db, name, people)
            db.commit()


def _make_company(db: Session, name: str, people: tuple[str, ...]) -> None:
    company = Company(name=name, created=NOW)
    db.add(company)
    db.flush()
    group = Group(company_id=company.id, name="Service")
    db.add(group)
    db.flush()
    for login_name in people:
        user = User(
            company_id=company.id,
            group_id=group.id,
            login_name=login_name,
            name=login_name.capitalize(),
            chat_name="",
            role="admin" if login_name in ("kim", "cho") else "agent",
            password_hash=passwords.hashed(PASSWORD),
            password_due=False,
            active=True,
            created=NOW,
        )
        db.add(user)


class No(Exception):
    """What the gateway refused."""

    def __init__(self, reason: str, values: Mapping[str, Any]) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values


@define
class Viewer:
    """A viewer program's end of /v1/control: calls, and answers to what it is asked."""

    _socket: ClientConnection
    token: str = ""
    answers: dict[str, Mapping[str, Any] | None] = field(factory=dict)
    """By push name: what to answer; None refuses with refused.code.wrong."""
    pushed: list[tuple[str, Mapping[str, Any]]] = field(factory=list)
    _last: int = 0

    def call(self, name: str, **arguments: object) -> dict[str, Any]:
        """Call, and answer pushes that come in between."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "call": name, "with": arguments}))
        while True:
            frame = json.loads(self._socket.recv(WAIT_S))
            if frame["id"] < 0:
                self._answer(frame)
            elif frame["id"] == self._last:
                if "refused" in frame:
                    raise No(frame["refused"]["reason"], frame["refused"]["values"])
                return dict(frame["result"])

    def serve_one(self) -> tuple[str, Mapping[str, Any]]:
        """Wait for one push, answer it and return it."""
        self._answer(json.loads(self._socket.recv(WAIT_S)))
        return self.pushed[-1]

    def sign_in(self, login_name: str, company: str = "1") -> "Viewer":
        """Sign an agent in and keep his token."""
        found = self.call("sign_in", company=company, login_name=login_name, password=PASSWORD, address="::1")
        self.token = found["token"]
        return self

    def wait(self, kind: str = "pc") -> dict[str, Any]:
        """Open a wait of the signed-in agent."""
        return self.call("new_wait", token=self.token, kind=kind)

    def _answer(self, frame: Mapping[str, Any]) -> None:
        self.pushed.append((frame["call"], frame["with"]))
        answer = self.answers.get(frame["call"], {})
        said = {"result": answer} if answer is not None else {"refused": {"reason": "refused.code.wrong"}}
        self._socket.send(json.dumps({"id": frame["id"], **said}))


@frozen
class Settled:
    """A running server whose people are known."""

    server: Server
    password: str

    @property
    def address(self) -> str:
        """Return where it listens."""
        return str(self.server.address)

    @property
    def sockets(self) -> str:
        """Return where its WebSockets are."""
        return self.address.replace("http", "ws", 1)

    @contextmanager
    def viewer(self, login_name: str = "", *, hosted: bool = True) -> Iterator[Viewer]:
        """Connect a viewer that has said hello, signed in if a name is given."""
        secret = (self.server.data / "node.secret").read_text() if hosted else ""
        with connect(f"{self.sockets}/v1/control", compression=None) as socket:
            viewer = Viewer(socket)
            viewer.call("hello", program="viewer", version="1.0", node_secret=secret, address="")
            yield viewer.sign_in(login_name) if login_name else viewer

    def post(self, path: str, address: str = "10.1.1.1", **fields: object) -> httpx.Response:
        """Send a customer's call from an address."""
        headers = {"X-Forwarded-For": address, "Accept-Language": "en"}
        return httpx.post(self.address + path, json=fields, headers=headers, timeout=WAIT_S)

    def relay(self, ticket: str, road: str = "main") -> ClientConnection:
        """Dial the relay."""
        address = f"{self.sockets}/v1/relay?ticket={ticket}&road={road}"
        return connect(address, compression=None, max_size=2**22)
