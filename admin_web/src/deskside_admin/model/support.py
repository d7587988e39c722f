"""Support sessions, what happened in them, and the numbers that people know them by."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class SessionKind(StrEnum):
    """What a wait is opened for."""

    PC = "pc"
    CHAT = "chat"


class SessionState(StrEnum):
    """Where a session is."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    AGREEING = "agreeing"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class SupportSession(Row, table=True):
    """One support, from the moment its agent began to wait."""

    __tablename__ = "support_session"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index("ix_support_session_company_id_opened_id", "company_id", "opened", "id"),
        Index("ix_support_session_user_id_opened_id", "user_id", "opened", "id"),
    )

    id: str = Field(max_length=32, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    user_id: int = Field(foreign_key="user_account.id")
    number: str = Field(max_length=24)
    kind: str = Field(max_length=8)
    state: str = Field(max_length=16, index=True)
    reason: str = Field(default="", max_length=80)
    label: str = Field(default="", max_length=8)
    customer_name: str = Field(default="", max_length=80)
    customer_system: str = Field(default="", max_length=80)
    opened: datetime = Field(sa_type=UtcTime)
    began: datetime | None = Field(default=None, sa_type=UtcTime)
    ended: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: str = Field(default="", max_length=80)
    end_wanted_by: str = Field(default="", max_length=80)
    serial: int = Field(default=0)
    licence: str = Field(default="", max_length=64)
    """The licence that it began under, and keeps: a licence never ends a running session."""


class AuditEvent(Row, table=True):
    """Something that happened in a session, as the side on which it happened reported it."""

    __tablename__ = "audit_event"

    session: str = Field(max_length=32, foreign_key="support_session.id", primary_key=True)
    side: str = Field(max_length=8, primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcTime)
    plugin: str = Field(max_length=40)
    name: str = Field(max_length=40)
    details: Any = Field(sa_type=JSON, nullable=False)


class NumberOfDay(Row, table=True):
    """How many support numbers a company has given out on one day."""

    __tablename__ = "number_of_day"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    day: str = Field(max_length=8, primary_key=True)
    last: int
