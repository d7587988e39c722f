"""A hub on a fresh database for tests in process, and a server with people for tests over sockets."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hosts.gateway.kit import PASSWORD, Clock, Settled, make_people
from prometheus_client import CollectorRegistry

from deskside.catalogue import Catalogue, Declared
from deskside.declare import Feature, PluginInfo
from deskside.licence import new_key
from deskside_admin.database import engine_for, migrate
from deskside_admin.service import licences, passwords
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.sealing import Box
from deskside_gateway.broker import Broker
from deskside_gateway.hub import Hub
from deskside_gateway.outbox import Outbox
from deskside_gateway.relay import Counters, Relay
from deskside_gateway.store import Store
from deskside_gateway.tickets import Tickets

from programs import Server, Servers


@pytest.fixture(autouse=True, scope="session")
def _quick_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def catalogue() -> Catalogue:
    info = PluginInfo(name="kites", version="1.0")
    features = (Feature(key="kites.fly"), Feature(key="kites.land"))
    return Catalogue.of([Declared(info=info, features=features)])


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once."""
    path = tmp_path_factory.mktemp("migrated") / "data.db"
    engine = engine_for(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def hub(tmp_path: Path, migrated: Path, clock: Clock, catalogue: Catalogue) -> Iterator[Hub]:
    """A hub with the company Hanbit, its administrator `kim` and its agents `lee` and `park`."""
    shutil.copy(migrated, tmp_path / "data.db")
    engine = engine_for(f"sqlite:///{tmp_path / 'data.db'}")
    store = Store(engine, clock.utc)
    made = Hub(
        store=store,
        outbox=Outbox(store, tmp_path / "events.waiting"),
        broker=Broker(clock.monotonic),
        tickets=Tickets(b"t" * 32),
        relay=Relay(Counters.of(CollectorRegistry())),
        issuer=Issuer(new_key(), catalogue),
        node_secret=b"n" * 32,
        box=Box.of(b"b" * 32),
        address="https://help.example",
    )
    store.at_once(lambda db: licences.start_trial(db, clock.utc()))
    make_people(engine)
    yield made
    engine.dispose()


@pytest.fixture
def start_settled(tmp_path: Path) -> Iterator[Callable[..., Settled]]:
    """Return a function that starts a server with people, always on the same data."""
    with Servers(tmp_path / "var") as servers:
        yield lambda *options: _start(servers, *options)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    """A server with people that many tests share."""
    with Servers(tmp_path_factory.mktemp("settled") / "var") as servers:
        yield _start(servers, "--trusted-proxies", "127.0.0.1")


def _start(servers: Servers, *options: str) -> Settled:
    servers.data.mkdir(mode=0o700, exist_ok=True)
    engine = engine_for(f"sqlite:///{servers.data / 'deskside.db'}")
    migrate(engine)
    make_people(engine)
    engine.dispose()
    server: Server = servers.start(*options, new=False)
    return Settled(server, PASSWORD)
