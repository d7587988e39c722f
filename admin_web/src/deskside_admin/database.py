"""The database: an engine for an address, and the way to the present tables."""

import sqlite3
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

BUSY_TIMEOUT_MS = 5000


def engine_for(address: str) -> Engine:
    """Return an engine for an SQLAlchemy address such as `sqlite:////var/lib/deskside/data.db`.

    SQLite runs in WAL mode with foreign keys, waits for a busy file, and starts every transaction
    as a writer; its file is made readable by its owner only.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    _make_private(url)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to what this version expects; does nothing if they are there already."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), "heads")


def is_current(engine: Engine) -> bool:
    """Tell whether the tables are exactly what this version expects."""
    with engine.begin() as connection:
        wanted = set(ScriptDirectory.from_config(_config(connection)).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == wanted


def _config(connection: Connection) -> Config:
    config = Config()
    folder = str(files("deskside_admin") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


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
