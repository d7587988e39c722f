"""The forms of features in a real browser: by keyboard alone, and how they look."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.support import Demo
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

LOOKS = [
    ("en", "light", 1280),
    ("ko", "dark", 1280),
    ("ja", "light", 390),
    ("zh-Hans", "dark", 390),
]
ADDRESSES = "security.ip_allow"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo.start(tmp_path_factory.mktemp("forms") / "var")
    yield demo
    demo.stop()


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/admin/")
    page.get_by_label("Login name").fill("admin")
    page.get_by_label("Password").fill(demo.passwords["admin"])
    page.keyboard.press("Enter")
    page.locator("#content h1").wait_for()


def of_group(demo: Demo, tab: str = "viewer") -> str:
    return f"{demo.address}/admin/groups/1/features?tab={tab}"


def step_to(page: Page, what: str) -> None:
    """Press Tab until something has the focus, as its name or value says."""
    script = "(what) => [document.activeElement.name, document.activeElement.value].join(' ').trim() === what"
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(script, what):
            return
    raise AssertionError(f"nothing called {what!r} is reached with Tab")


@pytest.mark.feature("SEC-03")
def test_a_rule_is_switched_on_and_its_list_filled_by_keyboard_alone(
    demo: Demo, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    sign_in(page, demo)
    page.goto(of_group(demo, "security"))

    step_to(page, f"policy:{ADDRESSES} none")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for number, address in enumerate(("192.0.2.7", "2001:db8::7"), 1):
        step_to(page, f"add {ADDRESSES}.addresses")
        page.keyboard.press("Enter")
        entry = page.locator(f'input[name="value:{ADDRESSES}.addresses"]').nth(number - 1)
        expect(entry).to_be_focused()
        page.keyboard.type(address)
    page.keyboard.press("Enter")
    page.get_by_text("Saved. Features changed: 1.").wait_for()

    page.goto(of_group(demo, "security"))
    assert page.locator(f'input[name="policy:{ADDRESSES}"][value="user"]').is_checked()
    kept = page.locator(f'input[name="value:{ADDRESSES}.addresses"]')
    assert [one.input_value() for one in kept.all()] == ["192.0.2.7", "2001:db8::7"]


@pytest.mark.feature("AGT-20")
def test_the_console_shows_the_links_of_the_group_and_none_that_is_off(
    demo: Demo, open_page: Callable[..., Page]
) -> None:
    page, console = open_page(), open_page()
    sign_in(page, demo)
    console.goto(f"{demo.address}/console")
    console.fill("#login_name", "agent")
    console.fill("#password", demo.passwords["agent"])
    console.click("button[type=submit]")
    console.get_by_text("New support").first.wait_for()
    for link in ("Unattended access", "Take a break"):
        expect(console.get_by_role("link", name=link)).not_to_be_visible()
    page.goto(of_group(demo, "agent"))
    for key in ("links.companion", "links.break_area"):
        page.locator(f'[id="{key}"] .choice label').first.click()
        page.locator(f'[id="{key}"] summary').click()
    page.fill('[name="value:links.companion.address"]', "ftp://example.com/unattended")
    page.locator(".save-bar button.primary").click()
    assert page.locator('[name="value:links.companion.address"]').is_visible()
    page.get_by_text("It begins with http:// or https://.").wait_for()

    page.fill('[name="value:links.companion.address"]', "https://example.com/unattended")
    page.locator(".save-bar button.primary").click()
    page.get_by_text("Saved. Features changed: 2.").wait_for()
    console.reload()

    found = console.get_by_role("link", name="Unattended access")
    assert found.get_attribute("href") == "https://example.com/unattended"
    expect(console.get_by_role("link", name="Take a break")).not_to_be_visible()


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_forms_preview_and_answers_fit_in_every_language(
    demo: Demo, open_page: Callable[..., Page], artifacts: Path, language: str, scheme: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, demo)
    look = f"{language}-{scheme}-{width}"

    def shown(name: str, address: str = "") -> None:
        if address:
            page.goto(f"{demo.address}/admin/{address}{'&' if '?' in address else '?'}lang={language}")
        page.screenshot(path=artifacts / f"{name}-{look}.png", full_page=True)
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )

    for tab in ("viewer", "chat", "agent", "security", "start_end"):
        shown(f"group-{tab}", f"groups/1/features?tab={tab}")
    shown("user", "users/2/features")
    shown("own", "account/features")
    shown("why", "features/why?user=2")
    page.goto(f"{of_group(demo)}&lang={language}")
    page.locator('[id="file_transfer.send"] .choice label').nth(1).click()
    page.locator('[id="screen.view"] summary').click()
    page.locator('[name="value:screen.view.quality"]').fill("50")
    page.locator("button[name=preview]").click()
    page.locator('input[name="policy:screen.view"]').wait_for(state="attached")
    shown("preview")
    assert page.locator("table").first.locator("tbody tr").count() == 2
    assert not errors
