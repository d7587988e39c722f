"""The agent's settings at his own viewer: sign-out time, log file, and who else of his group is there."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from end_to_end.apart import Apart, apart
from end_to_end.office import decide, writing
from end_to_end.support import PLUGINS, new_support
from end_to_end.window import Window
from hosts.viewer.web.scenes import assert_accessible, assert_fits
from playwright.sync_api import Page, expect
from screens import Hand, wait_until
from sqlmodel import select

from deskside_admin.model import OptionValue, User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
GAME = "https://games.example.com/snake"
SAID = "said-to-nobody-else"
SIZES = ({"width": 390, "height": 844}, {"width": 1280, "height": 800})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Apart]:
    with apart(tmp_path, plugins=PLUGINS) as site:
        yield site


def settings(page: Page, site: Apart) -> None:
    page.goto(f"{site.console}/console/settings")
    expect(page.get_by_role("heading", name="Settings").first).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")


def kept(folder: Path) -> list[tuple[str, str]]:
    """Return the values that users have chosen, as the server has them."""
    with closing(sqlite3.connect(f"file:{folder / 'gateway/deskside.db'}?mode=ro", uri=True)) as db:
        return list(db.execute("SELECT feature, value FROM user_option_value ORDER BY feature"))


@pytest.mark.feature("ACC-08")
def test_the_sign_out_time_is_his_where_the_group_leaves_it_to_him_and_greyed_with_the_reason_elsewhere(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    site.sign_in(page)
    settings(page, site)
    tick, minutes = page.get_by_label("Sign me out automatically"), page.locator("#auto_logout-minutes")
    expect(tick).to_be_disabled()
    expect(minutes).to_be_disabled()
    expect(page.get_by_text("Your group does not use this.")).to_be_visible()

    decide(tmp_path / "gateway", security__auto_logout="user")
    settings(page, site)
    tick.check()
    minutes.select_option("3")
    save(page)
    page.reload()
    expect(tick).to_be_checked()
    expect(minutes).to_have_value("3")
    assert kept(tmp_path) == [("security.auto_logout", '"3"')]

    decide(tmp_path / "gateway", security__auto_logout="all")
    settings(page, site)
    expect(tick).to_be_disabled()
    expect(tick).to_be_checked()
    expect(minutes).to_be_disabled()
    expect(minutes).to_have_value("30")
    reason = page.locator("[data-rule='security.auto_logout']").get_by_text("Your group has decided this.")
    expect(reason).to_be_visible()


@pytest.mark.screen
@pytest.mark.feature("AGT-24")
def test_the_log_file_tells_what_was_done_and_nothing_of_what_was_said_and_goes_when_switched_off(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    site.sign_in(page)
    file = tmp_path / "viewer/log/viewer.log"
    settings(page, site)
    expect(page.get_by_text(str(file))).to_be_visible()
    page.goto(f"{site.console}/console")
    session, code = new_support(page)
    with Hand() as screen:
        given = ("--gateway", site.address)
        window = Window.open(screen, tmp_path / "home", code, *given, DESKSIDE_PLUGINS=PLUGINS)
        window.answer(yes=True)
        expect(session.locator("#stage canvas.picture").first).to_be_visible(timeout=WAIT_MS)
        session.get_by_role("button", name="Chat").first.click()
        session.get_by_role("textbox", name="Message").fill(SAID)
        session.keyboard.press("Enter")
        expect(session.locator(".chat-line:not(.chat-waiting)").get_by_text(SAID)).to_be_visible()
        session.get_by_role("button", name="End", exact=True).click()
        session.get_by_role("dialog").get_by_role("button", name="End").click()
        window.says("has ended")
    wait_until(lambda: " is ended " in file.read_text(), "the end in the log file", 20)

    said = file.read_text()
    named = re.search(r"support (\S+) is active", said)
    assert named, said
    expect(session.locator(".summary")).to_contain_text(named[1])
    cookies = [one["value"] for one in page.context.cookies() if "value" in one]
    secrets = [SAID, code, code[4:], site.passwords["agent"], "ticket=", "Lee Jun", *cookies]
    assert [one for one in secrets if one in said] == []

    decide(tmp_path / "gateway", security__log_file="none")
    wait_until(lambda: not file.exists(), "the log file to be removed", 30)
    assert list(file.parent.iterdir()) == []
    settings(page, site)
    expect(page.get_by_label("Keep a log file on this computer")).not_to_be_checked()


@pytest.mark.feature("AGT-23")
def test_the_console_lists_the_others_of_the_group_and_who_of_them_is_signed_in(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    page, other = open_page(), open_page()
    site.sign_in(page)
    group = page.get_by_role("region", name="My group")
    expect(group.get_by_text("Signed in: 0 of 1")).to_be_visible()

    other.goto(f"{site.console}/console")
    other.fill("#login_name", "admin")
    other.fill("#password", site.passwords["admin"])
    other.click("#sign-in button[type=submit]")
    expect(other.get_by_role("heading", name="New support")).to_be_visible(timeout=WAIT_MS)
    expect(group.get_by_text("Signed in: 1 of 1")).to_be_visible(timeout=WAIT_MS)
    group.locator("summary").click()
    expect(group.get_by_role("listitem")).to_contain_text("Park Ha-neul")
    page.screenshot(path=artifacts / "console-group.png")
    other.get_by_role("button", name="Sign out").click()
    expect(group.get_by_text("Signed in: 0 of 1")).to_be_visible(timeout=WAIT_MS)
    expect(group.get_by_role("listitem")).to_contain_text("not signed in")

    decide(tmp_path / "gateway", agent__user_status="none")
    page.reload()
    expect(page.get_by_role("heading", name="New support")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(group).to_be_hidden()


@pytest.mark.feature("AGT-22")
def test_a_link_for_breaks_is_there_only_where_the_group_wants_one(
    site: Apart, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    site.sign_in(page)
    link = page.get_by_role("link", name="Take a break")
    expect(link).to_have_count(0)

    decide(tmp_path / "gateway", links__break_area="all")
    with writing(tmp_path / "gateway") as db:
        agent = db.exec(select(User).where(User.login_name == "agent")).one()
        row = OptionValue(
            group_id=agent.group_id, feature="links.break_area", option="address", value=GAME, locked=False
        )
        db.merge(row)
    page.reload()
    expect(link).to_have_attribute("href", GAME)
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """A site for tests that only look."""
    with apart(tmp_path_factory.mktemp("site"), plugins=PLUGINS) as site:
        yield site


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR", "zh-CN", "ja-JP"])
def test_the_pages_of_settings_are_accessible_and_fit_every_window(
    unchanged: Apart, open_page: Callable[..., Page], artifacts: Path, locale: str, scheme: str
) -> None:
    page = open_page(locale=locale, color_scheme=scheme)
    page.goto(f"{unchanged.console}/console/connection")
    page.locator("#host").fill("help.example.com")
    page.locator("#tls").uncheck()
    page.locator("input[value=manual]").check()
    check(page, artifacts / f"connection-{locale}-{scheme}")
    page.goto(f"{unchanged.console}/console")
    page.fill("#login_name", "agent")
    page.fill("#password", unchanged.passwords["agent"])
    page.click("#sign-in button[type=submit]")
    page.locator(".choices").wait_for()
    page.goto(f"{unchanged.console}/console/settings")
    check(page, artifacts / f"settings-{locale}-{scheme}")


def check(page: Page, shot: Path) -> None:
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert_fits(page)
        page.screenshot(path=f"{shot}-{size['width']}.png", full_page=True)
        assert_accessible(page)
