"""A panel over a fresh database of either kind, a made-up catalogue, and a clock that is turned by hand."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from admin_web.kit import NOW, PASSWORD, Browser, TurnedClock, make_user
from admin_web.licensing import vendor_key
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlmodel import Session

from deskside.catalogue import Catalogue, Declared
from deskside.declare import Feature, PluginInfo, Policy
from deskside.licence import new_key
from deskside.options import Choice, Number, Text
from deskside.texts import Texts
from deskside_admin.database import engine_for, migrate
from deskside_admin.model import Company, Group, User
from deskside_admin.panel import create_panel
from deskside_admin.service import groups, passwords, setup
from deskside_admin.service.entitling import Issuer

from postgres import Cluster


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once."""
    path = tmp_path_factory.mktemp("migrated") / "data.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_in_postgres(postgres: Cluster) -> str:
    """The name of a PostgreSQL database with every table and no row, made once."""
    name = postgres.create()
    _migrate(postgres.address(name))
    return name


def _migrate(address: str) -> None:
    made = engine_for(address)
    migrate(made)
    made.dispose()


@pytest.fixture
def sqlite_address(migrated: Path) -> str:
    """The address of an SQLite database without rows, at the same place for every test."""
    path = migrated.with_name("used.db")
    for beside in ("", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    shutil.copy(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_address(postgres: Cluster, migrated_in_postgres: str) -> Iterator[str]:
    """The address of a PostgreSQL database without rows."""
    yield postgres.address(migrated_in_postgres)
    postgres.empty(migrated_in_postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database_address(request: pytest.FixtureRequest) -> str:
    """The address of a database without rows: each test that reaches for it runs on both."""
    address: str = request.getfixturevalue(f"{request.param}_address")
    return address


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """An engine for each address: what it has learned to say to the database it need not learn again."""
    made: dict[str, Engine] = {}
    yield made
    for one in made.values():
        one.dispose()


@pytest.fixture
def engine(database_address: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    if database_address not in engines:
        engines[database_address] = engine_for(database_address)
    yield engines[database_address]
    engines[database_address].dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A database session that commits at each step, so that the panel sees it and is never kept waiting."""
    with Session(engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def catalogue() -> Catalogue:
    words = {
        "kites.title": "Kites",
        "kites.fly.title": "Fly a kite",
        "kites.fly.help": "Up in the air.",
        "kites.fly.height.title": "Height",
        "kites.fly.height.unit": "m",
        "kites.fly.colour.title": "Colour",
        "kites.fly.colour.red": "Bright red",
        "kites.fly.motto.title": "Motto",
        "kites.land.title": "Land a kite",
    }
    flying = Feature(
        key="kites.fly",
        policy=Policy.USER,
        options=(
            Number("height", default=30, minimum=1, maximum=120),
            Choice("colour", ("red", "blue"), default="red"),
            Text("motto", max_length=20),
        ),
    )
    features = (flying, Feature(key="kites.land"))
    info = PluginInfo(name="kites", version="1.0")
    return Catalogue.of([Declared(info=info, features=features, texts=Texts({"en": words}))])


@pytest.fixture
def issuer(catalogue: Catalogue) -> Issuer:
    """What this server signs with; it trusts one vendor."""
    return Issuer(new_key(), catalogue, (vendor_key(),))


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates are compiled once for all tests, not once for each."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def panel(engine: Engine, issuer: Issuer, clock: TurnedClock, compiled_templates: BytecodeCache) -> Flask:
    made = create_panel(engine, issuer, secret_key=b"k" * 32, cookie_secure=False, clock=clock)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def browser(panel: Flask) -> Browser:
    return Browser(panel.test_client())


@pytest.fixture
def admin(db: Session) -> User:
    """The first administrator, `kim` of the company Hanbit."""
    token = setup.make_first_administrator_link(db, NOW)
    assert token is not None
    first = setup.First(company="Hanbit", group="Service", name="Kim", login_name="kim", password=PASSWORD)
    user = setup.use_link(db, token, first, NOW)
    assert isinstance(user, User)
    db.commit()
    return user


@pytest.fixture
def agent(db: Session, admin: User) -> User:
    """An agent, `lee` of the same group."""
    return make_user(db, admin.company_id, admin.group_id, "lee")


@pytest.fixture
def stranger(db: Session, admin: User) -> User:
    """An administrator, `kim` of another company."""
    company = Company(name="Elsewhere", created=NOW)
    db.add(company)
    db.flush()
    group = groups.create(db, company.id, "Others")
    assert isinstance(group, Group)
    return make_user(db, company.id, group.id, "kim", role="admin")


@pytest.fixture
def signed_in(browser: Browser, admin: User) -> Browser:
    """A browser in which the administrator has signed in."""
    assert browser.sign_in("kim").status_code == 303
    return browser
