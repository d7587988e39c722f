"""An agent who touches none of his pages is away for his colleagues, and back at the first touch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.office import read
from end_to_end.support import Demo, sign_in
from end_to_end.test_company_options import to_panel
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 60_000
AWAY_MS = 60_000
AWAY = (
    "SELECT away FROM sign_in JOIN user_account ON user_id = user_account.id"
    " WHERE login_name = 'agent' AND kind = 'console'"
)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


@pytest.mark.feature("PRS-03")
def test_an_agent_who_touches_nothing_for_his_minutes_is_away_until_he_touches_something(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    lee, park, panel = open_page(), open_page(), open_page()
    sign_in(lee, demo)
    lee.goto(f"{demo.address}/console/settings")
    minutes = lee.locator("#auto_away-minutes")
    expect(minutes).to_have_value("10")
    minutes.fill("121")
    lee.get_by_role("button", name="Save").click()
    expect(minutes).to_have_attribute("aria-invalid", "true")
    minutes.fill("1")
    lee.get_by_role("button", name="Save").click()
    expect(lee.get_by_role("status")).to_have_text("Saved.")
    lee.screenshot(path=artifacts / "settings-away.png", full_page=True)
    lee.goto(f"{demo.address}/console")
    lee.get_by_text("New support").first.wait_for()

    park.goto(f"{demo.address}/console")
    park.fill("#login_name", "admin")
    park.fill("#password", demo.passwords["admin"])
    park.click("button[type=submit]")
    group = park.get_by_role("region", name="My group")
    group.locator("summary").click(timeout=WAIT_MS)
    him = group.get_by_role("listitem")
    expect(him).to_contain_text("Lee Jun")
    expect(him).to_contain_text("signed in")

    expect(him.get_by_text("away", exact=True)).to_be_visible(timeout=AWAY_MS + WAIT_MS)
    expect(group.get_by_text("Signed in: 1 of 1")).to_be_visible()
    park.screenshot(path=artifacts / "console-group-away.png")
    assert read(tmp_path / "var", AWAY) == [(1,)]
    to_panel(panel, demo, "/signed-in/")
    row = panel.locator("table.list tbody tr", has_text="Lee Jun")
    expect(row).to_contain_text("Away")

    lee.mouse.move(200, 300)
    lee.mouse.move(210, 310)

    expect(him.get_by_text("signed in", exact=True)).to_be_visible(timeout=WAIT_MS)
    assert read(tmp_path / "var", AWAY) == [(0,)]
    panel.reload()
    expect(row).not_to_contain_text("Away")
