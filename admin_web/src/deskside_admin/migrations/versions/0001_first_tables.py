"""Make the first tables: companies, groups, users, features, sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("admin",)
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table."""
    _people()
    _features()
    _access()


def _people() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
    )
    op.create_table(
        "user_group",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_group"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_user_group_company_id"),
        sa.UniqueConstraint("company_id", "name", name="uq_user_group_company_id_name"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("login_name", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("chat_name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("password_due", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_user_account_company_id"),
        sa.ForeignKeyConstraint(["group_id"], ["user_group.id"], name="fk_user_account_group_id"),
        sa.UniqueConstraint("company_id", "login_name", name="uq_user_account_company_id_login_name"),
    )
    op.create_index("ix_user_account_group_id", "user_account", ["group_id"])


def _features() -> None:
    op.create_table(
        "feature_policy",
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("policy", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "feature", name="pk_feature_policy"),
        sa.ForeignKeyConstraint(["group_id"], ["user_group.id"], name="fk_feature_policy_group_id"),
    )
    op.create_table(
        "option_value",
        sa.Column("group_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("option", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "feature", "option", name="pk_option_value"),
        sa.ForeignKeyConstraint(["group_id"], ["user_group.id"], name="fk_option_value_group_id"),
    )
    op.create_table(
        "feature_tick",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("ticked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "feature", name="pk_feature_tick"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_feature_tick_user_id"),
    )
    op.create_table(
        "user_option_value",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("feature", sa.String(81), nullable=False),
        sa.Column("option", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "feature", "option", name="pk_user_option_value"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_option_value_user_id"),
    )


def _access() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("revoked", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sign_in_user_id"),
        sa.UniqueConstraint("token_sha256", name="uq_sign_in_token_sha256"),
    )
    op.create_index("ix_sign_in_user_id", "sign_in", ["user_id"])
    op.create_index("ix_sign_in_ends", "sign_in", ["ends"])
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_link"),
        sa.UniqueConstraint("token_sha256", name="uq_one_time_link_token_sha256"),
    )
    op.create_table(
        "wrong_password",
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name="pk_wrong_password"),
    )
    op.create_index("ix_wrong_password_last", "wrong_password", ["last"])
