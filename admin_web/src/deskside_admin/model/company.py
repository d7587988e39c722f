"""Companies."""

from datetime import datetime

from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime


class Company(Row, table=True):
    """A company; its id is the company number that people type where there are several."""

    __tablename__ = "company"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    created: datetime = Field(sa_type=UtcTime)
