"""A running server with two companies (of Hanbit, `kim` manages, `lee` and `park` serve), and its doors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen
from hosts.gateway.kit import PASSWORD, make_people
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from deskside.declare import Policy
from deskside_admin.database import engine_for, migrate
from deskside_admin.model import FeaturePolicy, OptionValue, User

from programs import Servers

WAIT_MS = 20_000


@frozen
class Site:
    """Where it is, and its database beside it."""

    address: str
    data: Path
    engine: Engine

    def change(self, step: Callable[[Session, User], Any], login_name: str = "lee") -> Any:
        """Do something to a user, beside the server."""
        with Session(self.engine, expire_on_commit=False) as db:
            answer = step(db, db.exec(select(User).where(User.login_name == login_name)).one())
            db.commit()
            return answer

    def say_for_group(self, feature: str, policy: Policy, *, locked: bool = True, **values: object) -> None:
        """Let the group of Hanbit's people say something about a feature."""

        def say(db: Session, user: User) -> None:
            db.merge(FeaturePolicy(group_id=user.group_id, feature=feature, policy=policy))
            for key, value in values.items():
                db.merge(
                    OptionValue(
                        group_id=user.group_id, feature=feature, option=key, value=value, locked=locked
                    )
                )

        self.change(say)


@contextmanager
def running(data: Path) -> Iterator[Site]:
    """Run a server on a new folder."""
    data.mkdir(mode=0o700)
    engine = engine_for(f"sqlite:///{data / 'deskside.db'}")
    migrate(engine)
    make_people(engine)
    with Servers(data) as servers:
        yield Site(servers.start(new=False).address, data, engine)
    engine.dispose()


def in_panel(page: Page, site: Site, login_name: str, path: str) -> Page:
    """Sign in to the panel, and open a page of it."""
    page.goto(f"{site.address}/admin/sign-in?next={path}")
    page.fill("#company", "1")
    page.fill("#login_name", login_name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.locator("nav.menu").wait_for()
    return page


def at_console(page: Page, address: str, login_name: str) -> Page:
    """Fill in and send the console's form."""
    page.goto(f"{address}/console")
    page.click("summary")
    page.fill("#company", "1")
    enter(page, login_name)
    return page


def enter(page: Page, login_name: str) -> None:
    """Send the form of a page that knows its company."""
    page.fill("#login_name", login_name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")


def is_inside(page: Page) -> None:
    """Wait until Hanbit's console is there."""
    expect(page.locator(".rail .company")).to_have_text("Hanbit", timeout=WAIT_MS)
