"""Signing in and being signed out, in real browsers at a real server."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from attrs import evolve, frozen
from end_to_end.support import local_viewer
from hosts.gateway.kit import PASSWORD, make_people
from hosts.viewer.web.scenes import assert_accessible, assert_fits
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, delete, select

from deskside.declare import Policy
from deskside_admin.database import engine_for, migrate
from deskside_admin.model import (
    FeaturePolicy,
    OptionValue,
    RecoveryCode,
    SessionState,
    SignIn,
    SupportSession,
    User,
    WrongPassword,
)
from deskside_admin.rules import AUTO_LOGOUT, FORCE_PREVIOUS_SIGNOUT, MAC_ALLOW
from deskside_admin.service import admission, code_generator, passwords, signins
from deskside_admin.service.sealing import Box
from deskside_viewer import machine

from programs import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT_MS = 20_000
NEW_PASSWORD = "Another-horse-8"
OpenPage = Callable[..., Page]


@frozen
class Site:
    """A running server with its people: `kim` administers, `lee` and `park` serve."""

    address: str
    data: Path
    engine: Engine

    def change(self, step: Callable[[Session, User], Any], login_name: str = "lee") -> Any:
        """Do something to a user, beside the server."""
        with Session(self.engine, expire_on_commit=False) as db:
            user = db.exec(select(User).where(User.login_name == login_name)).one()
            answer = step(db, user)
            db.commit()
            return answer

    def say_for_group(self, feature: str, policy: Policy, **values: object) -> None:
        """Let the group of everybody say something about a feature."""

        def say(db: Session, user: User) -> None:
            db.merge(FeaturePolicy(group_id=user.group_id, feature=feature, policy=policy))
            for key, value in values.items():
                row = OptionValue(
                    group_id=user.group_id, feature=feature, option=key, value=value, locked=True
                )
                db.merge(row)

        self.change(say)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site") / "var"
    data.mkdir(mode=0o700)
    engine = engine_for(f"sqlite:///{data / 'deskside.db'}")
    migrate(engine)
    make_people(engine)
    with Servers(data) as servers:
        yield Site(servers.start(new=False).address, data, engine)
    engine.dispose()


@pytest.fixture
def site(running: Site) -> Site:
    """The server as if nobody had ever signed in: group and people as they were made."""

    def forget(db: Session, user: User) -> None:
        for table in (SignIn, FeaturePolicy, OptionValue, RecoveryCode, WrongPassword):
            db.exec(delete(table))
        user.password_hash, user.password_due = passwords.hashed(PASSWORD), False
        user.totp_sealed, user.chat_name = "", ""

    running.change(forget)
    return running


def at_console(page: Page, site: Site, login_name: str = "lee", password: str = PASSWORD) -> Page:
    """Fill in and send the console's form."""
    page.goto(f"{site.address}/console")
    page.fill("#login_name", login_name)
    page.fill("#password", password)
    page.click("summary")
    page.fill("#company", "1")
    page.click("#sign-in button[type=submit]")
    return page


def inside(page: Page) -> Page:
    """Wait until the console is there."""
    page.locator(".rail .leave").wait_for(timeout=WAIT_MS)
    return page


