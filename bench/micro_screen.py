"""Milliseconds of each stage of a picture on the host: grab, compare, sort, encode; and from paint to offer.

    .venv/bin/python bench/micro_screen.py

Starts an Xvfb of its own at 1920×1080. Medians; compare within one run only.
"""

import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from screens import Screen

from deskside.api import ClassNeed
from deskside_screen.camera import Camera
from deskside_screen.capture import Layout, MssDesktop
from deskside_screen.encode import jpeg, png, runs
from deskside_screen.flow import Shown
from deskside_screen.messages import Frame, Tiles
from deskside_screen.sender import Sender, Shot
from deskside_screen.tiles import Box, Picture, blank, changed_tiles, photo_tiles
from deskside_screen.watch import Polling, watch_for

WIDTH, HEIGHT = 1920, 1080
EVERYTHING = Box(0, 0, WIDTH, HEIGHT)
ROOM = 1 << 40


def median_ms(step: Callable[[], Any], count: int = 15) -> float:
    """Return the median duration."""
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    return sorted(times)[count // 2] * 1000


def document(first_line: int = 0) -> Picture:
    """Return a page of text, with a line number per line."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    for line in range(HEIGHT // 18):
        number = first_line + line
        words = f"{number:5d} " + " ".join(f"word{(number * 7 + at) % 97}" for at in range(40))
        draw.text((8, 18 * line), words, (20, 20, 60))
    return packed(image)


def photo() -> Picture:
    """Return a soft picture with noise."""
    small = np.random.default_rng(1).integers(0, 256, (34, 60, 3), np.uint8)
    soft = np.asarray(Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)).astype(
        np.int16
    )
    noise = np.random.default_rng(2).integers(-4, 5, soft.shape, np.int16)
    return packed(Image.fromarray(np.clip(soft + noise, 0, 255).astype(np.uint8)))


def packed(image: Image.Image) -> Picture:
    """Return an image as a picture, padded."""
    red, green, blue = (band.astype(np.uint32) for band in np.moveaxis(np.asarray(image), 2, 0))
    picture = blank(WIDTH, HEIGHT)
    picture[:HEIGHT] = (red << 16) | (green << 8) | blue
    return picture


class Sink:
    """Takes everything at once and counts."""

    def __init__(self) -> None:
        self.needs: Mapping[int, ClassNeed] = {1: ClassNeed(ROOM, True, 0.0)}
        self.bytes = self.pieces = 0
        self.last = threading.Event()

    def offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        """Count."""
        del quality, taken_at
        self.needs = {1: ClassNeed(ROOM, False, 0.0)}
        if isinstance(message, Tiles):
            self.bytes += sum(len(one.data) for one in message.pieces)
            self.pieces += len(message.pieces)
            if message.is_last:
                self.last.set()
        return True

    def show_layout(self, layout: Layout, number: int) -> None:
        """Pass over."""


def stages(scene: str, before: Picture, after: Picture, pool: ThreadPoolExecutor) -> None:
    """Print what one change costs."""
    everything = changed_tiles(after, before, 0, len(after) // 64)
    compare = median_ms(lambda: changed_tiles(after, before, 0, len(after) // 64))
    sort = median_ms(lambda: photo_tiles(after, everything))
    sink = Sink()
    times = []
    for _ in range(9):
        shown = Shown(WIDTH, HEIGHT)
        shown.begin()
        shown.sent[:], shown.stale[:] = before, False
        shown.note(EVERYTHING)
        sink.bytes = sink.pieces = 0
        begun = time.perf_counter()
        sender = Sender(sink, pool, time.monotonic)
        sender.send(shown, Shot(after, 0, time.monotonic()), 1, shown.plan(after, 0.0, 80, ROOM))
        times.append((time.perf_counter() - begun) * 1000)
    print(
        f"{scene:<28} compare {compare:6.2f}  sort {sort:6.2f}  all with encoding {sorted(times)[4]:7.2f} ms"
        f"   {sink.bytes / 1000:8.1f} kB in {sink.pieces} pieces"
    )


def codecs() -> None:
    """Print the codecs alone, over a whole screen in one thread."""
    text, soft = document()[:HEIGHT], photo()[:HEIGHT]
    print(f"one thread, whole screen: PNG of text {median_ms(lambda: png(text), 5):.1f} ms, ", end="")
    print(f"PNG of a photo {median_ms(lambda: png(soft), 5):.1f} ms, ", end="")
    print(f"JPEG of a photo {median_ms(lambda: jpeg(soft, 80), 5):.1f} ms, ", end="")
    print(f"runs tried on text {median_ms(lambda: runs(text), 5):.2f} ms")


def grabs(screen: Screen) -> None:
    """Print what grabbing costs."""
    with MssDesktop(lambda _: Polling(), screen.name) as desktop:
        for name, box in (
            ("whole screen", EVERYTHING),
            ("640×360", Box(9, 9, 640, 360)),
            ("64×64", Box(9, 9, 64, 64)),
        ):
            print(f"grab {name}: {median_ms(partial(desktop.grab, box), 40):.3f} ms")


def letters(screen: Screen, count: int = 60) -> None:
    """Print how long it takes from the paint of a letter until it is offered."""
    sink = Sink()
    camera = Camera(partial(MssDesktop, partial(watch_for, "fast"), screen.name), sink)
    thread = threading.Thread(target=camera.run)
    thread.start()
    root = screen.connect().screen().root
    context = root.create_gc(foreground=0)
    times = []
    time.sleep(1)
    for number in range(count):
        context.change(foreground=number * 999 + 1)
        sink.last.clear()
        begun = time.perf_counter()
        root.fill_rectangle(context, 500, 500, 9, 14)
        root.display.flush()
        sink.last.wait(2)
        times.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.06)
    camera.stop()
    thread.join()
    camera.bell.close()
    times.sort()
    print(
        f"paint of a letter → offered: p50 {times[count // 2]:.2f} ms, p95 {times[int(count * 0.95)]:.2f} ms"
    )


def main() -> None:
    """Run everything."""
    letter = document()
    letter[500:514, 500:509] = 0x336699
    with ThreadPoolExecutor(2) as pool, Screen(WIDTH, HEIGHT, has_window_manager=False) as screen:
        stages("nothing changed", document(), document(), pool)
        stages("a letter", document(), letter, pool)
        stages("scroll by a line", document(), document(1), pool)
        stages("another page of text", document(), document(1000), pool)
        stages("flat → text", blank(WIDTH, HEIGHT), document(), pool)
        stages("text → photo", document(), photo(), pool)
        codecs()
        grabs(screen)
        letters(screen)


if __name__ == "__main__":
    main()
