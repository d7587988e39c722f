"""Tests of the engine and the migrations."""

import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from deskside_admin.database import engine_for, is_current, migrate
from deskside_admin.model import Group, Row


def test_migrations_arrive_at_exactly_the_tables_of_the_model(engine: Engine) -> None:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, Row.metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)

    assert is_current(engine)


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    empty = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")

    current = is_current(empty)

    empty.dispose()
    assert not current


def test_sqlite_runs_in_wal_mode_and_waits_for_a_busy_file(engine: Engine) -> None:
    with engine.begin() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        wait = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()

    assert (mode, wait) == ("wal", 5000)


def test_sqlite_refuses_a_row_that_points_nowhere(engine: Engine) -> None:
    with Session(engine) as db:
        db.add(Group(company_id=99, name="Lost"))

        with pytest.raises(IntegrityError):
            db.commit()


def test_a_transaction_holds_the_writers_lock_from_its_start(engine: Engine, tmp_path: Path) -> None:
    other = engine_for(f"sqlite:///{tmp_path / 'data.db'}")
    with engine.begin(), other.connect() as waiting:
        raw = waiting.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout = 0").close()

        with pytest.raises(Exception, match="locked"):
            waiting.begin()
    other.dispose()


def test_the_file_of_a_new_database_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "made for it" / "data.db"

    engine_for(f"sqlite:///{path}").dispose()

    mode = stat.S_IMODE(path.stat().st_mode)

    assert mode == 0o600
