"""What opens once a support is over: a page about it, a page of the company, both, or nothing."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from end_to_end.office import name_agent, read, writing
from end_to_end.panel import switch, unfold
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.terminals import terminal
from end_to_end.window import Window
from playwright.sync_api import Page, expect
from screens import Hand, wait_until
from sqlmodel import select

from deskside_admin.model import FeaturePolicy, OptionValue, User

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 40_000
CHAT_NAME = "Jun from Support"
SEOUL = timezone(timedelta(hours=9))
ALL_FOUR = [(True, True), (True, False), (False, True), (False, False)]
BROWSER = """#!{python}
import json, os, sys
path = os.path.join({folder!r}, f"{{os.getpid()}}")
with open(path + ".new", "w") as file:
    json.dump(sys.argv[1:], file)
os.replace(path + ".new", path + ".opened")
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("after") / "var"


@pytest.fixture(scope="module")
def demo(data: Path) -> Iterator[Demo]:
    demo = Demo.start(data)
    yield demo
    demo.stop()


def decide(data: Path, *, notice: bool, popup: bool, address: str) -> None:
    with writing(data) as db:
        group = db.exec(select(User).where(User.login_name == "agent")).one().group_id
        for name, wanted in (("notice", notice), ("popup", popup)):
            policy = "all" if wanted else "none"
            db.merge(FeaturePolicy(group_id=group, feature=f"ending.{name}", policy=policy))
        told = {"group_id": group, "feature": "ending.popup", "option": "address"}
        db.merge(OptionValue(**told, value=address, locked=False))


@contextmanager
def browser_in_the_way(folder: Path) -> Iterator[tuple[str, Callable[[], list[list[str]]]]]:
    """Give a folder whose xdg-open is a small program that writes down what it is called with."""
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(BROWSER.format(python=sys.executable, folder=str(folder)))
    program.chmod(0o755)
    yield str(folder), lambda: [json.loads(one.read_text()) for one in sorted(folder.glob("*.opened"))]


def is_running(folder: Path) -> bool:
    """Tell whether a program of a folder still runs."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"{folder}/xdg-open".encode() in one.read_bytes():
                return True
    return False


def end(agent: Page) -> None:
    agent.get_by_role("button", name="End", exact=True).click()
    agent.get_by_role("dialog").get_by_role("button", name="End").click()


def facts(page: Page) -> dict[str, str]:
    rows = page.locator(".facts > div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


def in_seoul(data: Path, number: str) -> tuple[str, str, str]:
    """Return what a clock in Seoul showed at the beginning and the end, and how long it took."""
    ((began, ended),) = read(data, "SELECT began, ended FROM support_session WHERE number = ?", number)
    first, last = (datetime.fromisoformat(str(one)).replace(tzinfo=None) for one in (began, ended))
    shown = [one.replace(tzinfo=timezone.utc).astimezone(SEOUL) for one in (first, last)]  # noqa: UP017
    clocks = [f"{one.hour % 12 or 12}:{one:%M:%S} {one:%p} GMT+9" for one in shown]
    minutes, seconds = divmod(round((last - first).total_seconds()), 60)
    return clocks[0], clocks[1], f"{minutes}:{seconds:02}"


def opened_by_program(demo: Demo, agent: Page, code: str, folder: Path, *, by_agent: bool) -> list[list[str]]:
    """Hold a support with the customer's program until it has ended by itself; return what it opened."""
    folder.mkdir()
    with Hand() as screen, browser_in_the_way(folder / "browser") as (path, opened):
        given = {"DESKSIDE_PLUGINS": PLUGINS, "DESKSIDE_OPEN_PAGES": "yes"}
        given["PATH"] = f"{path}:{screen.environment()['PATH']}"
        window = Window.open(screen, folder / "home", code, "--gateway", demo.address, **given)
        window.answer(yes=True)
        window.says("sees your screen")
        if by_agent:
            end(agent)
        else:
            wait_until(lambda: window.has("end") or window.click("close"), "the question before the end", 60)
            window.click("end")
        window.says("Remote support has ended")
        window.click("close")
        assert window.program.wait(30) == 0
        wait_until(lambda: not is_running(folder / "browser"), "what was started last to write")
        return opened()


