"""Licences, and the count of changes that may withdraw features from running sessions."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class LicenceKind(StrEnum):
    """Where a licence comes from."""

    TRIAL = "trial"
    SOLD = "sold"


class LicenceRow(Row, table=True):
    """A licence of a company; without a company it is the trial that every company of this server may use,
    or the sold one that the settings name, which is the first company's.

    A trial's token is made when it is needed.
    """

    __tablename__ = "licence"

    id: str = Field(max_length=64, primary_key=True)
    kind: str = Field(max_length=8)
    token: str
    seats: int
    starts: datetime = Field(sa_type=UtcTime)
    ends: datetime = Field(sa_type=UtcTime)
    installed: datetime = Field(sa_type=UtcTime)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    vendor: str = Field(default="", max_length=80)
    tier: str = Field(default="", max_length=80)
    concurrent: bool = Field(default=False)
    vendor_key: str = Field(default="", max_length=64)
    """The key that it is signed with."""
    replaced: datetime | None = Field(default=None, sa_type=UtcTime)
    """When another took its place; it is kept for sessions that began under it, and for the record."""
    revoked: datetime | None = Field(default=None, sa_type=UtcTime)


class Vendor(Row, table=True):
    """Somebody whose licences this server takes."""

    __tablename__ = "vendor"

    public_key: str = Field(max_length=64, primary_key=True)
    name: str = Field(max_length=80)
    revocations: str = Field(default="")
    """The vendor's latest signed list of licences that no longer count."""
    typed: bool = Field(default=True)
    """The operator typed the key in; otherwise it counts for as long as the settings name it."""
    added: datetime = Field(sa_type=UtcTime)


class PolicySerial(Row, table=True):
    """Rises whenever what somebody of the company may use could have changed."""

    __tablename__ = "policy_serial"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    serial: int
