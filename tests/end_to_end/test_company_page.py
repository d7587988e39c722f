"""A company's own sign-in page and its list of login names: from the panel's form to agents' browsers."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from end_to_end.support import local_viewer
from end_to_end.two_companies import Site, at_console, enter, in_panel, is_inside, running
from hosts.gateway.kit import PASSWORD
from hosts.viewer.web.scenes import assert_accessible, assert_fits
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WAIT_MS = 20_000
BLUE, RED = (20, 60, 200), (200, 30, 30)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site") / "var") as site:
        yield site


@pytest.fixture
def panel(site: Site, open_page: OpenPage) -> Page:
    """The company's page in the panel, where kim has signed in."""
    return in_panel(open_page(), site, "kim", "/company/")


def decide(panel: Page, part: str = "", *, own_page: bool = True, lists_names: bool = False) -> None:
    """Fill in and save what the company says about its page."""
    panel.fill("#page_part", part)
    panel.set_checked("#own_page", own_page)
    panel.set_checked("#lists_names", lists_names)
    panel.get_by_role("button", name="Save").click()


def saved(panel: Page) -> None:
    expect(panel.get_by_role("status").first).to_contain_text("Saved.")


def logo(kind: str = "PNG", size: tuple[int, int] = (240, 80)) -> bytes:
    """Return a logo whose left half is blue and whose right half is red."""
    drawn = Image.new("RGB", size, RED)
    drawn.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    drawn.save(buffer, kind)
    return buffer.getvalue()


def send_logo(panel: Page, content: bytes, name: str, kind: str) -> None:
    panel.set_input_files("#logo", {"name": name, "mimeType": kind, "buffer": content})
    panel.get_by_role("button", name="Keep this logo").click()