@pytest.mark.screen
@pytest.mark.feature("END-03")
@pytest.mark.feature("END-04")
@pytest.mark.feature("END-05")
def test_the_customers_program_opens_a_notice_a_popup_both_or_nothing_in_his_browser(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    name_agent(data, chat_name=CHAT_NAME)
    console = open_page()
    sign_in(console, demo)
    address = "https://www.example.com/thanks?a=1&b=$(id)"
    notices = []
    for turn, (notice, popup) in enumerate(ALL_FOUR):
        decide(data, notice=notice, popup=popup, address=address)
        agent, code = new_support(console)
        found = opened_by_program(demo, agent, code, tmp_path / str(turn), by_agent=turn % 2 == 0)
        assert len(found) == notice + popup
        assert all(len(one) == 1 for one in found)
        assert ([address] in found) is popup
        notices += [one[0] for one in found if one != [address]]
        agent.close()

    assert len(notices) == 2
    page = open_page(timezone_id="Asia/Seoul", locale="en-US")
    page.goto(notices[0])
    told = facts(page)
    page.screenshot(path=artifacts / "end-notice.png")
    began, ended, lasted = in_seoul(data, told["Number"])
    assert told["Agent"] == CHAT_NAME
    assert told["Began"].endswith(began)
    assert told["Ended"].endswith(ended)
    assert told["Lasted"] == lasted
    assert page.goto(notices[0][:-9] + "AAAAAAAA=").status == 404


@pytest.mark.feature("END-03")
def test_where_there_is_no_browser_the_terminal_says_where_the_page_is(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    name_agent(data, chat_name="")
    decide(data, notice=True, popup=False, address="")
    console, reader = open_page(), open_page()
    sign_in(console, demo)
    agent, code = new_support(console)
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}

    with terminal(code, "--gateway", demo.address, **home) as customer:
        customer.sees("asks to: ")
        customer.types("y")
        customer.sees("Remote support in progress")
        expect(agent.get_by_role("button", name="End", exact=True)).to_be_visible(timeout=WAIT_MS)
        end(agent)
        said = customer.sees(r"A page about this support: \S+")

    reader.goto(said.split()[-1])
    assert facts(reader)["Agent"] == "Lee Jun"


def chat(console: Page, customer: Page, demo: Demo) -> Page:
    """Let a customer with only a browser into a chat; return the agent's page."""
    agent, code = new_support(console, "Chat only")
    customer.goto(demo.address)
    customer.locator("#number").fill(code)
    customer.locator("#go").click()
    customer.locator("#chat").click()
    box = customer.get_by_role("textbox", name="Message")
    box.fill("Thank you")
    box.press("Enter")
    expect(customer.get_by_text("Thank you").first).to_be_visible(timeout=WAIT_MS)
    return agent


@pytest.mark.feature("END-03")
@pytest.mark.feature("END-04")
@pytest.mark.feature("END-05")
def test_the_page_of_a_customer_without_a_program_opens_them_itself(
    demo: Demo, data: Path, open_page: Callable[..., Page], artifacts: Path
) -> None:
    name_agent(data, chat_name=CHAT_NAME)
    console = open_page()
    sign_in(console, demo)
    address = f"{demo.address}/?thanks"
    for notice, popup in ALL_FOUR:
        decide(data, notice=notice, popup=popup, address=address)
        customer = open_page()
        opened = pages_beside(customer)
        agent = chat(console, customer, demo)
        with customer.expect_response(re.compile("/help/.*/after$"), timeout=WAIT_MS):
            end(agent)
        wait_until_opened(customer, opened, notice + popup)
        links = [one.get_attribute("href") for one in customer.locator(".after a").all()]
        shown = [one.url for one in opened]
        assert sorted(shown) == sorted(str(one) for one in links)
        assert (address in shown) is popup
        for one in opened:
            if "/ended/" in one.url:
                assert facts(one)["Agent"] == CHAT_NAME
        customer.screenshot(path=artifacts / f"after-{notice:d}{popup:d}.png")

        count = len(opened)
        with customer.expect_response(re.compile("/help/.*/after$"), timeout=WAIT_MS):
            customer.reload()
        assert len(opened) == count
        customer.context.close()
        agent.close()


def pages_beside(page: Page) -> list[Page]:
    """Return a list that every page joins which opens in the same browser from now on."""
    found: list[Page] = []

    def add(one: Page) -> None:
        found.append(one)

    page.context.on("page", add)
    return found


def wait_until_opened(customer: Page, opened: list[Page], count: int) -> None:
    """Wait until so many pages are there; Playwright hears of them only while it is asked something."""
    expect(customer.locator(".after a")).to_have_count(count)
    wait_until(lambda: customer.evaluate("1") and len(opened) >= count, "the pages to open")
    for one in opened:
        one.wait_for_load_state()
    assert len(opened) == count


@pytest.mark.feature("END-04")
@pytest.mark.feature("END-06")
def test_only_a_web_address_is_saved_and_its_window_has_the_size_that_was_set(
    demo: Demo, data: Path, open_page: Callable[..., Page]
) -> None:
    decide(data, notice=True, popup=False, address="")
    admin, console = open_page(), open_page()
    admin.goto(f"{demo.address}/admin/groups/1/features?tab=start_end")
    admin.get_by_label("Login name").fill("admin")
    admin.get_by_label("Password").fill(demo.passwords["admin"])
    admin.get_by_role("button", name="Sign in").click()
    admin.locator('[id="ending.popup"]').wait_for()
    unfold(admin)
    switch(admin, "ending.popup", "all").check(force=True)
    for wrong in ("javascript:alert(1)", "ftp://example.com/"):
        unfold(admin)
        admin.fill('[name="value:ending.popup.address"]', wrong)
        admin.locator(".save-bar button.primary").click()
        told = f"“{wrong}” is no web address. It begins with http:// or https://."
        expect(admin.get_by_text(told).first).to_be_visible()
    unfold(admin)
    admin.fill('[name="value:ending.popup.address"]', f"{demo.address}/?thanks")
    admin.fill('[name="value:ending.popup.width"]', "640")
    admin.fill('[name="value:ending.popup.height"]', "480")
    admin.locator(".save-bar button.primary").click()
    admin.get_by_text("Saved. Features changed: 1.").wait_for()

    sign_in(console, demo)
    customer = open_page()
    agent = chat(console, customer, demo)
    opened = pages_beside(customer)
    end(agent)

    expect(customer.locator(".after a")).to_have_count(2, timeout=WAIT_MS)
    wait_until_opened(customer, opened, 2)
    (popup,) = [one for one in opened if one.url.endswith("/?thanks")]
    assert popup.evaluate("[innerWidth, innerHeight]") == [640, 480]
