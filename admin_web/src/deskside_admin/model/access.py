"""How people get in: sign-ins, links that work once, and wrong passwords. Tokens are kept as digests only."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class SignInKind(StrEnum):
    """What somebody has signed in to."""

    PANEL = "panel"
    CONSOLE = "console"


class SignIn(Row, table=True):
    """One signed-in browser or program of a user."""

    __tablename__ = "sign_in"

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    token_sha256: str = Field(max_length=64, unique=True)
    address: str = Field(max_length=64)
    created: datetime = Field(sa_type=UtcTime)
    last_seen: datetime = Field(sa_type=UtcTime)
    ends: datetime = Field(sa_type=UtcTime, index=True)
    revoked: datetime | None = Field(default=None, sa_type=UtcTime)
    kind: str = Field(default=SignInKind.PANEL, max_length=8)
    has_seat: bool = Field(default=False)
    """It takes one of the concurrent seats of the licence."""
    away: bool = Field(default=False)
    """Its agent has touched no page of it for a while."""
    why_ended: str = Field(default="", max_length=40)
    """A text key: why it was ended before its time, if it was."""


class SecondStep(Row, table=True):
    """A right password that still waits for its second proof."""

    __tablename__ = "second_step"

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    token_sha256: str = Field(max_length=64, unique=True)
    code_sha256: str = Field(max_length=64)
    """Of the code that went out by mail; empty where a code generator is asked."""
    kind: str = Field(max_length=8)
    address: str = Field(max_length=64)
    attempts: int = Field(default=0)
    expires: datetime = Field(sa_type=UtcTime, index=True)


class RecoveryCode(Row, table=True):
    """A code that stands in for a lost code generator, once."""

    __tablename__ = "recovery_code"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    code_sha256: str = Field(max_length=64, primary_key=True)


class SignInRecord(Row, table=True):
    """One entry of the sign-in history: who came, who left, who was refused and why."""

    __tablename__ = "sign_in_record"
    __table_args__ = (
        Index("ix_sign_in_record_company_id_at_id", "company_id", "at", "id"),
        Index("ix_sign_in_record_user_id_at_id", "user_id", "at", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    login_name: str = Field(max_length=64)
    kind: str = Field(max_length=8)
    what: str = Field(max_length=8)
    """`in`, `out` or `refused`."""
    reason: str = Field(default="", max_length=40)
    address: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcTime)


class OneTimeLink(Row, table=True):
    """A link that does one thing, once, until it expires."""

    __tablename__ = "one_time_link"

    id: int = Field(default=None, primary_key=True)
    purpose: str = Field(max_length=40)
    token_sha256: str = Field(max_length=64, unique=True)
    expires: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class WrongPassword(Row, table=True):
    """Attempts from one address on one login name that have not succeeded yet."""

    __tablename__ = "wrong_password"

    key_sha256: str = Field(max_length=64, primary_key=True)
    attempts: int
    last: datetime = Field(sa_type=UtcTime, index=True)
