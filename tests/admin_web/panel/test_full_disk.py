"""A database that is full, or gone, in the middle of some work: one clear page, nothing half-written."""

from collections.abc import Iterator

import pytest
from admin_web.kit import Browser
from sqlalchemy import Engine, event
from sqlmodel import Session, func, select

from deskside_admin.database import engine_for
from deskside_admin.model import Group, User

SENTENCE = "Nothing was changed, and running supports go on."


@pytest.fixture
def engine(sqlite_address: str) -> Iterator[Engine]:
    """A database whose size can be limited; SQLite itself then says that the disk is full."""
    made = engine_for(sqlite_address)
    yield made
    made.dispose()


def limit(engine: Engine, pages: int) -> None:
    """Let the file grow to so many pages and no further; 0 for no room at all beyond what it has."""

    @event.listens_for(engine, "connect")
    def _limit(connection: object, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages or 1}").close()  # type: ignore[attr-defined]

    engine.dispose()


def count(engine: Engine) -> int:
    with Session(engine) as db:
        return db.exec(select(func.count()).select_from(Group)).one()


def test_a_full_disk_is_said_and_nothing_is_half_written(
    signed_in: Browser, engine: Engine, admin: User
) -> None:
    limit(engine, 0)
    made = 0
    while (answer := signed_in.post("/groups/new", "/groups/new", name=f"Group {made}")).status_code == 303:
        made += 1
        assert made < 5000, "the disk never filled up"

    assert answer.status_code == 503
    assert SENTENCE in answer.get_data(as_text=True)
    assert count(engine) == made + 1
    assert signed_in.get("/groups/").status_code == 200

    limit(engine, 2**30)
    assert signed_in.post("/groups/new", "/groups/new", name="There is room again").status_code == 303
    assert count(engine) == made + 2


def test_a_signed_in_administrator_is_told_in_his_language_that_the_database_is_away(
    signed_in: Browser, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise engine.dialect.dbapi.OperationalError("gone")  # type: ignore[union-attr]

    event.listen(engine, "do_connect", refuse)
    engine.dispose()

    answer = signed_in.get("/groups/?lang=ko")

    assert answer.status_code == 503
    assert "데이터베이스" in answer.get_data(as_text=True)
    event.remove(engine, "do_connect", refuse)
    assert signed_in.get("/groups/").status_code == 200
