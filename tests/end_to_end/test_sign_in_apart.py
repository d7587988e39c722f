"""The agent signs in at the viewer on his own machine; the gateway alone knows whether he may."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from end_to_end.apart import Apart, apart
from playwright.sync_api import Page, expect

from deskside_admin.service import passwords

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

CHANGED = "another correct horse battery"
WAIT_MS = 20_000


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Apart]:
    with apart(tmp_path) as site:
        yield site


def enter(page: Page, login_name: str, password: str) -> None:
    page.locator("#login_name").fill(login_name)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def refusal(page: Page) -> str:
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=WAIT_MS)
    return str(alert.inner_text())


def rows(folder: Path, table: str) -> int:
    """Return how many rows the gateway's database has of something."""
    with closing(sqlite3.connect(f"file:{folder / 'gateway/deskside.db'}?mode=ro", uri=True)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.feature("ACC-01")
def test_a_wrong_password_is_refused_in_words_and_opens_nothing(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    page = open_page()
    page.goto(f"{site.console}/console")

    said = set()
    for login_name in ("agent", "nobody"):
        enter(page, login_name, "wrong wrong wrong")
        said.add(refusal(page))
        page.screenshot(path=artifacts / "viewer-wrong-password.png")
        page.reload()

    assert len(said) == 1, "it does not say which of the two was wrong"
    assert "do not fit together" in said.pop()
    asked = page.request.post(f"{site.console}/console/sessions", data={"kind": "pc"})
    assert asked.status == 401
    assert page.context.cookies() == []
    page.goto(f"{site.console}/console")
    expect(page.get_by_text("New support")).to_have_count(0)
    assert (rows(tmp_path, "sign_in"), rows(tmp_path, "support_session")) == (0, 0)


@pytest.mark.feature("ACC-01")
def test_the_right_password_opens_the_console_and_only_the_gateway_judges_it(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page, later = open_page(), open_page()

    site.sign_in(page)

    expect(page.get_by_text("Lee Jun").first).to_be_visible()
    assert rows(tmp_path, "sign_in") == 1
    old = site.passwords["agent"]
    kept = [path.read_bytes() for path in (tmp_path / "viewer").rglob("*") if path.is_file()]
    assert kept
    assert not [one for one in kept if old.encode() in one or b"argon2" in one]

    with closing(sqlite3.connect(tmp_path / "gateway/deskside.db")) as db:
        given = (passwords.hashed(CHANGED), "agent")
        assert (
            db.execute("UPDATE user_account SET password_hash = ? WHERE login_name = ?", given).rowcount == 1
        )
        db.commit()
    later.goto(f"{site.console}/console")
    enter(later, "agent", old)
    assert "do not fit together" in refusal(later)
    enter(later, "agent", CHANGED)
    expect(later.get_by_text("New support").first).to_be_visible(timeout=WAIT_MS)
