"""Groups of users, and what a group says about features and their values."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from deskside_admin.model.base import Row


class Group(Row, table=True):
    """Users who share one set of features."""

    __tablename__ = "user_group"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: int = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    name: str = Field(max_length=80)
    external_id: str = Field(default="", max_length=64)
    """What the company's own systems call it."""
    place: int = Field(default=0)
    """Where it stands among the company's groups."""
    version: int = Field(default=1)


class FeaturePolicy(Row, table=True):
    """What a group says about one feature; without a row the feature's declaration speaks."""

    __tablename__ = "feature_policy"

    group_id: int = Field(foreign_key="user_group.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    policy: str = Field(max_length=8)


class OptionValue(Row, table=True):
    """A group's value of one option, and whether its users may choose another."""

    __tablename__ = "option_value"

    group_id: int = Field(foreign_key="user_group.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    option: str = Field(max_length=40, primary_key=True)
    value: Any = Field(sa_type=JSON, nullable=False)
    locked: bool
