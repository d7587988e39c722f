"""What one person can see on one machine: the real server, the real page, the demo customer's picture."""

from collections.abc import Callable, Iterator

import pytest
from end_to_end.support import Demo, new_support, sign_in
from playwright.sync_api import Page, expect
from screens import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT_MS = 30_000
WIDTH, HEIGHT = 1280, 800


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo.start(tmp_path_factory.mktemp("demo") / "var")
    yield demo
    demo.stop()


@pytest.fixture
def console(demo: Demo, open_page: Callable[..., Page]) -> Page:
    page = open_page(viewport={"width": 1024, "height": 768})
    sign_in(page, demo)
    return page


def begin(console: Page) -> Page:
    with console.context.expect_page() as opened:
        console.get_by_role("button", name="demo").click()
    page = opened.value
    page.locator("canvas.picture").wait_for(timeout=WAIT_MS)
    return page


def size(page: Page) -> tuple[int, int]:
    box = page.locator("canvas.picture").bounding_box()
    assert box is not None
    return round(box["width"]), round(box["height"])


def room(page: Page) -> tuple[int, int]:
    box = page.locator("#stage").bounding_box()
    assert box is not None
    return round(box["width"]), round(box["height"])


@pytest.mark.feature("SCR-05")
@pytest.mark.feature("SCR-06")
@pytest.mark.feature("SCR-07")
@pytest.mark.feature("SCR-08")
@pytest.mark.feature("SCR-10")
def test_the_picture_is_fitted_scaled_and_shown_full_screen(console: Page) -> None:
    page = begin(console)
    wide, high = room(page)

    fitted = size(page)
    assert fitted[0] == wide or fitted[1] == high
    assert fitted[0] / fitted[1] == pytest.approx(WIDTH / HEIGHT, rel=0.01)

    steps = [fitted]
    for _ in range(5):
        page.get_by_role("button", name="Change size").click()
        steps.append(size(page))
    assert (WIDTH, HEIGHT) in steps, "one to one"
    assert (WIDTH // 2, HEIGHT // 2) in steps
    assert steps[-1] == fitted

    page.keyboard.press("Control+Alt+ArrowDown")
    smaller = size(page)
    page.keyboard.press("Control+Alt+ArrowUp")
    page.keyboard.press("Control+Alt+ArrowUp")
    assert smaller[0] < size(page)[0]
    for _ in range(20):
        page.keyboard.press("Control+Alt+ArrowUp")
    assert size(page)[0] == 2 * WIDTH
    for _ in range(20):
        page.keyboard.press("Control+Alt+ArrowDown")
    assert size(page)[0] == WIDTH // 4

    page.get_by_role("button", name="Full screen").click()
    wait_until(lambda: page.evaluate("document.fullscreenElement !== null"), "full screen")
    page.keyboard.press("Control+Alt+Enter")
    wait_until(lambda: page.evaluate("document.fullscreenElement === null"), "no full screen")


@pytest.mark.feature("SES-04")
def test_several_supports_at_once_each_in_its_own_window(console: Page) -> None:
    first, second = begin(console), begin(console)

    assert first.url != second.url
    for page, words in ((first, "one"), (second, "two")):
        page.get_by_role("button", name="Chat").first.click()
        box = page.get_by_role("textbox", name="Message")
        box.fill(words)
        box.press("Enter")
        expect(page.get_by_text(f"You wrote: {words}")).to_be_visible(timeout=WAIT_MS)
    assert first.get_by_text("You wrote: two").count() == 0


@pytest.mark.feature("CON-11")
@pytest.mark.feature("CON-12")
def test_the_link_from_the_waiting_page_needs_no_typing(
    console: Page, demo: Demo, open_page: Callable[..., Page]
) -> None:
    console.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, code = new_support(console)
    expect(page.get_by_text(demo.address.partition("//")[2]).first).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Copy link").click()
    link = wait_until(lambda: page.evaluate("navigator.clipboard.readText()"), "the link")
    asked: list[str] = []
    customer = open_page()
    customer.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))

    customer.goto(link)

    expect(customer.get_by_role("heading", name="Lee Jun")).to_be_visible(timeout=WAIT_MS)
    where, _, fragment = link.partition("#")
    assert where.endswith(f"/c/{code[:4]}")
    assert fragment == code[4:]
    assert asked
    assert not [one for one in asked if code[4:] in one.partition("#")[0] or f'"{code[4:8]}"' in one]


@pytest.mark.feature("SES-07")
def test_the_support_number_leads_to_the_support_in_the_history(
    console: Page, demo: Demo, open_page: Callable[..., Page]
) -> None:
    page = begin(console)
    number = page.get_by_text("S-20").first.inner_text()
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(page.get_by_text("Lee Jun ended the support").first).to_be_visible(timeout=WAIT_MS)
    panel = open_page()
    panel.goto(f"{demo.address}/admin/")
    panel.get_by_label("Login name").fill("admin")
    panel.get_by_label("Password").fill(demo.passwords["admin"])
    panel.get_by_role("button", name="Sign in").click()

    panel.goto(f"{demo.address}/admin/history")
    panel.get_by_role("link", name=number).first.click()

    expect(panel.get_by_text("Demo customer").first).to_be_visible(timeout=WAIT_MS)
    expect(panel.get_by_text("Lee Jun").first).to_be_visible()
