"""The session password: four digits that the agent tells, without which nobody connects, however he comes."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import define, frozen
from end_to_end.gate import PIECE, Gate
from end_to_end.office import decide
from end_to_end.panel import switch, unfold
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.terminals import terminal
from end_to_end.window import Window
from playwright.sync_api import Locator, Page, expect
from screens import Hand, wait_until

from programs import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
BURNT = "Somebody typed a wrong number"
LATER = "Too many attempts"
"""What whoever was wrong is told for a moment; then he may try again."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    demo = Demo.start(data)
    yield demo
    demo.stop()


@frozen
class Told:
    """What the agent's waiting window shows."""

    code: str
    password: str

    @classmethod
    def of(cls, page: Page) -> "Told":
        card = page.locator(".code-card").first
        card.locator(".digits").first.wait_for(timeout=WAIT_MS)
        pin = card.locator(".session-password .pin")
        return cls(
            "".join(card.locator(".digits").all_inner_texts()), pin.inner_text() if pin.is_visible() else ""
        )


def waiting(console: Page, demo: Demo, kind: str = "Remote support") -> tuple[Page, Told]:
    sign_in(console, demo)
    agent, _ = new_support(console, kind)
    told = Told.of(agent)
    assert Told.of(console) == told
    assert re.fullmatch(r"\d{4}", told.password)
    return agent, told


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 10_000:04d}"


def renewed(agent: Page, before: Told) -> Told:
    """Wait until the agent is told why, and shown another code with another password."""
    expect(agent.get_by_text(BURNT).first).to_be_visible(timeout=WAIT_MS)
    wait_until(lambda: Told.of(agent).code != before.code, "a new code")
    after = Told.of(agent)
    assert re.fullmatch(r"\d{4}", after.password)
    return after


def type_digits(window: Window, digits: str) -> None:
    """Type with the customer's own keyboard, and press Enter."""
    window.screen.do("windowactivate", "--sync", window.screen.window("^Remote support$"))
    window.screen.hand("type", "--delay", "40", digits)
    window.screen.hand("key", "Return")


