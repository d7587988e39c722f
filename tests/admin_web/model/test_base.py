"""Tests of times in the database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from deskside_admin.model import Company


def test_a_time_of_another_zone_comes_back_in_utc(db: Session) -> None:
    seoul = timezone(timedelta(hours=9))
    db.add(Company(name="Hanbit", created=datetime(2026, 11, 21, 9, 0, tzinfo=seoul)))
    db.commit()
    db.expire_all()

    found = db.exec(select(Company)).one()

    assert found.created == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert found.created.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(db: Session) -> None:
    db.add(Company(name="Hanbit", created=datetime(2026, 11, 21)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="has no zone"):
        db.commit()
