"""The status line tells in words where the delay is."""

from collections.abc import Iterator
from typing import Any

import fixtures
import pytest
from playwright.sync_api import Page
from screens import wait_until

from .stub_page import serving
from programs import WIDE

pytestmark = pytest.mark.browser
browser = fixtures.browser
QUICK = {"ownMs": 20, "lineMs": 30, "serverMs": 1}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto(f"{address}/stub.html")
    page.wait_for_function("window.stub?.sent.length > 0")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("host_ms", "trips", "said"),
    [
        (12, QUICK, "screen.delay.none"),
        (240, QUICK, "screen.delay.slow screen.delay.capture 240"),
        (12, {**QUICK, "lineMs": 301}, "screen.delay.slow screen.delay.up 300"),
        (12, {**QUICK, "ownMs": 301}, "screen.delay.slow screen.delay.down 300"),
        (12, {"ownMs": 220, "lineMs": 230, "serverMs": 200}, "screen.delay.slow screen.delay.server 200"),
        (12, {"ownMs": -1, "lineMs": -1, "serverMs": 0}, "screen.delay.none"),
    ],
)
def test_the_part_of_the_way_that_is_felt_most_is_named(
    page: Page, host_ms: int, trips: dict[str, int], said: str
) -> None:
    page.evaluate("(trips) => void (stub.trips = trips)", trips)

    def is_said() -> bool:
        page.evaluate(
            "(ms) => stub.give('frames', 'tiles', {sequence: 1, is_last: true, host_ms: ms, pieces: []})",
            host_ms,
        )
        return str(page.evaluate("stub.status.speed ?? ''")).endswith(said)

    wait_until(is_said, said, 30)


def test_what_the_page_itself_takes_is_named_too(page: Page) -> None:
    page.evaluate("(trips) => void (stub.trips = trips)", QUICK)
    found = page.evaluate(
        """async (trips) => {
          const { delaysOf, slowest } = await import("/web/meter.js");
          return [slowest(delaysOf(10, 400, trips)), delaysOf(10, 400, trips)];
        }""",
        QUICK,
    )

    assert found == ["decode", {"capture": 10, "up": 29, "server": 1, "down": 19, "decode": 400}]


def test_nothing_is_slow_while_nothing_changes(page: Page) -> None:
    wait_until(lambda: page.evaluate("stub.status.speed") == "screen.still", "the still picture", 30)
