"""Whose rows somebody may see."""

from attrs import evolve, frozen
from sqlalchemy import ColumnElement
from sqlmodel import col

from deskside_admin.model import User


@frozen(kw_only=True)
class Scope:
    """A company's people: all of them, those of one group, or one person."""

    company_id: int
    group_id: int | None = None
    user_id: int | None = None

    def within(self, group_id: int) -> "Scope":
        """Return those of them who are in one group."""
        return evolve(self, group_id=group_id)

    def holds(self, user: User) -> bool:
        """Tell whether a user is among them."""
        return (
            user.company_id == self.company_id
            and self.group_id in (None, user.group_id)
            and self.user_id in (None, user.id)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a query of users must ask for."""
        found = [col(User.company_id) == self.company_id]
        if self.group_id is not None:
            found.append(col(User.group_id) == self.group_id)
        if self.user_id is not None:
            found.append(col(User.id) == self.user_id)
        return found
