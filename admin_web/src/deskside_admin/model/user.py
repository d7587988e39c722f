"""Users: administrators and agents, and what they chose where their group lets them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class UserRole(StrEnum):
    """What a user may do in the panel."""

    ADMIN = "admin"
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
