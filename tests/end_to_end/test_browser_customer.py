"""A customer with nothing but a browser, and the viewer as a program of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from end_to_end import support
from end_to_end.apart import Apart, apart
from end_to_end.support import Demo, new_support, sign_in
from playwright.sync_api import Page, expect
from screens import wait_until

from programs import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo.start(tmp_path_factory.mktemp("demo") / "var")
    yield demo
    demo.stop()


@pytest.fixture
def local_viewer(demo: Demo, tmp_path: Path) -> Iterator[str]:
    """Return the address of a viewer that runs on the agent's own machine."""
    with support.local_viewer(demo, tmp_path / "viewer") as address:
        yield address


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Apart]:
    """Return a server that runs no viewer, and one on its agent's machine."""
    with apart(tmp_path, plugins=support.PLUGINS) as site:
        yield site


def come_as_customer(page: Page, address: str, code: str) -> None:
    page.goto(address)
    page.get_by_role("textbox").first.fill(code)
    page.locator("#go").click()
    page.locator("#name").fill("김민지")
    page.locator("#chat").click()


@pytest.mark.feature("PLT-04")
@pytest.mark.feature("SES-03")
@pytest.mark.feature("CHT-03")
def test_a_customer_chats_with_nothing_but_a_browser(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path
) -> None:
    console = open_page()
    sign_in(console, demo)
    agent, code = new_support(console, "Chat only")
    customer = open_page(viewport=NARROW)

    come_as_customer(customer, demo.address, code)

    box = customer.get_by_role("textbox", name="Message")
    box.fill("인쇄가 안 됩니다 <b>help</b>")
    box.press("Enter")
    agent.get_by_role("button", name="Chat").first.click()
    expect(agent.get_by_text("인쇄가 안 됩니다 <b>help</b>").first).to_be_visible(timeout=WAIT_MS)
    answer = agent.get_by_role("textbox", name="Message")
    answer.fill("Which printer?")
    answer.press("Enter")
    expect(customer.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)
    agent.screenshot(path=artifacts / "chat-agent.png")
    customer.screenshot(path=artifacts / "chat-customer.png")

    customer.reload()
    expect(customer.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)
    agent.reload()
    agent.get_by_role("button", name="Chat").first.click()
    expect(agent.get_by_text("인쇄가 안 됩니다 <b>help</b>").first).to_be_visible(timeout=WAIT_MS)

    agent.get_by_role("button", name="End", exact=True).click()
    agent.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(customer.get_by_text("Lee Jun ended the support").first).to_be_visible(timeout=WAIT_MS)
    expect(agent.get_by_text("Lee Jun ended the support").first).to_be_visible(timeout=WAIT_MS)


@pytest.mark.feature("CON-05")
def test_a_wrong_guess_burns_the_code_and_the_agent_sees_a_new_one_with_the_reason(
    demo: Demo, open_page: Callable[..., Page]
) -> None:
    from deskside.pairing import Code  # noqa: PLC0415 - makes the number a guesser would make

    console = open_page()
    sign_in(console, demo)
    agent, shown = new_support(console, "Chat only")
    code = Code.read(shown)
    assert code is not None
    wrong = Code(code.locator, f"{(int(code.secret) + 1) % 10_000:04d}").digits()
    guesser = open_page()

    come_as_customer(guesser, demo.address, wrong)

    expect(guesser.locator("#chat-error")).not_to_be_empty(timeout=WAIT_MS)
    card = agent.locator(".code-card").first
    expect(card.locator(".note")).to_be_visible(timeout=WAIT_MS)
    digits = "".join(card.locator(".digits").all_inner_texts())
    assert len(digits) == 9
    assert digits != code.digits()


def test_a_viewer_on_the_agents_own_machine_holds_a_session(
    demo: Demo, local_viewer: str, open_page: Callable[..., Page]
) -> None:
    console = open_page()
    sign_in(console, demo, local_viewer)
    page, code = new_support(console)

    assert page.url.startswith(local_viewer)
    assert len(code) == 9
    expect(page.locator(".code-card .digits").first).to_be_visible(timeout=WAIT_MS)


@pytest.mark.feature("PLT-04")
@pytest.mark.parametrize("server", ["with a viewer of its own", "without one"])
def test_a_customer_with_only_a_browser_chats_with_an_agent_whose_viewer_is_on_his_own_machine(
    server: str, request: pytest.FixtureRequest, tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    console, customer = open_page(), open_page(viewport=NARROW)
    if server == "without one":
        site = request.getfixturevalue("site")
        site.sign_in(console)
        address = site.address
    else:
        demo, viewer = request.getfixturevalue("demo"), request.getfixturevalue("local_viewer")
        sign_in(console, demo, viewer)
        address = demo.address
    agent, code = new_support(console, "Chat only")

    come_as_customer(customer, address, code)

    box = customer.get_by_role("textbox", name="Message")
    box.fill("인쇄가 안 됩니다")
    box.press("Enter")
    assert customer.url.startswith(f"{address}/help/")
    agent.get_by_role("button", name="Chat").first.click()
    expect(agent.get_by_text("인쇄가 안 됩니다").first).to_be_visible(timeout=WAIT_MS)
    expect(agent.get_by_text("Protected to the server").first).to_be_visible()
    answer = agent.get_by_role("textbox", name="Message")
    answer.fill("Which printer?")
    answer.press("Enter")
    expect(customer.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)

    customer.reload()
    expect(customer.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)
    expect(customer.get_by_text("인쇄가 안 됩니다").first).to_be_visible()
    second = customer.context.new_page()
    second.goto(customer.url)
    expect(second.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)
    expect(customer.get_by_text("Open in another tab").first).to_be_visible(timeout=WAIT_MS)
    customer.get_by_role("button", name="Use it here").click()
    expect(customer.get_by_text("Which printer?").first).to_be_visible(timeout=WAIT_MS)

    agent.get_by_role("button", name="End", exact=True).click()
    agent.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(customer.get_by_text("Lee Jun ended the support").first).to_be_visible(timeout=WAIT_MS)

    def is_gone() -> bool:
        customer.reload()
        return customer.get_by_text("This support is not there any more").is_visible()

    wait_until(is_gone, "the page of a support that is over", 30)


def test_nobody_comes_to_a_lent_page_without_having_been_let_in(
    demo: Demo, local_viewer: str, open_page: Callable[..., Page]
) -> None:
    console = open_page()
    sign_in(console, demo, local_viewer)
    agent, _ = new_support(console, "Chat only")
    session = agent.url.rsplit("/", 1)[1]

    for path in (f"/help/{session}", f"/help/{session}/start", f"/help/{session}/after"):
        given = {"deskside_help": "guessed-guessed-guessed"}
        assert httpx.get(demo.address + path, cookies=given).status_code == 404
        assert httpx.get(demo.address + path).status_code == 404
