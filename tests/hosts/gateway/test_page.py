"""The customer's page in a real browser: number, who wants to help, and the two ways on."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from hosts.gateway.kit import Settled
from playwright.sync_api import Page, Request, expect

from deskside.pairing import Code

from programs import NARROW, WIDE

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def assert_fits(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"


def visitor(open_page: OpenPage, address: str, **options: object) -> Page:
    """Open a page for a customer of an address of his own."""
    return open_page(extra_http_headers={"X-Forwarded-For": address}, **options)


def test_a_number_is_grouped_as_it_is_typed_or_pasted_and_checked_on_the_spot(
    settled: Settled, open_page: OpenPage
) -> None:
    page, code = visitor(open_page, "10.7.0.1"), Code("4827", "1093")
    sent: list[Request] = []
    page.goto(settled.address)
    page.on("request", lambda request: sent.append(request))
    number = page.get_by_label("Number, nine digits")

    number.press_sequentially(code.digits()[:5])
    assert number.input_value() == f"{code.digits()[:3]} {code.digits()[3:5]}"
    number.press("Enter")
    expect(page.get_by_text("Some are missing")).to_be_visible()
    wrong = code.digits()[:-1] + str((int(code.digits()[-1]) + 1) % 10)
    number.fill(f" {wrong[:4]}-{wrong[4:]} ")
    expect(page.get_by_text("One of the digits is wrong")).to_be_visible()
    number.press("Enter")
    number.fill("４８２７１０９３" + code.digits()[-1])
    expect(page.locator("#number-error")).to_have_text("")

    assert number.input_value() == code.shown()
    assert [one.url for one in sent if "/v1/" in one.url] == []


def test_the_check_digit_of_the_page_is_the_programs(settled: Settled, open_page: OpenPage) -> None:
    page, chance = open_page(), random.Random(5)
    page.goto(settled.address)
    codes = [Code.make(f"{chance.randrange(10_000):04d}").digits() for _ in range(300)]
    codes += [f"{chance.randrange(10**9):09d}" for _ in range(300)]

    fits = page.evaluate(
        "async (codes) => { const { fits } = await import('/static/code.js'); return codes.map(fits); }",
        codes,
    )

    assert fits == [Code.read(one) is not None for one in codes]


def test_who_wants_to_help_is_shown_and_only_the_locator_was_sent(
    settled: Settled, open_page: OpenPage
) -> None:
    page = visitor(open_page, "10.7.0.2")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    with settled.viewer("lee") as viewer:
        code = Code.make(viewer.wait()["locator"])
        page.goto(settled.address)
        page.get_by_label("Number, nine digits").fill(code.digits())
        page.get_by_role("button", name="Continue").click()

        expect(page.get_by_role("heading", name="Lee", exact=True)).to_be_focused()
        expect(page.get_by_text("Hanbit", exact=True)).to_be_visible()
        page.get_by_role("button", name="Get the program").click()
        expect(page.get_by_text(f"deskside customer --gateway {settled.address}")).to_be_visible()
        expect(page.get_by_text(code.shown())).to_be_visible()

    assert any(f'{{"locator":"{code.locator}"}}' in one for one in sent)
    assert not [one for one in sent if code.digits() in one or f'"{code.secret}"' in one]


def test_a_start_link_needs_no_typing_and_a_change_of_language_does_not_lose_it(
    settled: Settled, open_page: OpenPage
) -> None:
    page = visitor(open_page, "10.7.0.3")
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()
        code = Code.make(wait["locator"])
        link = f"{wait['link']}#{code.digits()[4:]}"

        page.goto(link)
        expect(page.get_by_role("heading", name="Lee", exact=True)).to_be_visible()
        page.get_by_role("link", name="한국어").click()

        expect(page.get_by_role("button", name="프로그램 받기")).to_be_visible()
        assert page.url.endswith(f"#{code.digits()[4:]}")


def test_a_wrong_number_is_refused_in_words_and_can_be_tried_again(
    settled: Settled, open_page: OpenPage
) -> None:
    page = visitor(open_page, "10.7.0.4")
    page.goto(settled.address)
    number = page.get_by_label("Number, nine digits")
    number.fill(Code.make("9999").digits())

    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nobody waits under this number")
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("alert").first).to_contain_text("Too many attempts")
    expect(number).to_have_attribute("aria-invalid", "true")


def test_a_chat_in_the_browser_sends_the_secret_says_so_and_goes_to_the_viewers_page(
    settled: Settled, open_page: OpenPage
) -> None:
    page = visitor(open_page, "10.7.0.5")
    with settled.viewer("lee") as viewer:
        code = Code.make(viewer.wait("chat")["locator"])
        viewer.answers["join"] = {"page": "/healthz?joined"}
        page.goto(settled.address)
        page.get_by_label("Number, nine digits").fill(code.digits())
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("can be read there")).to_be_visible()
        expect(page.get_by_role("button", name="Get the program")).to_be_hidden()
        page.get_by_label("Your name").fill("Minji <b>민지")
        assert viewer.serve_one()[0] == "visited"

        page.get_by_role("button", name="Start chat").click()
        name, fields = viewer.serve_one()

        page.wait_for_url("**/healthz?joined")
    assert (name, fields["secret"], fields["name"]) == ("join", code.secret, "Minji <b>민지")


@pytest.mark.parametrize("language", ["en", "ko", "zh-Hans", "ja"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_fits_and_is_accessible_in_every_language_size_and_scheme(
    settled: Settled,
    open_page: OpenPage,
    artifacts: Path,
    language: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    address = f"10.8.{len(language)}.{size['width'] % 250 + len(scheme)}"
    page = visitor(open_page, address, viewport=size, color_scheme=scheme)
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    with settled.viewer("lee") as viewer:
        code = Code.make(viewer.wait()["locator"])
        page.goto(f"{settled.address}/?lang={language}")
        page.locator("summary").last.click()
        assert_fits(page)
        assert_accessible(page)
        name = f"connect-{language}-{scheme}-{size['width']}"
        page.screenshot(path=artifacts / f"{name}-number.png", full_page=True)

        page.locator("#number").fill(code.digits())
        page.locator("#go").click()
        page.locator("#pc").click()
        expect(page.locator("#command")).to_be_visible()

        assert_fits(page)
        assert_accessible(page)
        page.screenshot(path=artifacts / f"{name}-found.png", full_page=True)
    assert errors == []
    assert not re.search(r"\b(pages|refused)\.[a-z_.]+", page.locator("body").inner_text())