def in_panel(page: Page, site: Site, login_name: str = "kim") -> Page:
    page.goto(f"{site.address}/admin/sign-in")
    page.fill("#company", "1")
    page.fill("#login_name", login_name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.locator("nav.menu").wait_for()
    return page


def is_back(page: Page, reason: str) -> None:
    """Wait until a console is back at its sign-in form and says why."""
    page.locator("#login_name").wait_for(timeout=WAIT_MS)
    expect(page.locator("#why")).to_contain_text(reason)


@pytest.mark.feature("ACC-21")
@pytest.mark.feature("USE-02")
def test_an_administrators_click_sends_the_console_back_to_signing_in_with_the_reason(
    site: Site, open_page: OpenPage
) -> None:
    console = inside(at_console(open_page(), site))
    panel = in_panel(open_page(), site)
    panel.click("nav.menu >> text=Signed-in users")
    row = panel.locator("tr", has_text="lee")
    expect(row).to_contain_text("Console")

    row.get_by_role("button").click()

    is_back(console, "An administrator has ended your sign-in.")
    expect(panel.locator("tr", has_text="lee")).to_have_count(0)
    panel.click("nav.menu >> text=Sign-ins")
    expect(panel.locator("tbody tr").first).to_contain_text("by an administrator")


@pytest.mark.feature("ACC-17")
def test_a_second_sign_in_sends_the_first_one_back_with_the_reason(site: Site, open_page: OpenPage) -> None:
    first = inside(at_console(open_page(), site))

    inside(at_console(open_page(), site))

    is_back(first, "You have signed in elsewhere")


@pytest.mark.feature("ACC-17")
def test_where_the_group_wants_that_the_second_sign_in_is_refused(site: Site, open_page: OpenPage) -> None:
    site.say_for_group(FORCE_PREVIOUS_SIGNOUT.key, Policy.NONE)
    first = inside(at_console(open_page(), site))

    second = at_console(open_page(), site)

    expect(second.locator("#refused")).to_contain_text("You are signed in elsewhere.")
    expect(first.locator(".rail .leave")).to_be_visible()
    first.click(".rail .leave")
    first.locator("#login_name").wait_for()
    second.click("#sign-in button[type=submit]")
    inside(second)


@pytest.mark.feature("ACC-18")
@pytest.mark.feature("ACC-19")
def test_the_seats_button_counts_and_looks_again_by_a_click_and_by_itself_while_none_is_free(
    site: Site, open_page: OpenPage
) -> None:
    lee = inside(at_console(open_page(), site))
    button = lee.locator(".rail .seats")
    expect(button).to_contain_text("1 free, 1 used", timeout=WAIT_MS)
    park = inside(at_console(open_page(), site, "park"))

    button.click()
    expect(button).to_contain_text("0 free, 2 used")
    third = at_console(open_page(), site, "kim")
    expect(third.locator("#refused")).to_contain_text("All seats of the licence are taken.")

    park.click(".rail .leave")
    park.locator("#login_name").wait_for()
    expect(button).to_contain_text("1 free, 1 used", timeout=WAIT_MS)


@pytest.mark.feature("ACC-07")
def test_an_agent_without_a_support_for_the_set_time_is_signed_out_and_told_why(
    site: Site, open_page: OpenPage
) -> None:
    site.say_for_group(AUTO_LOGOUT.key, Policy.ALL, minutes="5")
    console = inside(at_console(open_page(), site))

    def five_minutes_ago(db: Session, user: User) -> None:
        row = db.exec(select(SignIn).where(SignIn.user_id == user.id)).one()
        row.created -= timedelta(minutes=5)
        db.add(row)

    site.change(five_minutes_ago)

    is_back(console, "there was no support for a while")


@pytest.mark.feature("ACC-20")
def test_an_agent_signs_out_by_hand(site: Site, open_page: OpenPage) -> None:
    console = inside(at_console(open_page(), site))

    console.click(".rail .leave")

    console.locator("#login_name").wait_for()
    expect(console.locator("#why")).to_have_count(0)
    open_ones = site.change(lambda db, user: admission.open_consoles(db, datetime.now(UTC), user.id))
    assert open_ones == []


@pytest.mark.feature("ACC-23")
def test_an_agent_changes_his_password_in_the_console(site: Site, open_page: OpenPage) -> None:
    console = inside(at_console(open_page(), site))
    console.click("nav >> text=My account")
    expect(console.locator("#new-help")).to_contain_text("8 to 24 characters, with letters and digits")

    for new, told in (("abc111", "Use 8 to 24 characters. Add"), (NEW_PASSWORD, "")):
        console.fill("#old", PASSWORD)
        console.fill("#new", new)
        console.fill("#repeated", new)
        console.click("#password-form button[type=submit]")
        if told:
            expect(console.locator("#new-error")).to_contain_text("three digits that repeat")
    expect(console.locator("#done")).to_contain_text("Your password is changed.")

    other = at_console(open_page(), site)
    expect(other.locator("#refused")).to_contain_text("do not fit together")
    inside(at_console(open_page(), site, password=NEW_PASSWORD))


def test_a_generated_password_must_be_changed_before_the_console_opens(
    site: Site, open_page: OpenPage
) -> None:
    def due(db: Session, user: User) -> None:
        user.password_due = True
        db.add(user)

    site.change(due)
    page = at_console(open_page(), site)
    page.locator("#password-form").wait_for(timeout=WAIT_MS)
    assert page.locator("#details").count() == 0
    page.goto(f"{site.address}/console")
    page.locator("#password-form").wait_for()

    page.fill("#old", PASSWORD)
    page.fill("#new", NEW_PASSWORD)
    page.fill("#repeated", NEW_PASSWORD)
    page.keyboard.press("Enter")

    inside(page)


@pytest.mark.feature("ACC-26")
def test_what_an_agent_says_about_himself_is_what_the_next_customer_sees(
    site: Site, open_page: OpenPage
) -> None:
    console = inside(at_console(open_page(), site))
    console.click("nav >> text=My account")
    expect(console.locator("#chat_name")).to_have_attribute("placeholder", "Lee")
    console.fill("#chat_name", "Jun of the service desk")
    console.click("#details button[type=submit]")
    expect(console.locator("#done")).to_contain_text("Saved.")
    console.goto(f"{site.address}/console")
    inside(console).get_by_role("button", name="Chat only").click()
    card = console.locator("article.waiting").first
    card.locator(".digits").first.wait_for()
    code = re.sub(r"\D", "", " ".join(card.locator(".digits").all_inner_texts()))

    customer = open_page()
    customer.goto(site.address)
    customer.locator("input").first.fill(code)
    customer.keyboard.press("Enter")

    expect(customer.locator("body")).to_contain_text("Jun of the service desk", timeout=WAIT_MS)


def test_the_console_asks_for_the_code_of_a_code_generator(site: Site, open_page: OpenPage) -> None:
    box = Box.of(bytes.fromhex((site.data / "panel.secret").read_text()))
    secret = code_generator.new_secret()
    generator = pyotp.TOTP(secret)
    before = datetime.now(UTC) - timedelta(minutes=1)
    site.change(lambda db, user: code_generator.enrol(db, user, secret, generator.at(before), box, before))
    page = at_console(open_page(), site)
    page.locator("#code").wait_for(timeout=WAIT_MS)

    page.fill("#code", "abc")
    page.keyboard.press("Enter")
    expect(page.locator("#refused")).to_contain_text("Attempts left: 4")
    page.fill("#code", generator.now())
    page.keyboard.press("Enter")

    inside(page)


def test_a_running_support_outlives_the_sign_in(site: Site, open_page: OpenPage) -> None:
    console = inside(at_console(open_page(), site))
    console.get_by_role("button", name="Chat only").click()
    card = console.locator("article.waiting").first
    card.locator(".digits").first.wait_for()
    code = re.sub(r"\D", "", " ".join(card.locator(".digits").all_inner_texts()))
    with console.context.expect_page() as opened:
        card.locator("a.button").click()
    support = opened.value
    customer = open_page()
    customer.goto(site.address)
    customer.locator("input").first.fill(code)
    customer.keyboard.press("Enter")
    customer.locator("#chat-start, button:has-text('Start chat')").last.click(timeout=WAIT_MS)
    customer.wait_for_url("**/help/**", timeout=WAIT_MS)
    expect(support.locator("body")).to_contain_text("0:0", timeout=WAIT_MS)

    panel = in_panel(open_page(), site)
    panel.click("nav.menu >> text=Signed-in users")
    panel.locator("tr", has_text="lee").get_by_role("button").click()
    is_back(console, "An administrator has ended your sign-in.")

    assert SessionState.ACTIVE in site.change(
        lambda db, user: db.exec(select(SupportSession.state).where(SupportSession.user_id == user.id)).all()
    )
    inside(at_console(console, site))
    expect(console.locator("ul.rows li .button").first).to_be_visible(timeout=WAIT_MS)
    support.get_by_role("button", name="End", exact=True).click()
    support.get_by_role("button", name="End support").click()
    expect(customer.locator("body")).to_contain_text("Support ended", timeout=WAIT_MS)


def enter_code(page: Page) -> None:
    page.locator("#code").wait_for(timeout=WAIT_MS)
    page.fill("#code", "abc")
    page.keyboard.press("Enter")
    page.locator("#refused, .error").first.wait_for()


def test_the_pages_of_signing_in_are_accessible_and_fit_every_window(site: Site, open_page: OpenPage) -> None:
    """Looked at with a code generator, wrong entries, light and dark, wide and narrow, in two languages."""
    for scheme, locale in (("light", "ko-KR"), ("dark", "en-GB")):
        console = inside(at_console(open_page(color_scheme=scheme, locale=locale), site))
        console.goto(f"{site.address}/console/account")
        console.fill("#new", "x")
        console.click("#password-form button[type=submit]")
        console.locator("#old-error").wait_for()
        look_at(console)
        panel = in_panel(open_page(color_scheme=scheme, locale=locale), site)
        for path in ("signed-in/", "sign-ins/", "account/", "account/password", "account/second-step"):
            panel.goto(f"{site.address}/admin/{path}")
            look_at(panel)
        panel.fill("#password", PASSWORD)
        panel.click("main .card button")
        panel.locator(".qr").wait_for()
        look_at(panel)
        secret = re.search(r"secret=([A-Z2-7]+)", panel.content())
        assert secret is not None
        panel.fill("#code", pyotp.TOTP(secret[1]).now())
        panel.click("main .card button.primary")
        panel.locator(".codes").wait_for()
        look_at(panel)
        second = at_console(open_page(color_scheme=scheme, locale=locale), site, "kim")
        enter_code(second)
        look_at(second)
        site.change(code_generator.remove, "kim")


def look_at(page: Page) -> None:
    for width, height in ((1440, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page)
    assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_one_signs_in_proves_oneself_and_changes_the_password_without_a_mouse(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{site.address}/console")
    expect(page.locator("#login_name")).to_be_focused()
    page.keyboard.type("lee")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    inside(page)
    page.goto(f"{site.address}/console/account")
    page.locator("#old").focus()
    for text in (PASSWORD, NEW_PASSWORD, NEW_PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#done")).to_be_visible()


@pytest.mark.feature("ACC-16")
def test_with_a_list_of_network_cards_only_the_agents_own_program_lets_him_in_and_is_signed_out_too(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    cards = sorted(machine.macs())
    assert cards, "this machine has no network card to be listed"
    site.say_for_group(MAC_ALLOW.key, Policy.ALL, addresses=cards[:1])
    browser = at_console(open_page(), site)
    expect(browser.locator("#refused")).to_contain_text("a browser cannot tell which computer this is")

    with local_viewer(site, tmp_path / "viewer") as address:
        console = inside(at_console(open_page(), evolve(site, address=address)))
        site.change(
            lambda db, user: signins.revoke_all(db, user.id, datetime.now(UTC), why="signin.ended.idle")
        )
        is_back(console, "there was no support for a while")
        site.say_for_group(MAC_ALLOW.key, Policy.ALL, addresses=["0011223344aa"])
        refused = at_console(console, evolve(site, address=address))
        expect(refused.locator("#refused")).to_contain_text("its network card is not on")
