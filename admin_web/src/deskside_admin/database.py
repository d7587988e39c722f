"""The database: an engine for an address, and the way to the present tables.

On both databases a transaction is alone from its start: what a service reads is still true when it
writes. No service needs locks of its own, and no two of them can block each other for ever.
"""

import sqlite3
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree

if TYPE_CHECKING:
    import psycopg

BUSY_TIMEOUT_MS = 5000
"""How long a transaction waits for the one before it."""
STATEMENT_TIMEOUT_MS = 10_000
IDLE_TIMEOUT_MS = 15_000
"""How long a program that fell silent in the middle of a transaction can keep the others waiting."""
MOST_CONNECTIONS = 20
EXAMPLES = "it has to be like sqlite:////folder/file or postgresql+psycopg://user:password@host/name"
ALONE = 0x6465736B
"""The number of the lock that PostgreSQL's transactions take at their start."""
POSTGRES_ARGUMENTS: Mapping[str, Any] = {
    "connect_timeout": 5,
    # A database that vanished without a word is noticed within these seconds, not after hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    "application_name": "deskside",
}


def engine_for(address: str) -> Engine:
    """Return an engine for an address: `sqlite:////folder/file` or `postgresql+psycopg://user@host/name`.

    SQLite runs in WAL mode with foreign keys; its file is made readable by its owner only.

    :raises ArgumentError: if it is an address of neither
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ArgumentError(f"its address is none; {EXAMPLES}") from None
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() == "postgresql":
        return _postgres(url)
    raise ArgumentError(f"its address begins with {url.drivername}; {EXAMPLES}")


def migrate(engine: Engine) -> None:
    """Bring the tables to what this version expects; does nothing if they are there already."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        command.upgrade(_config(connection), "heads")


def is_current(engine: Engine) -> bool:
    """Tell whether the tables are exactly what this version expects."""
    with engine.begin() as connection:
        wanted = set(ScriptDirectory.from_config(_config(connection)).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == wanted


def is_unusable(error: SQLAlchemyError) -> bool:
    """Tell whether the database is away, full or too busy, rather than asked something wrong."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    # A damaged SQLite file is reported as nothing more exact than this.
    is_damaged = type(error) is DatabaseError
    return is_damaged or isinstance(error, OperationalError | InterfaceError | NoConnectionFree)


def why(error: BaseException) -> str:
    """Return one line that says what the database complained about, without a statement or its values."""
    lines = str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__]
    # With several addresses to try, the driver heads a list; the first of them says more than the heading.
    more = [line.strip(" -") for line in lines if line.startswith("- ")]
    return (more or lines)[0].strip()


def _config(connection: Connection) -> Config:
    config = Config()
    folder = str(files("deskside_admin") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _sqlite(url: URL) -> Engine:
    _make_private(url)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def _make_private(url: URL) -> None:
    if url.database in (None, "", ":memory:"):
        return
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    # The driver must not begin transactions by itself: _begin_as_writer does.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", f"busy_timeout = {BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_as_writer(connection: Connection) -> None:
    # A reader that turns writer half-way fails at once when another wrote in between; a writer waits.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={key: one for key, one in POSTGRES_ARGUMENTS.items() if key not in url.query},
        isolation_level="READ COMMITTED",
        # Connections that a restart of the database has killed are replaced before anybody uses them.
        pool_pre_ping=True,
        pool_size=MOST_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
    )
    event.listen(engine, "connect", _prepare_postgres)
    event.listen(engine, "begin", _begin_alone)
    return engine


def _prepare_postgres(connection: "psycopg.Connection[Any]", record: object) -> None:
    del record
    settings = {
        "TimeZone": "UTC",
        "lock_timeout": BUSY_TIMEOUT_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
    }
    connection.execute(";".join(f"SET {name} = '{value}'" for name, value in settings.items()).encode())
    connection.commit()


def _begin_alone(connection: Connection) -> None:
    # Each statement sees what was committed before it; behind this lock that is the same as being alone.
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ALONE})")
