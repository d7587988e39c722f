"""Drives a running Chromium over its DevTools port as an agent would, then leaves it alone.

Signs in, opens a session and its page, writes the code into FOLDER/code, takes control once the customer
is there (FOLDER/controlled), shows the picture at actual size on the whole screen (FOLDER/shown) and ends. It
has to run where the browser runs (in the same network namespace); nothing of it is left while something is
measured.
"""

import argparse
import time
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

LIMIT_MS = 60_000
SHORT_MS = 15_000
CONTROL = ".menus .group .tool.quiet:not(.unfold)"


def main() -> None:
    """Do it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devtools", required=True, help="address of the browser's DevTools port")
    parser.add_argument("--server", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        page = _page(playwright, given.devtools)
        page.set_default_timeout(LIMIT_MS)
        _open_session(page, given.server, given.password, given.folder / "code")
        _take_control(page)
        (given.folder / "controlled").write_text("yes\n")
        _show_whole(page)
        page.mouse.click(1000, 60)
        (given.folder / "shown").write_text("yes\n")


def _page(playwright: object, devtools: str) -> Page:
    for _ in range(200):
        try:
            browser = playwright.chromium.connect_over_cdp(devtools)  # type: ignore[attr-defined]
        except Error:
            time.sleep(0.1)
            continue
        while not browser.contexts[0].pages:
            time.sleep(0.1)
        return browser.contexts[0].pages[0]
    raise RuntimeError(f"no browser at {devtools}")


def _open_session(page: Page, server: str, password: str, told: Path) -> None:
    # Not by the form: the browser would offer to keep the password, over the picture.
    said = {"login_name": "agent", "password": password}
    page.request.post(f"{server}/console/sign-in", data=said)
    made = page.request.post(f"{server}/console/sessions", data={"kind": "pc"}).json()["id"]
    code = page.request.get(f"{server}/session/{made}/start").json()["waiting"]["code"]
    page.goto(f"{server}/session/{made}")
    told.write_text(code)


def _take_control(page: Page) -> None:
    page.locator("canvas.picture").wait_for()
    control = page.locator(CONTROL).first
    control.click()
    page.locator(f"{CONTROL}[aria-pressed=true]").first.wait_for()


def _show_whole(page: Page) -> None:
    page.set_default_timeout(SHORT_MS)
    for item in ("Actual size", "Keep"):
        page.get_by_role("button", name="View", exact=True).click()
        page.locator("[role=menuitemcheckbox]").filter(has_text=item).first.click()
    page.get_by_role("button", name="Full screen").first.click()
    page.locator("body[data-full=true][data-pinned=false]").wait_for()


if __name__ == "__main__":
    main()
