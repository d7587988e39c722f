"""Add support sessions with their events, licences, and the count of policy changes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _sessions()
    _events()
    _licences()


def _sessions() -> None:
    op.create_table(
        "support_session",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("label", sa.String(8), nullable=False),
        sa.Column("customer_name", sa.String(80), nullable=False),
        sa.Column("customer_system", sa.String(80), nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("began", MOMENT),
        sa.Column("ended", MOMENT),
        sa.Column("ended_by", sa.String(80), nullable=False),
        sa.Column("end_wanted_by", sa.String(80), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_support_session"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_support_session_company_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_support_session_user_id"),
        sa.UniqueConstraint("company_id", "number", name="uq_support_session_company_id_number"),
    )
    for owner in ("company_id", "user_id"):
        op.create_index(f"ix_support_session_{owner}_opened_id", "support_session", [owner, "opened", "id"])
    op.create_index("ix_support_session_state", "support_session", ["state"])


def _events() -> None:
    op.create_table(
        "audit_event",
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("plugin", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("session", "side", "number", name="pk_audit_event"),
        sa.ForeignKeyConstraint(["session"], ["support_session.id"], name="fk_audit_event_session"),
    )
    op.create_table(
        "number_of_day",
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("day", sa.String(8), nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "day", name="pk_number_of_day"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_number_of_day_company_id"),
    )


def _licences() -> None:
    op.create_table(
        "licence",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("starts", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("installed", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_licence"),
    )
    op.create_table(
        "policy_serial",
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_policy_serial"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_policy_serial_company_id"),
    )
