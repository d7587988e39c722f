"""Companies, and what they have decided about passwords and history."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class PasswordLevel(StrEnum):
    """How hard to guess the passwords of a company have to be."""

    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class Company(Row, table=True):
    """A company; its id is the company number that people type where there are several."""

    __tablename__ = "company"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    created: datetime = Field(sa_type=UtcTime)
    version: int = Field(default=1)
    """Rises with each saved form: of two people who change the same page, the second is told."""

    site: str = Field(default="", max_length=200)
    mail: str = Field(default="", max_length=254)
    telephone: str = Field(default="", max_length=13)
    contact_name: str = Field(default="", max_length=80)
    contact_mail: str = Field(default="", max_length=254)
    contact_telephone: str = Field(default="", max_length=13)

    password_level: str = Field(default=PasswordLevel.MEDIUM, max_length=8)
    password_days: int = Field(default=0)
    """How long a password lasts: 30, 60 or 90 days; 0 is for ever."""
    lock_after_wrong: bool = Field(default=False)
    lock_minutes: int = Field(default=0)
    """How long five wrong passwords lock an account; 0 is until an administrator lets him in."""
    two_step: bool = Field(default=False)
    """The panel asks for a second proof after the password."""

    keep_history: bool = Field(default=True)
    keep_months: int = Field(default=12)

    own_page: bool = Field(default=False)
    """Its agents have a sign-in page of their own, with the company's logo."""
    page_part: str | None = Field(default=None, max_length=50, index=True, unique=True)
    """What stands in that page's address, in small letters; kept while the page is off."""
    lists_names: bool = Field(default=False)
    """The sign-in form offers the login names of its agents, to anybody who knows the company."""


class CompanyPolicy(Row, table=True):
    """What a company says about one feature that is its alone; without a row the declaration speaks."""

    __tablename__ = "company_policy"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    policy: str = Field(max_length=8)


class CompanyValue(Row, table=True):
    """A company's value of one option of such a feature."""

    __tablename__ = "company_value"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    feature: str = Field(max_length=81, primary_key=True)
    option: str = Field(max_length=40, primary_key=True)
    value: Any = Field(sa_type=JSON, nullable=False)


class CompanyLogo(Row, table=True):
    """The logo of a company, as this server has drawn it anew."""

    __tablename__ = "company_logo"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    kind: str = Field(max_length=16)
    picture: bytes = Field(sa_type=LargeBinary)
