"""Does anything grow in an hour? One session, a real browser, a desktop on which programs come and go.

Once every few seconds: what customer's program, server and the page's process hold, and the page's script
memory. Told is what each held after a tenth of the time (at least two minutes, in which buffers and kept
tiles fill) and at the end, and the line through all that lies between, in MB per hour.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kit import machine, parser, store, until
from playwright.sync_api import Browser, Page, sync_playwright
from seen import Seen, resident_mb, seen

from programs import CHROMIUM_OPTIONS, WIDE, chromium

STEP_S = 5.0
WARM, WARM_S = 0.1, 120.0
HOUR_S = 3600
PICTURE = "canvas.picture"


def look(browser: Browser, desk: Seen) -> Page:
    """Open the session's page and wait for the picture."""
    page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    where = desk.agent.address
    said = {"login_name": "agent", "password": desk.password}
    page.request.post(f"{where}/console/sign-in", data=said)
    page.goto(f"{where}/session/{desk.session}")
    page.locator(PICTURE).wait_for(timeout=60_000)
    return page


def sample(browser: Browser, page: Page, desk: Seen) -> dict[str, float]:
    """Return what everything holds now."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    script = page.context.new_cdp_session(page)
    script.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in script.send("Performance.getMetrics")["metrics"]}
    script.detach()
    return {
        "customer": resident_mb(desk.customer.process.pid),
        "server": resident_mb(desk.server.process.pid),
        "page": max(resident_mb(one["id"]) for one in found if one["type"] == "renderer"),
        "script": round(metrics["JSHeapUsedSize"] / 2**20, 1),
        "nodes": metrics["Nodes"],
    }


def told(rows: list[dict[str, float]], times: list[float]) -> dict[str, dict[str, float]]:
    """Return for each: how much it was at first, at last, and how it grew per hour in between."""
    first = max(times[-1] * WARM, min(WARM_S, times[-1] / 2))
    counted = [row for row, at in zip(rows, times, strict=True) if at >= first]
    at = times[-len(counted) :]
    found = {}
    for name in rows[0]:
        values = [row[name] for row in counted]
        slope = _slope(at, values) * HOUR_S
        found[name] = {
            "first": values[0],
            "last": values[-1],
            "most": max(values),
            "per_hour": round(slope, 2),
        }
    return found


def _slope(at: list[float], values: list[float]) -> float:
    middle, mean = sum(at) / len(at), sum(values) / len(values)
    down = sum((one - middle) ** 2 for one in at)
    up = sum((one - middle) * (value - mean) for one, value in zip(at, values, strict=True))
    return up / down if down else 0.0


def watch(desk: Seen, seconds: float) -> dict[str, Any]:
    """Look on for a while."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        page = look(browser, desk)
        rows, times, began = [], [], time.monotonic()
        while (now := time.monotonic() - began) < seconds:
            rows.append(sample(browser, page, desk))
            times.append(now)
            page.wait_for_timeout(STEP_S * 1000)
        until(lambda: page.locator(PICTURE).is_visible(), "the picture at the end")
        said = page.locator(".notices").inner_text()
        browser.close()
    return {"told": told(rows, times), "notices": said, "rows": rows}


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--minutes", type=float, default=60)
    given = options.parse_args()
    before = machine()
    with tempfile.TemporaryDirectory() as folder, seen(Path(folder), "apps") as desk:
        found = watch(desk, given.minutes * 60)
    print(f"{'':10}{'first':>10}{'last':>10}{'most':>10}{'per hour':>10}")
    for name, one in found["told"].items():
        print(f"{name:10}" + "".join(f"{one[key]:10.1f}" for key in ("first", "last", "most", "per_hour")))
    if found["notices"]:
        print("the page says:", found["notices"])
    result = {"what": "hour", "minutes": given.minutes, "before": before, "after": machine(), **found}
    store(given.json, result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
