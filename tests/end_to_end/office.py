"""The panel as an administrator reads it, and what he decides, written straight into the demo's database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from end_to_end.support import Demo
from playwright.sync_api import Page
from sqlmodel import Session, create_engine, select

from deskside_admin.model import FeaturePolicy, FeatureTick, User


def read(data: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """Return rows of the gateway's database."""
    with closing(sqlite3.connect(f"file:{data / 'deskside.db'}?mode=ro", uri=True)) as db:
        return list(db.execute(query, values))


@contextmanager
def writing(data: Path) -> Iterator[Session]:
    """Change the gateway's database."""
    engine = create_engine(f"sqlite:///{data / 'deskside.db'}")
    with Session(engine) as db:
        yield db
        db.commit()
    engine.dispose()


def decide(data: Path, **policies: str) -> None:
    """Let the agents' group say `all`, `user` or `none` about features: `chat__text="none"`."""
    with writing(data) as db:
        agent = db.exec(select(User).where(User.login_name == "agent")).one()
        for name, policy in policies.items():
            key = name.replace("__", ".")
            db.merge(FeaturePolicy(group_id=agent.group_id, feature=key, policy=policy))


def tick(data: Path, **ticks: bool) -> None:
    """Let the agent say yes or no himself, where his group leaves it to him."""
    with writing(data) as db:
        agent = db.exec(select(User).where(User.login_name == "agent")).one()
        for name, ticked in ticks.items():
            db.merge(FeatureTick(user_id=agent.id, feature=name.replace("__", "."), ticked=ticked))


def name_agent(data: Path, chat_name: str) -> None:
    """Give the agent the name that customers see, or none."""
    with writing(data) as db:
        agent = db.exec(select(User).where(User.login_name == "agent")).one()
        agent.chat_name = chat_name
        db.add(agent)


def to_panel(page: Page, demo: Demo) -> None:
    """Sign in to the panel as the administrator."""
    page.goto(f"{demo.address}/admin/")
    page.get_by_label("Login name").fill("admin")
    page.get_by_label("Password").fill(demo.passwords["admin"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Groups").first.wait_for()


def history_of(page: Page, demo: Demo, session: str) -> str:
    """Return what the panel's history says of a session."""
    page.goto(f"{demo.address}/admin/history/{session}")
    return page.locator("main").inner_text()