@pytest.mark.screen
@pytest.mark.feature("CON-17")
@pytest.mark.feature("CON-18")
def test_wrong_digits_in_the_window_do_not_connect_and_new_ones_are_shown_and_do(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    decide(data, security__session_password="all")
    agent, told = waiting(open_page(), demo)
    agent.screenshot(path=artifacts / "session-password-agent.png")

    with Hand() as screen:
        home = tmp_path / "home"
        window = Window.open(screen, home, told.code, "--gateway", demo.address, DESKSIDE_PLUGINS=PLUGINS)
        window.says("Enter the session password")
        screen.save(artifacts / "session-password-window.png")
        type_digits(window, other(told.password))
        window.says("The number or the session password was not right")
        again = renewed(agent, told)

        type_digits(window, again.code)
        while window.says(f"Enter the session password|{LATER}")[0] == LATER:
            type_digits(window, again.code)
        type_digits(window, again.password)
        window.answer(yes=True)
        window.says("sees your screen")

    expect(agent.locator(".code-card")).not_to_be_visible()


@pytest.mark.feature("CON-17")
def test_the_program_in_a_terminal_asks_for_the_digits_too(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    decide(data, security__session_password="all")
    agent, told = waiting(open_page(), demo)
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}

    with terminal(told.code, "--gateway", demo.address, **home) as customer:
        customer.sees("Session password your agent tells you")
        customer.types("12a")
        customer.sees("The session password has four digits")
        customer.types(other(told.password))
        customer.sees("The number or the session password was not right")
        again = renewed(agent, told)
        customer.types(again.code)
        while customer.sees(f"Session password your agent tells you|{LATER}").startswith("Too"):
            customer.types(again.code)
        customer.types(again.password)
        customer.sees("asks to: ")
        customer.types("y")
        customer.sees("Remote support in progress")

    expect(agent.locator(".code-card")).not_to_be_visible()


def come(page: Page, demo: Demo, told: Told, password: str) -> None:
    page.goto(demo.address)
    page.locator("#number").fill(told.code)
    page.locator("#go").click()
    name, error = page.locator("#name"), page.locator("#number-error")

    def is_found() -> bool:
        if not name.is_visible() and LATER in error.inner_text():
            page.evaluate("document.getElementById('number-form').requestSubmit()")
        return name.is_visible()

    wait_until(is_found, "who waits under the number", 20)
    name.fill("Minji")
    page.get_by_label("Session password").fill(password)
    page.get_by_role("button", name="Start chat").click()


@pytest.mark.feature("CON-17")
@pytest.mark.feature("CON-18")
@pytest.mark.parametrize("kind", ["Remote support", "Chat only"])
def test_whoever_has_only_a_browser_types_the_digits_into_the_page(
    demo: Demo, data: Path, open_page: Callable[..., Page], artifacts: Path, kind: str
) -> None:
    decide(data, security__session_password="all")
    agent, told = waiting(open_page(), demo, kind)
    customer = open_page(viewport=NARROW)

    come(customer, demo, told, "12")
    expect(customer.locator("#chat-error")).to_have_text("The session password has four digits.")
    customer.screenshot(path=artifacts / "session-password-page.png", full_page=True)
    customer.get_by_label("Session password").fill(other(told.password))
    customer.get_by_role("button", name="Start chat").click()
    expect(customer.locator("#chat-error")).to_contain_text("The number or the session password is wrong")
    again = renewed(agent, told)

    come(customer, demo, again, again.password)
    box = customer.get_by_role("textbox", name="Message")
    box.fill("Here I am")
    box.press("Enter")
    agent.get_by_role("button", name="Chat").first.click()
    expect(agent.get_by_text("Here I am").first).to_be_visible(timeout=WAIT_MS)


@define(eq=False)
class Liar(Gate):
    """A server that says that no password is needed, and passes everything else on."""

    lies: int = 0

    def _copy(self, source: socket.socket, goal: socket.socket, is_held: bool = False) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                changed = piece.replace(b'"password":true', b'"password":null')
                self.lies += changed != piece
                goal.sendall(changed)
        for one in (source, goal):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@pytest.mark.screen
@pytest.mark.feature("CON-17")
def test_a_server_that_hides_that_digits_are_needed_connects_nobody(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    decide(data, security__session_password="all")
    agent, told = waiting(open_page(), demo)
    liar = Liar(urlsplit(demo.address).port or 0)
    liar.open()
    threading.Thread(target=liar.serve, daemon=True).start()

    with Hand() as screen:
        home = tmp_path / "home"
        window = Window.open(screen, home, told.code, "--gateway", liar.address, DESKSIDE_PLUGINS=PLUGINS)
        window.says("The number was not right")
        renewed(agent, told)
        assert not window.has("yes")
    assert liar.lies == 1
    liar.cut()
    liar.listener.close()


def of_rule(page: Page) -> Locator:
    return page.locator('[id="security.session_password"]')


def open_panel(page: Page, demo: Demo, who: str, path: str) -> None:
    page.goto(f"{demo.address}/admin/{path}")
    page.get_by_label("Login name").fill(who)
    page.get_by_label("Password").fill(demo.passwords[who])
    page.get_by_role("button", name="Sign in").click()
    of_rule(page).wait_for()
    unfold(page)


@pytest.mark.feature("SEC-05")
@pytest.mark.feature("CON-18")
def test_fixed_digits_are_set_for_a_group_and_by_a_user_and_stay_for_every_number(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path
) -> None:
    admin, console = open_page(), open_page()
    open_panel(admin, demo, "admin", "groups/1/features?tab=security")
    switch(admin, "security.session_password", "all").check(force=True)
    unfold(admin)
    admin.locator('[name="value:security.session_password.mode"]').select_option("fixed")
    digits = admin.locator('[name="value:security.session_password.digits"]')
    digits.fill("48a7")
    admin.locator(".save-bar button.primary").click()
    expect(admin.get_by_text("“48a7” is no session password. It has four digits.").first).to_be_visible()
    admin.locator('[name="value:security.session_password.digits"]').fill("4827")
    admin.locator(".save-bar button.primary").click()
    admin.get_by_text("Saved. Features changed: 1.").wait_for()

    agent, told = waiting(console, demo)
    assert told.password == "4827"
    agent.get_by_role("button", name="New number").click()
    wait_until(lambda: Told.of(agent).code != told.code, "a new number")
    assert Told.of(agent).password == "4827"

    unfold(admin)
    switch(admin, "security.session_password", "user").check(force=True)
    admin.locator(".save-bar button.primary").click()
    admin.get_by_text("Saved. Features changed: 1.").wait_for()
    mine = open_page()
    open_panel(mine, demo, "agent", "account/features?tab=security")
    of_rule(mine).screenshot(path=artifacts / "session-password-own.png")
    mine.locator(
        '[name="ticked:security.session_password"], [name="tick:security.session_password"]'
    ).first.check(force=True)
    mine.locator('[name="value:security.session_password.digits"]').fill("0612")
    mine.locator("main button.primary").last.click()
    agent.get_by_role("button", name="New number").click()
    wait_until(lambda: Told.of(agent).password == "0612", "the user's own digits")