def halves(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """Return the colours in the middle of both halves of the logo, as they are on the screen."""
    pixels = np.array(Image.open(io.BytesIO(page.locator("img.logo").screenshot())).convert("RGB"))
    height, width = pixels.shape[:2]
    return pixels[height // 2, width // 4].astype(int), pixels[height // 2, width * 3 // 4].astype(int)


def shows_logo(page: Page) -> bool:
    left, right = halves(page)
    return bool(np.all(abs(left - BLUE) < 40) and np.all(abs(right - RED) < 40))


@pytest.mark.feature("ACC-25", "COM-09", "COM-10", "COM-12")
def test_under_its_address_part_a_company_shows_its_logo_and_its_agents_sign_in(
    site: Site, panel: Page, open_page: OpenPage, artifacts: Path
) -> None:
    panel.fill("#site", "https://hanbit.example")
    panel.fill("#mail", "help@hanbit.example")
    panel.fill("#telephone", "02-123-4567")
    decide(panel, "Hanbit.Help_1")
    saved(panel)
    send_logo(panel, logo(), "logo.png", "image/png")
    expect(panel.get_by_role("status").first).to_contain_text("The logo is kept.")
    panel.screenshot(path=artifacts / "company-page-panel.png", full_page=True)

    page = open_page()
    page.goto(f"{site.address}/agents/hanbit.help_1")
    page.screenshot(path=artifacts / "company-page.png")

    assert shows_logo(page)
    expect(page.locator("main")).to_contain_text("Hanbit")
    for told in ("https://hanbit.example", "help@hanbit.example", "02-123-4567"):
        expect(page.locator(".about")).to_contain_text(told)
    assert page.locator("#company").get_attribute("type") == "hidden", "nobody types a number here"
    enter(page, "cho")
    expect(page.locator("#refused")).to_contain_text("do not fit", timeout=WAIT_MS)
    enter(page, "lee")
    is_inside(page)
    page.goto(f"{site.address}/agents/hanbit.help_1")
    is_inside(page)
    page.click(".rail .leave")
    page.locator("#login_name").wait_for()
    assert shows_logo(page), "whoever signs out is back at his company's page"
    page.get_by_role("link", name="Sign in for another company").click()
    page.locator("summary").wait_for()
    page.goto(f"{site.address}/console")
    expect(page.locator("main img")).to_have_attribute("src", "/look/icon.svg")


@pytest.mark.feature("COM-11")
def test_every_kind_of_logo_is_taken_and_any_other_file_leaves_the_present_one(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    decide(panel, "hanbit")
    saved(panel)
    page = open_page()

    for name, kind in (("a.jpg", "JPEG"), ("a.jpeg", "JPEG"), ("a.gif", "GIF"), ("a.png", "PNG")):
        send_logo(panel, logo(kind), name, f"image/{kind.lower()}")
        expect(panel.get_by_role("status").first).to_contain_text("The logo is kept.")
        page.goto(f"{site.address}/agents/hanbit")
        assert shows_logo(page), name
    for content, told in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file shows no picture"),
        (logo() + b"\0" * 500 * 1024, "At most 500 KB."),
    ):
        send_logo(panel, content, "a.png", "image/png")
        expect(panel.locator("#logo-error")).to_contain_text(told)
    page.reload()
    assert shows_logo(page)


@pytest.mark.feature("COM-09", "COM-10")
def test_off_the_usual_page_and_its_sign_remain_and_the_address_is_nobodys(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    decide(panel, "../console")
    expect(panel.locator("#page_part-error")).to_contain_text("Use letters a to z, digits")
    decide(panel, "hanbit")
    saved(panel)
    page = open_page()
    page.goto(f"{site.address}/agents/hanbit")
    page.locator("#login_name").wait_for()
    decide(panel, "hanbit", own_page=False)
    saved(panel)

    answers = {part: page.goto(f"{site.address}/agents/{part}") for part in ("hanbit", "1", "unknown")}

    assert {part: answer.status for part, answer in answers.items() if answer} == dict.fromkeys(answers, 404)
    expect(page.locator("h1")).to_have_text("There is no sign-in page at this address")
    page.get_by_role("link", name="Usual sign-in page").click()
    expect(page.locator("main img")).to_have_attribute("src", "/look/icon.svg")
    is_inside(at_console(page, site.address, "lee"))


@pytest.mark.feature("ACC-25")
def test_the_same_page_opens_in_the_agents_own_viewer(
    site: Site, panel: Page, open_page: OpenPage, tmp_path: Path
) -> None:
    decide(panel, "hanbit")
    saved(panel)
    send_logo(panel, logo(size=(900, 300)), "logo.png", "image/png")

    with local_viewer(site, tmp_path / "viewer") as address:
        page = open_page()
        page.goto(f"{address}/agents/hanbit")
        assert shows_logo(page)
        enter(page, "lee")
        is_inside(page)
        answer = open_page().goto(f"{address}/agents/unknown")
        assert answer is not None
        assert answer.status == 404


@pytest.mark.feature("ACC-02")
def test_a_company_number_fills_a_list_of_login_names_only_where_the_company_wants_that(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    decide(panel, own_page=False)
    saved(panel)
    page = open_page()
    page.goto(f"{site.address}/console")
    page.click("summary")

    def offered(number: str) -> str:
        page.fill("#company", number)
        with page.expect_response("**/console/login-names") as response:
            page.locator("#company").blur()
        return response.value.text()

    assert (
        offered("1")
        == offered("999")
        == offered("nonsense")
        == json.dumps({"names": []}, separators=(",", ":"))
    )
    expect(page.get_by_label("Login name")).to_have_js_property("tagName", "INPUT")
    decide(panel, own_page=False, lists_names=True)
    saved(panel)
    offered("1")
    names = page.get_by_label("Login name")
    expect(names).to_have_js_property("tagName", "SELECT")
    assert names.locator("option").all_inner_texts() == [
        "Choose your login name", "kim", "lee", "park", "Another login name…",
    ]  # fmt: skip
    names.select_option("lee")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    is_inside(page)


@pytest.mark.feature("ACC-02")
def test_a_companys_own_page_offers_the_list_at_once_and_typing_stays_possible(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    decide(panel, "hanbit", lists_names=True)
    saved(panel)
    page = open_page()
    page.goto(f"{site.address}/agents/hanbit")
    names = page.locator("#login_names")
    expect(names).to_be_visible()
    expect(names).to_be_focused()
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#refused")).to_contain_text("Enter your login name and your password.")

    names.select_option("Another login name…")
    expect(page.locator("#login_name")).to_be_focused()
    enter(page, "lee")

    is_inside(page)


def test_the_page_is_accessible_and_fits_every_window_in_every_language(
    site: Site, panel: Page, open_page: OpenPage, artifacts: Path
) -> None:
    decide(panel, "hanbit", lists_names=True)
    saved(panel)
    send_logo(panel, logo(size=(900, 100)), "logo.png", "image/png")
    for locale, scheme in (("en", "light"), ("ko", "dark"), ("zh-CN", "light"), ("ja", "dark")):
        page = open_page(locale=locale, color_scheme=scheme, reduced_motion="reduce")
        for name, path in {"hanbit": "agents/hanbit", "nowhere": "agents/nowhere"}.items():
            page.goto(f"{site.address}/{path}")
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 844})
                assert_fits(page)
                page.screenshot(path=artifacts / f"company-page-{name}-{locale}-{width}.png")
            assert_accessible(page)


def test_its_form_in_the_panel_is_accessible_and_fits_every_window_in_every_language(
    site: Site, panel: Page, artifacts: Path
) -> None:
    decide(panel, "x" * 50, lists_names=True)
    saved(panel)
    send_logo(panel, logo(size=(900, 100)), "logo.png", "image/png")
    for language in ("ko", "zh-Hans", "ja", "en"):
        panel.goto(f"{site.address}/admin/company/?lang={language}")
        for width in (1440, 360):
            panel.set_viewport_size({"width": width, "height": 844})
            assert_fits(panel)
            panel.screenshot(path=artifacts / f"company-form-{language}-{width}.png", full_page=True)
        assert_accessible(panel)


def test_what_a_company_calls_itself_is_text_on_its_page(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    name = '<b id="canary">"Hanbit"</b>'
    panel.fill("#name", name)
    decide(panel, "hanbit")
    saved(panel)
    page = open_page()

    page.goto(f"{site.address}/agents/hanbit")

    expect(page.locator(".company")).to_have_text(name)
    expect(page.locator("#canary")).to_have_count(0)
    panel.fill("#name", "Hanbit")
    decide(panel, "hanbit")
    saved(panel)


@pytest.mark.feature("ACC-02")
def test_whoever_asks_for_names_too_often_is_told_so_whatever_company_he_asks_for(
    site: Site, panel: Page, open_page: OpenPage
) -> None:
    decide(panel, own_page=False, lists_names=True)
    saved(panel)
    page = open_page()
    page.goto(f"{site.address}/console")
    page.click("summary")
    for number in range(900, 915):
        page.fill("#company", str(number))
        with page.expect_response("**/console/login-names"):
            page.locator("#company").blur()

    page.fill("#company", "1")
    page.locator("#company").blur()

    expect(page.locator("#refused")).to_contain_text("asked for too often")
    assert re.fullmatch("INPUT", page.get_by_label("Login name").evaluate("(one) => one.tagName"))
    enter(page, "lee")
    is_inside(page)
