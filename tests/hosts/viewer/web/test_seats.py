"""The concurrent-users button of the console: when it looks again, and when it is not there."""

from collections.abc import Callable

import pytest
from hosts.viewer.web.scenes import console, session, waiting
from hosts.viewer.web.stand_in import StandIn
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

Start = Callable[..., StandIn]
OpenPage = Callable[..., Page]


def seats(used: int, *, total: int = 3, concurrent: bool = True) -> dict[str, object]:
    return {"total": total, "used": used, "free": total - used, "concurrent": concurrent}


def opened(server: StandIn, page: Page) -> Page:
    page.goto(f"{server.address}/console")
    page.locator(".rail .leave").wait_for()
    return page


@pytest.mark.feature("ACC-18")
def test_the_button_is_absent_for_other_licences(stand_in: Start, open_page: OpenPage) -> None:
    server = stand_in(console=console(), seats=seats(1, concurrent=False))
    page = opened(server, open_page())
    page.wait_for_load_state("networkidle")

    expect(page.locator(".rail .seats")).to_be_hidden()


@pytest.mark.feature("ACC-19")
def test_it_looks_again_when_a_wait_begins_and_when_a_support_ends(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console(), seats=seats(1))
    button = opened(server, open_page()).locator(".rail .seats")
    expect(button).to_have_text("2 free, 1 used1/3")

    server.seats, server.console = seats(2), console(waiting(1))
    server.push_console()
    expect(button).to_have_text("1 free, 2 used2/3")
    server.seats, server.console = seats(1), console(session(1, "ended"))
    server.push_console()
    expect(button).to_have_text("2 free, 1 used1/3")
    server.seats = seats(0)
    server.console = console(session(1, "ended"), session(2, "active"))
    server.push_console()
    button.page.wait_for_load_state("networkidle")
    expect(button).to_have_text("2 free, 1 used1/3")

    button.focus()
    button.press("Enter")
    expect(button).to_have_text("3 free, 0 used0/3")


@pytest.mark.feature("ACC-19")
def test_while_no_seat_is_free_it_looks_every_ten_seconds_and_then_rests(
    stand_in: Start, open_page: OpenPage
) -> None:
    server = stand_in(console=console(), seats=seats(3))
    page = open_page()
    page.clock.install()
    button = opened(server, page).locator(".rail .seats")
    expect(button).to_have_text("0 free, 3 used3/3")

    server.seats = seats(2)
    page.clock.run_for(9_000)
    expect(button).to_have_text("0 free, 3 used3/3")
    page.clock.run_for(1_500)
    expect(button).to_have_text("1 free, 2 used2/3")
    server.seats = seats(0)
    page.clock.run_for(60_000)
    expect(button).to_have_text("1 free, 2 used2/3")
