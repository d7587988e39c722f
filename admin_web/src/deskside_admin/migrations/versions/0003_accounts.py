"""Add company rules, details of people, second proofs, sign-in history, vendors, licences per company."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns, then tables."""
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as altered:
            for column in columns():
                altered.add_column(column)
    _first_administrators()
    _licences()
    _second_step()
    _recovery_code()
    _sign_in_record()
    _vendor()
    _user_photo()


def _first_administrators() -> None:
    """Whoever set the server up runs it."""
    op.execute(
        "UPDATE user_account SET operator = true"
        " WHERE id = (SELECT min(id) FROM user_account WHERE role = 'admin')"
    )
    op.execute("UPDATE user_account SET password_changed = created")


def _licences() -> None:
    with op.batch_alter_table("licence") as altered:
        altered.create_foreign_key("fk_licence_company_id", "company", ["company_id"], ["id"])
        altered.create_index("ix_licence_company_id", ["company_id"])
    op.execute("UPDATE licence SET concurrent = true WHERE kind = 'trial'")


def _second_step() -> None:
    op.create_table(
        "second_step",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_second_step"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_second_step_user_id"),
        sa.UniqueConstraint("token_sha256", name="uq_second_step_token_sha256"),
    )
    op.create_index("ix_second_step_user_id", "second_step", ["user_id"])
    op.create_index("ix_second_step_expires", "second_step", ["expires"])


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "code_sha256", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_recovery_code_user_id"),
    )


def _sign_in_record() -> None:
    op.create_table(
        "sign_in_record",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("company_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("login_name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_record"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_sign_in_record_company_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sign_in_record_user_id"),
    )
    for owner in ("company_id", "user_id"):
        op.create_index(f"ix_sign_in_record_{owner}_at_id", "sign_in_record", [owner, "at", "id"])


def _vendor() -> None:
    op.create_table(
        "vendor",
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("revocations", sa.String, nullable=False),
        sa.Column("added", MOMENT, nullable=False),
        sa.Column("typed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("public_key", name="pk_vendor"),
    )


def _user_photo() -> None:
    op.create_table(
        "user_photo",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("picture", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_photo"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_photo_user_id"),
    )


def _text(name: str, length: int, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=str(default))


def _flag(name: str, *, default: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _company() -> list[sa.Column[Any]]:
    return [
        _number("version", 1),
        _text("site", 200),
        _text("mail", 254),
        _text("telephone", 13),
        _text("contact_name", 80),
        _text("contact_mail", 254),
        _text("contact_telephone", 13),
        _text("password_level", 8, "medium"),
        _number("password_days"),
        _flag("lock_after_wrong"),
        _number("lock_minutes"),
        _flag("two_step"),
        _flag("keep_history", default=True),
        _number("keep_months", 12),
    ]


def _group() -> list[sa.Column[Any]]:
    return [_text("external_id", 64), _number("place"), _number("version", 1)]


def _user() -> list[sa.Column[Any]]:
    return [
        _number("version", 1),
        _flag("operator"),
        _text("family_name", 40),
        _text("given_name", 40),
        _text("reading", 80),
        _text("telephone", 13),
        _text("mobile", 13),
        _text("mail", 254),
        _flag("wants_mail"),
        _number("icon"),
        _text("nickname", 80),
        _text("position", 80),
        sa.Column("password_changed", MOMENT),
        _number("wrong_passwords"),
        sa.Column("locked_at", MOMENT),
        _text("totp_sealed", 200),
        _number("totp_step"),
    ]


def _sign_in() -> list[sa.Column[Any]]:
    return [_text("kind", 8, "panel"), _flag("has_seat"), _text("why_ended", 40)]


def _licence() -> list[sa.Column[Any]]:
    return [
        sa.Column("company_id", sa.Integer),
        _text("vendor", 80),
        _text("tier", 80),
        _flag("concurrent"),
        _text("vendor_key", 64),
        sa.Column("replaced", MOMENT),
        sa.Column("revoked", MOMENT),
    ]


def _support() -> list[sa.Column[Any]]:
    return [_text("licence", 64)]


COLUMNS = {
    "company": _company,
    "user_group": _group,
    "user_account": _user,
    "sign_in": _sign_in,
    "licence": _licence,
    "support_session": _support,
}
