"""A real X server is painted on; what a page would show is compared with it pixel by pixel."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from attrs import define
from PIL import Image
from screens import Screen, wait_until
from Xlib.xobject.drawable import Window

from deskside_screen.camera import Camera
from deskside_screen.capture import MssDesktop
from deskside_screen.messages import Packing, Tiles
from deskside_screen.watch import watch_for

pytestmark = pytest.mark.screen


@define(eq=False)
class Real:
    """A camera on a real screen, in its own thread."""

    screen: Screen
    session: Any
    camera: Camera
    root: Window

    def paint(self, left: int, top: int, pixels: Any) -> None:
        """Paint on the screen itself."""
        bands = [pixels >> 16 & 255, pixels >> 8 & 255, pixels & 255]
        image = Image.fromarray(np.stack(bands, 2).astype(np.uint8))
        context = self.root.create_gc()
        self.root.put_pil_image(context, left, top, image)
        context.free()
        self.root.get_geometry()

    def shows(self, page: Any, left: int = 0, width: int = 1280) -> bool:
        """Tell whether a page shows what is on the screen."""
        return page.canvas is not None and np.array_equal(
            page.canvas, self.screen.grab()[:, left : left + width]
        )


@pytest.fixture
def start(xvfb: Screen, make_session: Callable[[], Any]) -> Iterator[Callable[..., Real]]:
    """Return a function that starts a camera on the screen."""
    running: list[tuple[Camera, threading.Thread]] = []

    def make(detection: str = "fast") -> Real:
        session = make_session()
        camera = Camera(partial(MssDesktop, partial(watch_for, detection), xvfb.name), session)
        thread = threading.Thread(target=camera.run)
        thread.start()
        running.append((camera, thread))
        return Real(xvfb, session, camera, xvfb.connect().screen().root)

    yield make
    for camera, thread in running:
        camera.stop()
        thread.join(10)
        camera.bell.close()
        assert not thread.is_alive()


def join(real: Real) -> Any:
    page = real.session.join(1, room=1 << 40)
    real.camera.bell.ring()
    wait_until(lambda: real.shows(page), "the first picture")
    return page


@pytest.mark.feature("SCR-01")
@pytest.mark.parametrize("detection", ["fast", "graphics"])
def test_what_is_painted_is_shown_to_the_very_pixel(start, document, photo, detection: str) -> None:
    real = start(detection)
    page = join(real)

    real.paint(0, 0, document(1280, 800))
    wait_until(lambda: real.shows(page), "the document")
    real.paint(101, 77, photo(700, 500))

    wait_until(lambda: real.shows(page), "the photo, mended")


def kept(page: Any) -> bool:
    tiles = [one for one in page.messages if isinstance(one, Tiles)]
    return any(piece.packing is Packing.KEEP for one in tiles for piece in one.pieces)


@pytest.mark.feature("SCR-13")
def test_one_letter_is_few_bytes_and_rest_is_silence(start, document) -> None:
    real = start()
    real.paint(0, 0, document(1280, 800))
    page = join(real)
    wait_until(lambda: kept(page), "the pages keep what is calm")
    before, messages = page.sent_bytes, len(page.messages)

    real.paint(600, 400, np.eye(14, 9, dtype=np.uint32) * 0x123456)
    wait_until(lambda: real.shows(page), "the letter")
    time.sleep(2.5)

    assert page.sent_bytes - before < 1024
    assert len(page.messages) == messages + 1


@pytest.mark.feature("SCR-02")
def test_either_of_two_monitors_can_be_chosen(start, document) -> None:
    real = start()
    for name, place in (("left", "640/160x800/200+0+0"), ("right", "640/160x800/200+640+0")):
        output = "screen" if name == "left" else "none"
        subprocess.run(
            ["xrandr", "--display", real.screen.name, "--setmonitor", name, place, output], check=True
        )
    real.paint(0, 0, document(1280, 800))
    page = real.session.join(1, room=1 << 40)
    real.camera.bell.ring()
    wait_until(lambda: len(real.session.layouts[-1][0].monitors) == 2, "two monitors")

    for number, left in ((2, 640), (1, 0)):
        real.camera.chosen = number
        real.camera.bell.ring()
        wait_until(lambda left=left: real.shows(page, left, 640), f"monitor {number}")

    names = [one.name for one in real.session.layouts[-1][0].monitors]
    assert names == ["left", "right"]


def test_another_resolution_is_followed(start, document) -> None:
    real = start()
    page = join(real)
    size = (1024, 768)

    for step in (
        ("--newmode", "1024x768", *["65", "1024", "1048", "1184", "1344", "768", "771", "777", "806"]),
        ("--addmode", "screen", "1024x768"),
        ("--output", "screen", "--mode", "1024x768"),
    ):
        subprocess.run(["xrandr", "--display", real.screen.name, *step], check=True)

    wait_until(lambda: (page.frames[-1].width, page.frames[-1].height) == size, "the new size")
    real.paint(0, 0, document(*size))
    shot = lambda: real.screen._shot((0, 0, *size))  # noqa: E731
    wait_until(lambda: page.canvas.tobytes() == bytes(shot().rgb), "the new picture")
