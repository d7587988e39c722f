"""Who may open what: one table of pages and roles. The guard and the menu both work from it.

A row stands for a blueprint, or for one page of it where that page differs. What is not in the table
is for nobody.
"""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen
from flask import Flask, current_app, has_app_context

from deskside_admin.model import User, UserRole
from deskside_admin.service.scope import Scope


class Reach(StrEnum):
    """How far somebody sees in a page."""

    FULL = "full"
    GROUP = "group"
    OWN = "own"
    NOTHING = "nothing"


FULL, GROUP, OWN, NOTHING = Reach.FULL, Reach.GROUP, Reach.OWN, Reach.NOTHING


@frozen
class Place:
    """Where the menu leads, by which words and which icon."""

    endpoint: str
    text: str
    icon: str


@frozen(kw_only=True)
class Row:
    """How far each role sees; `operator` is for whoever runs the server, whatever his role."""

    managers: Reach = FULL
    leader: Reach = NOTHING
    agent: Reach = NOTHING
    system: Reach | None = None
    """Where the account that serves nobody differs from other managers."""
    operator: bool = False
    place: Place | None = None
    within: str = ""
    """The row whose place the menu marks while this page is open, if it has none itself."""

    def reach(self, user: User) -> Reach:
        """Return how far this user sees."""
        if self.operator:
            return FULL if user.operator else NOTHING
        of_role: dict[str, Reach] = {
            UserRole.SYSTEM: self.managers if self.system is None else self.system,
            UserRole.ADMIN: self.managers,
            UserRole.LEADER: self.leader,
            UserRole.AGENT: self.agent,
        }
        return of_role.get(user.role, NOTHING)


TABLE: Mapping[str, Row] = {
    "home": Row(leader=FULL, agent=FULL, place=Place("home.show", "home.title", "home")),
    "users": Row(leader=GROUP, place=Place("users.show", "users.title", "users")),
    "groups": Row(leader=GROUP, place=Place("groups.show", "groups.title", "groups")),
    "groups.new": Row(within="groups"),
    "groups.move": Row(),
    "groups.arrange": Row(),
    "groups.delete": Row(),
    "company": Row(place=Place("company.show", "company.title", "company")),
    "company_options": Row(within="company"),
    "licences": Row(place=Place("licences.show", "licences.title", "licence")),
    "server": Row(operator=True, place=Place("server.show", "server.title", "server")),
    "trust": Row(operator=True, within="server"),
    "signed_in": Row(leader=GROUP, place=Place("signed_in.show", "signed_in.title", "signed_in")),
    "sign_ins": Row(leader=GROUP, agent=OWN, place=Place("sign_ins.show", "sign_ins.title", "sign_ins")),
    "history": Row(leader=GROUP, agent=OWN, place=Place("history.show", "history.title", "history")),
    "history.end": Row(leader=GROUP),
    "feedback": Row(place=Place("feedback.show", "feedback.title", "feedback")),
    "feedback.everywhere": Row(operator=True, within="server"),
    "features": Row(leader=GROUP, within="groups"),
    "features.of_user": Row(leader=GROUP, within="users"),
    "features.why_off": Row(leader=GROUP, within="users"),
    "account": Row(managers=OWN, leader=OWN, agent=OWN),
    "account.own_features": Row(
        managers=OWN,
        leader=OWN,
        agent=OWN,
        system=NOTHING,
        place=Place("account.own_features", "account.features", "features"),
    ),
}
"""In the menu's order."""
MORE = "deskside_menus"


def add(app: Flask, blueprint: str, row: Row) -> None:
    """Add the row of a plugin's pages to this application's table."""
    app.extensions.setdefault(MORE, {})[blueprint] = row


def rows() -> Mapping[str, Row]:
    """Return the table, with plugins' pages at its end."""
    return {**TABLE, **current_app.extensions.get(MORE, {})} if has_app_context() else TABLE


def row_of(endpoint: str) -> Row | None:
    """Return the row of a page: its own, else its blueprint's."""
    found = rows()
    return found.get(endpoint) or found.get(endpoint.rpartition(".")[0])


def reach(endpoint: str, user: User) -> Reach:
    """Return how far a user sees in a page."""
    row = row_of(endpoint)
    return row.reach(user) if row else NOTHING


def may_open(endpoint: str, user: User) -> bool:
    """Tell whether a user may open a page."""
    return reach(endpoint, user) is not NOTHING


def scope(endpoint: str, user: User) -> Scope:
    """Return whose rows a page shows to a user."""
    seen = reach(endpoint, user)
    return Scope(
        company_id=user.company_id,
        group_id=user.group_id if seen is GROUP else None,
        user_id=user.id if seen in (OWN, NOTHING) else None,
    )


def place_of(endpoint: str) -> Place | None:
    """Return which place of the menu a page belongs to."""
    row = row_of(endpoint)
    if row is not None and row.within:
        return TABLE[row.within].place
    return row.place if row else None


def places(user: User) -> list[Place]:
    """Return where the menu leads for a user."""
    seen = [row for row in rows().values() if row.place is not None and row.reach(user) is not NOTHING]
    return [row.place for row in seen if row.place is not None]
