"""What tests of the panel share: a clock turned by hand, a browser without scripts, ready users."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from deskside_admin.model import User
from deskside_admin.service import passwords

PASSWORD = "Correct-horse-battery-9"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@define
class TurnedClock:
    """A clock that stands still until a test turns it."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def turn(self, by: timedelta) -> None:
        self.time += by


@define
class Browser:
    """A browser without scripts: it sends the form's token back, as the page tells it."""

    client: FlaskClient
    mount: str = "http://localhost/"

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=self.mount, buffered=True, **more)

    def post(self, path: str, page: str = "", **entries: str) -> TestResponse:
        shown = self.get(page or "/sign-in").get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        data = {**entries, "csrf_token": found[1] if found else ""}
        return self.client.post(path, data=data, base_url=self.mount)

    def sign_in(self, login_name: str, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/sign-in", login_name=login_name, password=password, **more)


def make_user(db: Session, company_id: int, group_id: int, login_name: str, *, role: str = "agent") -> User:
    """Add a user who has chosen the common password."""
    user = User(
        company_id=company_id,
        group_id=group_id,
        login_name=login_name,
        name=login_name.capitalize(),
        chat_name="",
        role=role,
        password_hash=passwords.hashed(PASSWORD),
        password_due=False,
        active=True,
        created=NOW,
    )
    db.add(user)
    db.commit()
    return user
