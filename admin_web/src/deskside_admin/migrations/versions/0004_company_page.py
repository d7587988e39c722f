"""Add a company's own sign-in page for its agents: address part, logo, and whether it lists login names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, then the table of logos."""
    with op.batch_alter_table("company") as altered:
        altered.add_column(sa.Column("own_page", sa.Boolean, nullable=False, server_default=sa.false()))
        altered.add_column(sa.Column("page_part", sa.String(50)))
        altered.add_column(sa.Column("lists_names", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_company_page_part", "company", ["page_part"], unique=True)
    op.create_table(
        "company_logo",
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_company_logo"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_company_logo_company_id"),
    )
