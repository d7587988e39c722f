"""What agents have to say about the product, for whoever runs the server and for their company."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from deskside_admin.model.base import Row, UtcTime

LONGEST = 2000


class Feedback(Row, table=True):
    """One message of an agent."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_company_id_id", "company_id", "id"),
        Index("ix_feedback_user_id_at", "user_id", "at"),
    )

    id: int = Field(default=None, primary_key=True)
    company_id: int = Field(foreign_key="company.id")
    user_id: int = Field(foreign_key="user_account.id")
    at: datetime = Field(sa_type=UtcTime)
    text: str = Field(max_length=LONGEST)
