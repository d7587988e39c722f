"""Add what companies decide about features, feedback, and whether an agent who is signed in is away."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, then the column."""
    _company_options()
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_feedback_company_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_feedback_user_id"),
    )
    op.create_index("ix_feedback_company_id_id", "feedback", ["company_id", "id"])
    op.create_index("ix_feedback_user_id_at", "feedback", ["user_id", "at"])
    with op.batch_alter_table("sign_in") as altered:
        altered.add_column(sa.Column("away", sa.Boolean, nullable=False, server_default=sa.false()))


def _company_options() -> None:
    op.create_table(
        "company_policy",
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("policy", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "feature", name="pk_company_policy"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_company_policy_company_id"),
    )
    op.create_table(
        "company_value",
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("option", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "feature", "option", name="pk_company_value"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_company_value_company_id"),
    )
