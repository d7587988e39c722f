"""Users: administrators and agents, and what they chose where their group lets them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class UserRole(StrEnum):
    """What a user may do in the panel."""

    SYSTEM = "system"
    """Manages like an administrator, takes no seat and serves nobody."""
    ADMIN = "admin"
    LEADER = "leader"
    """Manages his own group, and may serve."""
    AGENT = "agent"


class User(Row, table=True):
    """A person who signs in."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("company_id", "login_name"),)

    id: int = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    group_id: int = Field(foreign_key="user_group.id", index=True)
    login_name: str = Field(max_length=64)
    name: str = Field(max_length=80)
    chat_name: str = Field(max_length=80)
    role: str = Field(max_length=16)
    password_hash: str = Field(max_length=255)
    password_due: bool
    active: bool
    created: datetime = Field(sa_type=UtcTime)
    version: int = Field(default=1)
    operator: bool = Field(default=False)
    """Runs this server: sees every company with its licences, and nothing of their people's work."""

    family_name: str = Field(default="", max_length=40)
    given_name: str = Field(default="", max_length=40)
    reading: str = Field(default="", max_length=80)
    telephone: str = Field(default="", max_length=13)
    mobile: str = Field(default="", max_length=13)
    mail: str = Field(default="", max_length=254)
    wants_mail: bool = Field(default=False)
    icon: int = Field(default=0)
    nickname: str = Field(default="", max_length=80)
    position: str = Field(default="", max_length=80)

    password_changed: datetime | None = Field(default=None, sa_type=UtcTime)
    wrong_passwords: int = Field(default=0)
    """In a row, since the last right one."""
    locked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    totp_sealed: str = Field(default="", max_length=200)
    """The secret of the code generator, sealed with this server's key."""
    totp_step: int = Field(default=0)
    """The latest step whose code was taken: a code that somebody saw over a shoulder is worth nothing."""

    @property
    def shown_name(self) -> str:
        """Return the name that customers see."""
        return self.chat_name or self.name


class FeatureTick(Row, table=True):
    """A user's own yes or no, heard where the group lets users decide and kept where it does not."""

    __tablename__ = "feature_tick"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    ticked: bool


class UserOptionValue(Row, table=True):
    """A user's own value of an option that his group has not locked."""

    __tablename__ = "user_option_value"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    option: str = Field(max_length=40, primary_key=True)
    value: Any = Field(sa_type=JSON, nullable=False)


class UserPhoto(Row, table=True):
    """The picture of a user, as this server has drawn it anew."""

    __tablename__ = "user_photo"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    kind: str = Field(max_length=16)
    picture: bytes = Field(sa_type=LargeBinary)
