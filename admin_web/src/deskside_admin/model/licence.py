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
    """A licence of this server; a trial's token is made when it is needed."""

    __tablename__ = "licence"

    id: str = Field(max_length=64, primary_key=True)
    kind: str = Field(max_length=8)
    token: str
    seats: int
    starts: datetime = Field(sa_type=UtcTime)
    ends: datetime = Field(sa_type=UtcTime)
    installed: datetime = Field(sa_type=UtcTime)


class PolicySerial(Row, table=True):
    """Rises whenever what somebody of the company may use could have changed."""

    __tablename__ = "policy_serial"

    company_id: int = Field(foreign_key="company.id", primary_key=True)
    serial: int
