"""What an agent has of a real desktop: its pointer, its monitors, and no wallpaper while he looks."""

import io
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from end_to_end.support import Customer, Demo, new_support, sign_in
from PIL import Image
from playwright.sync_api import Page
from screens import Hand, wait_until
from Xlib import Xatom

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.timeout(300), pytest.mark.slow]

ROOT = (0x2E, 0x3A, 0x44)
RED, BLUE = (65535, 0, 0), (0, 0, 65535)
HAND = 60


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def hang_wallpaper(screen: Hand) -> None:
    """Lay stripes on the root window, as programs for wallpapers do."""
    connection = screen.connect()
    root, depth = connection.screen().root, connection.screen().root_depth
    pixmap = root.create_pixmap(screen.width, screen.height, depth)
    for left in range(0, screen.width, 16):
        context = pixmap.create_gc(foreground=left * 4321 & 0xFFFFFF)
        pixmap.fill_rectangle(context, left, 0, 16, screen.height)
    root.change_attributes(background_pixmap=pixmap)
    root.change_property(connection.intern_atom("_XROOTPMAP_ID"), Xatom.PIXMAP, 32, [pixmap.id])
    root.clear_area()
    connection.sync()


def open_window(screen: Hand) -> None:
    """Open a window over which the pointer is a red and blue hand."""
    connection = screen.connect()
    root, depth = connection.screen().root, connection.screen().root_depth
    window = root.create_window(
        200, 560, 900, 120, 0, depth, background_pixel=0x808080, override_redirect=True
    )
    font = connection.open_font("cursor")
    window.change_attributes(cursor=font.create_glyph_cursor(font, HAND, HAND + 1, RED, BLUE))
    window.map()
    connection.sync()


def pointer(page: Page) -> tuple[float, float] | None:
    """Return where the page draws a red and blue pointer, in pixels of the picture that is shown."""
    plane = page.locator("#stage .plane")
    shot = np.asarray(Image.open(io.BytesIO(plane.screenshot())).convert("RGB")).astype(int)
    rows, columns = np.nonzero((shot[:, :, 0] > 200) & (shot[:, :, 1] < 60) & (shot[:, :, 2] < 60))
    scale = page.evaluate("document.querySelector('#stage canvas.picture').width") / shot.shape[1]
    return (float(columns.min()) * scale, float(rows.min()) * scale) if rows.size else None


def stage_width(page: Page) -> int:
    return int(page.evaluate("document.querySelector('#stage canvas.picture').width"))


@pytest.mark.feature("AGT-04")
@pytest.mark.feature("SCR-02")
@pytest.mark.feature("SCR-03")
def test_pointer_monitors_and_wallpaper_of_a_real_support(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console = open_page(viewport={"width": 1440, "height": 900})
    sign_in(console, demo)
    page, code = new_support(console)
    with Hand() as screen:
        hang_wallpaper(screen)
        open_window(screen)
        for name, left, output in (("one", 0, "default"), ("two", 640, "none")):
            place = f"640/160x800/200+{left}+0"
            command = ["xrandr", "--display", screen.name, "--setmonitor", name, place, output]
            subprocess.run(command, check=True)
        striped = screen.grab()
        customer = Customer.start(screen, demo.address, code, tmp_path)
        customer.answer(yes=True)
        page.locator("#stage canvas.picture").first.wait_for(timeout=60_000)

        def is_plain() -> bool:
            return bool((screen.grab()[700:, :100] == ROOT).all())

        wait_until(is_plain, "no wallpaper", 40)
        for x, y in ((300, 600), (900, 650)):
            screen.hand("mousemove", x, y)
            wait_until(lambda x=x, y=y: is_near(page, x, y), "the pointer in the page", 40)  # type: ignore[misc]
        page.screenshot(path=artifacts / "session-pointer.png")

        page.keyboard.press("Control+Alt+ArrowRight")
        wait_until(lambda: stage_width(page) == 640, "one monitor", 40)
        page.keyboard.press("Control+Alt+ArrowRight")
        page.locator(".status-item", has_text="Monitor 2 of 2").wait_for(timeout=40_000)
        wait_until(lambda: is_near(page, 900 - 640, 650), "the pointer on the second monitor", 40)
        page.screenshot(path=artifacts / "session-monitor.png")

        os.kill(customer.program.pid, signal.SIGKILL)
        wait_until(
            lambda: np.array_equal(screen.grab()[700:, :100], striped[700:, :100]), "the wallpaper", 40
        )


def is_near(page: Page, x: int, y: int) -> bool:
    found = pointer(page)
    return found is not None and abs(found[0] - x) < 24 and abs(found[1] - y) < 24
