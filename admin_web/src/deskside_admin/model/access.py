"""How people get in: sign-ins, links that work once, and wrong passwords. Tokens are kept as digests only."""

from datetime import datetime

from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


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
