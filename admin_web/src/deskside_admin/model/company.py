"""Companies, and what they have decided about passwords and history."""

from datetime import datetime
from enum import StrEnum

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
