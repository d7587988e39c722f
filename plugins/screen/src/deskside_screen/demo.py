"""A drawn desktop for the demo customer: nothing of any machine is shown."""

import time

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deskside.api import PluginSession, hookimpl
from deskside_screen.capture import Layout, Monitor, Watch
from deskside_screen.plugin import DESKTOP
from deskside_screen.tiles import Box, Picture
from deskside_screen.watch import Polling

WIDTH, HEIGHT = 1280, 800
PLACE = Box(0, 0, WIDTH, HEIGHT)
GROUND, PAPER, INK, GREY, ACCENT, WARN = "#37546b", "#ffffff", "#16191c", "#626b73", "#1e5fbf", "#a03c00"


@hookimpl
def deskside_provide(service: str, scope: PluginSession) -> object | None:
    """Supply the drawn desktop."""
    if service != DESKTOP:
        return None
    return DrawnDesktop(tuple(scope.text(f"screen.demo.{key}") for key in ("label", "title", "line", "job")))


class DrawnDesktop:
    """A window with a stuck print job, and a clock; redrawn once a second."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.layout = Layout(PLACE, (Monitor(1, "Demo", PLACE),))
        self.watch: Watch = Polling()
        self._words = words
        self._drawn_at = 0
        self._picture: Picture = np.zeros((HEIGHT, WIDTH), np.uint32)

    def __call__(self) -> "DrawnDesktop":
        """Return itself: it is opened anew for each session."""
        return self

    def grab(self, box: Box) -> Picture:
        """Return the pixels of a box."""
        now = int(time.time())
        if now != self._drawn_at:
            self._drawn_at, self._picture = now, self._draw(now)
        found: Picture = self._picture[box.top : box.top + box.height, box.left : box.left + box.width].copy()
        return found

    def look_again(self) -> bool:
        """Nothing ever changes its size."""
        return False

    def close(self) -> None:
        """Nothing is held."""

    def _draw(self, now: int) -> Picture:
        image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
        draw = ImageDraw.Draw(image)
        large, small = _font(24), _font(16)
        label, title, line, job = self._words
        draw.text((40, 40), label, "#ffffff", large)
        draw.rectangle((290, 180, 990, 580), PAPER)
        draw.rectangle((290, 180, 990, 224), "#eceef0")
        draw.text((310, 192), title, INK, small)
        draw.text((330, 260), line, INK, large)
        draw.rectangle((330, 330, 950, 390), "#f4f5f6", outline="#d5d9dd")
        draw.text((346, 350), job, WARN, small)
        draw.rectangle((330, 430, 950, 446), "#d5d9dd")
        draw.rectangle((330, 430, 330 + (now % 30) * 620 // 30, 446), ACCENT)
        draw.rectangle((0, HEIGHT - 40, WIDTH, HEIGHT), "#16191c")
        draw.text((WIDTH - 110, HEIGHT - 31), time.strftime("%H:%M:%S", time.localtime(now)), PAPER, small)
        rgb = np.asarray(image, np.uint32)
        blue, green, red = rgb[:, :, 2], rgb[:, :, 1] << 8, rgb[:, :, 0] << 16
        return np.asarray(blue | green | red | 0xFF000000, np.uint32)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font that can show the words, of those a system is likely to have."""
    for name in ("NotoSansCJK-Regular.ttc", "DejaVuSans.ttf", "arial.ttf"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
