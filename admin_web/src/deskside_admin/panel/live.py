"""What an agent's running supports refuse, where the panel runs beside a gateway that knows it."""

from collections.abc import Mapping
from typing import Protocol

from attrs import frozen
from flask import Flask, current_app, url_for

from deskside.grants import Refusal
from deskside_admin.model import SupportSession, User
from deskside_admin.panel import menus
from deskside_admin.panel.context import database, me
from deskside_admin.service import sessions

HERE = "deskside_live"


class Live(Protocol):
    """Whoever knows what happens in supports right now."""

    def of(self, session: str) -> Mapping[str, Refusal]:
        """Return what a support refuses, by feature."""


@frozen
class Said:
    """What one running support says to one feature."""

    session: SupportSession
    refusal: Refusal
    link: str


def install(app: Flask, live: Live) -> None:
    """Let the panel ask."""
    app.extensions[HERE] = live


def refused(user: User) -> dict[str, list[Said]]:
    """Return what a user's running supports refuse, by feature."""
    live: Live | None = current_app.extensions.get(HERE)
    found: dict[str, list[Said]] = {}
    for row in sessions.running(database(), user.id) if live is not None else ():
        for feature, refusal in live.of(row.id).items() if live is not None else ():
            found.setdefault(feature, []).append(Said(row, refusal, _link(row)))
    return found


def _link(row: SupportSession) -> str:
    """Return where the support is shown, if the reader may see supports at all."""
    return url_for("history.detail", session_id=row.id) if menus.may_open("history.detail", me()) else ""
