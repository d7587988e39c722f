"""Tests of the engine and the migrations, on both databases."""

import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlmodel import Session

from deskside_admin import database
from deskside_admin.database import engine_for, is_current, migrate
from deskside_admin.model import Group, Row

from postgres import Cluster


def test_migrations_arrive_at_exactly_the_tables_of_the_model(engine: Engine) -> None:
    with engine.begin() as connection:
        options = {"compare_type": True}
        context = MigrationContext.configure(connection, opts=options)

        differences = compare_metadata(context, Row.metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)

    assert is_current(engine)


def test_an_empty_sqlite_file_is_not_current(tmp_path: Path) -> None:
    assert not _is_current(f"sqlite:///{tmp_path / 'empty.db'}")


@pytest.mark.slow
def test_an_empty_postgresql_database_is_not_current(postgres: Cluster) -> None:
    assert not _is_current(postgres.address(postgres.create()))


def _is_current(address: str) -> bool:
    empty = engine_for(address)
    current = is_current(empty)
    empty.dispose()
    return current


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    with Session(engine) as db:
        db.add(Group(company_id=99, name="Lost"))

        with pytest.raises(IntegrityError):
            db.commit()


def test_a_transaction_keeps_every_other_waiting_from_its_start(
    engine: Engine, database_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    other = engine_for(database_address)

    with engine.begin(), other.connect() as waiting, pytest.raises(OperationalError, match="lock"):
        waiting.begin()

    other.dispose()


def test_who_waited_sees_what_the_other_has_written(engine: Engine, database_address: str) -> None:
    other = engine_for(database_address)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO policy_serial SELECT id, 7 FROM company")
    with other.begin() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM policy_serial").scalar()
    other.dispose()

    assert count == 0


def test_sqlite_runs_in_wal_mode_and_waits_for_a_busy_file(sqlite_address: str) -> None:
    engine = engine_for(sqlite_address)
    with engine.begin() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    engine.dispose()

    assert (mode, wait) == ("wal", 5000)


@pytest.mark.slow
def test_postgresql_waits_for_nothing_without_an_end(postgres_address: str) -> None:
    engine = engine_for(postgres_address)
    with engine.begin() as connection:
        limits = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        }
    engine.dispose()

    assert limits == {
        "lock_timeout": "5s",
        "statement_timeout": "10s",
        "idle_in_transaction_session_timeout": "15s",
    }


def test_the_file_of_a_new_database_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "made for it" / "data.db"

    engine_for(f"sqlite:///{path}").dispose()

    mode = stat.S_IMODE(path.stat().st_mode)

    assert mode == 0o600


@pytest.mark.parametrize(
    "address", ["mysql://root@localhost/x", "postgres://x@localhost/x", "data.db", "", "sqlite://a:b/c"]
)
def test_an_address_of_another_kind_of_database_is_refused(address: str) -> None:
    with pytest.raises(ArgumentError):
        engine_for(address)
