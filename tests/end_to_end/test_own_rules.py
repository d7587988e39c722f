"""Rules that are left to a user: set in the panel's forms, and what becomes of them at the console's door."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from end_to_end.support import local_viewer
from end_to_end.two_companies import WAIT_MS, Site, at_console, in_panel, is_inside, running
from playwright.sync_api import Page, expect
from sqlmodel import Session, col, select

from deskside.declare import Policy
from deskside_admin.model import SignIn, SignInKind, User
from deskside_admin.rules import AUTO_LOGOUT, IP_ALLOW, MAC_ALLOW
from deskside_viewer import machine

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

OpenPage = Callable[..., Page]
OWN = "/account/features?tab=security"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "var") as site:
        yield site


def rule(page: Page, key: str) -> None:
    """Switch a rule on, and unfold its values."""
    row = page.locator(f'[id="{key}"]')
    row.locator("input[type=checkbox]").set_checked(True)
    row.locator("details").evaluate("(one) => { one.open = true; }")


def save(page: Page) -> None:
    page.locator(".save-bar button.primary").click()
    expect(page.get_by_role("status").first).to_be_visible()


def add(page: Page, key: str, *entries: str) -> None:
    """Add entries to the list of a rule, each with the button, and save."""
    rule(page, key)
    for text in entries:
        page.locator(f'button[name="add"][value="{key}.addresses"]').click()
        entry = page.locator(f'input[name="value:{key}.addresses"]').last
        expect(entry).to_be_focused()
        entry.fill(text)
    save(page)


def let_pass(site: Site, **minutes: int) -> None:
    """Let console sign-ins be so much older, all at the same moment."""

    def older(db: Session, _: User) -> None:
        for name, passed in minutes.items():
            user = db.exec(select(User).where(User.login_name == name)).one()
            wanted = select(SignIn).where(SignIn.user_id == user.id, SignIn.kind == SignInKind.CONSOLE)
            row = db.exec(wanted.where(col(SignIn.revoked).is_(None))).one()
            row.created -= timedelta(minutes=passed)
            db.add(row)

    site.change(older)


def is_signed_out(page: Page) -> None:
    page.locator("#login_name").wait_for(timeout=WAIT_MS)
    expect(page.locator("#why")).to_contain_text("there was no support for a while")


@pytest.mark.feature("ACC-08")
def test_an_agent_sets_his_own_sign_out_time_until_his_group_forces_another(
    site: Site, open_page: OpenPage
) -> None:
    minutes = f'[name="value:{AUTO_LOGOUT.key}.minutes"]'
    site.say_for_group(AUTO_LOGOUT.key, Policy.USER, locked=False, minutes="30")
    panel = in_panel(open_page(), site, "lee", OWN)
    rule(panel, AUTO_LOGOUT.key)
    panel.select_option(minutes, "3")
    save(panel)
    lee, park = open_page(), open_page()
    is_inside(at_console(lee, site.address, "lee"))
    is_inside(at_console(park, site.address, "park"))
    let_pass(site, lee=3, park=3)
    is_signed_out(lee)
    expect(park.locator(".rail")).to_be_visible()

    site.say_for_group(AUTO_LOGOUT.key, Policy.ALL, minutes="10")

    panel.reload()
    row = panel.locator(f'[id="{AUTO_LOGOUT.key}"]')
    expect(row).to_have_class("feature greyed")
    expect(row.locator("input[type=checkbox]")).to_be_disabled()
    expect(row).to_contain_text("On for your group")
    expect(panel.locator(minutes)).to_be_disabled()
    expect(panel.locator(minutes)).to_have_value("10")
    is_inside(at_console(lee, site.address, "lee"))
    let_pass(site, lee=9, park=10)
    is_signed_out(park)
    expect(lee.locator(".rail")).to_be_visible()
    let_pass(site, lee=1)
    is_signed_out(lee)


@pytest.mark.feature("USR-10", "SEC-02", "SEC-03")
def test_an_administrator_gives_a_user_a_list_of_addresses_with_several_entries(
    site: Site, open_page: OpenPage
) -> None:
    site.say_for_group(IP_ALLOW.key, Policy.USER, locked=False, addresses=[])
    lee_id = site.change(lambda db, user: user.id)
    panel = in_panel(open_page(), site, "kim", f"/users/{lee_id}/features?tab=security")

    add(panel, IP_ALLOW.key, "198.51.100.7", "2001:db8::7")
    console = at_console(open_page(), site.address, "lee")
    expect(console.locator("#refused")).to_contain_text("may not sign in from this address", timeout=WAIT_MS)
    is_inside(at_console(open_page(), site.address, "park"))

    add(panel, IP_ALLOW.key, "127.0.0.0/8")
    is_inside(at_console(console, site.address, "lee"))
    kept = panel.locator(f'input[name="value:{IP_ALLOW.key}.addresses"]')
    assert [one.input_value() for one in kept.all()] == ["198.51.100.7", "2001:db8::7", "127.0.0.0/8"]
    panel.locator(f'[id="{IP_ALLOW.key}"] details').evaluate("(one) => { one.open = true; }")
    panel.locator('button[name="remove"]').nth(2).click()
    save(panel)
    console.click(".rail .leave")
    console.locator("#login_name").wait_for()
    at_console(console, site.address, "lee")
    expect(console.locator("#refused")).to_contain_text("may not sign in from this address", timeout=WAIT_MS)
    site.say_for_group(IP_ALLOW.key, Policy.NONE)


@pytest.mark.feature("USR-10")
def test_an_administrator_gives_a_user_a_list_of_network_cards(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    cards = sorted(machine.macs())
    assert cards, "this machine has no network card to be listed"
    site.say_for_group(MAC_ALLOW.key, Policy.USER, locked=False, addresses=[])
    lee_id = site.change(lambda db, user: user.id)
    panel = in_panel(open_page(), site, "kim", f"/users/{lee_id}/features?tab=security")
    rule(panel, MAC_ALLOW.key)
    panel.locator(f'button[name="add"][value="{MAC_ALLOW.key}.addresses"]').click()
    panel.locator(f'input[name="value:{MAC_ALLOW.key}.addresses"]').fill("00:11:22:33:44:aa")
    panel.locator(".save-bar button.primary").click()
    expect(panel.locator(f'[id="value-{MAC_ALLOW.key}.addresses-error"]')).to_be_visible()
    panel.reload()
    panel.goto(f"{site.address}/admin/users/{lee_id}/features?tab=security")

    add(panel, MAC_ALLOW.key, "0011223344aa", cards[0])

    console = at_console(open_page(), site.address, "lee")
    expect(console.locator("#refused")).to_contain_text("a browser cannot tell", timeout=WAIT_MS)
    with local_viewer(site, tmp_path / "viewer") as address:
        is_inside(at_console(open_page(), address, "lee"))
    is_inside(at_console(open_page(), site.address, "park"))
