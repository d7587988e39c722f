"""Bytes and processor time of the host's part of a picture, without line and browser, scene by scene.

    .venv/bin/python bench/replay_screen.py --harness FOLDER

FOLDER holds the black-box bench, whose scenes are painted into memory here. Nothing is grabbed and nothing is
sent, so the bytes are the same on every machine, and the processor time suffers least from a busy one. The
bytes are those of the pieces, without the messages around them.
"""

import argparse
import importlib
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from kit import machine

from deskside.api import ClassNeed
from deskside_screen.capture import Layout
from deskside_screen.flow import Shown
from deskside_screen.messages import Frame, Tiles, VideoCodec
from deskside_screen.sender import Sender, Shot
from deskside_screen.tiles import Box, Picture, blank

WIDTH, HEIGHT = 1920, 1080
MARKER = Box(0, 0, 288, 48)
ROOM = 1 << 40
SCENES = "typing,scroll,drag,apps,video"


class Sink:
    """Takes everything and counts."""

    def __init__(self) -> None:
        self.needs: Mapping[int, ClassNeed] = {1: ClassNeed(ROOM, False, 0.0)}
        self.bytes = 0
        self.pieces: Counter[str] = Counter()

    def offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        """Count."""
        del quality, taken_at
        if isinstance(message, Tiles):
            self.bytes += sum(len(one.data) for one in message.pieces)
            self.pieces.update(one.packing.value for one in message.pieces)
        return True

    def show_layout(self, layout: Layout, number: int) -> None:
        """Pass over."""


def replay(workloads: Any, scene: str, seconds: float, codecs: Collection[VideoCodec]) -> dict[str, Any]:
    """Return what one scene costs after its first picture, shown to a page that decodes this."""
    sink, shown, picture = Sink(), Shown(WIDTH, HEIGHT), blank(WIDTH, HEIGHT)
    shown.begin()
    times: list[float] = []
    fps = workloads.SCENES[scene].fps
    with ThreadPoolExecutor(2) as pool:
        sender = Sender(sink, pool, time.monotonic)
        for number, (painted, rectangles) in enumerate(workloads.record(scene, seconds)):
            shown.note(_paint(picture, painted, [] if number == 0 else rectangles))
            if number == 1:
                sink.bytes, sink.pieces = 0, Counter()
            begun = time.process_time()
            shown.reel.choose(codecs)
            jobs = shown.plan(picture, number / fps, 80, ROOM)
            sender.send(shown, Shot(picture, 0, time.monotonic()), 1, jobs)
            times.append((time.process_time() - begun) * 1000)
    return {
        "kB_s": round(sink.bytes / seconds / 1000, 1),
        "cpu_ms": round(statistics.median(times[1:]), 2),
        "pieces": dict(sink.pieces),
    }


def _paint(picture: Picture, painted: Any, rectangles: list[tuple[int, int, int, int]]) -> Box:
    new = painted.view(np.uint32)[..., 0]
    boxes = [Box(*one) for one in rectangles] or [Box(0, 0, WIDTH, HEIGHT)]
    around = MARKER
    for box in [*boxes, MARKER]:
        inside = box.within(Box(0, 0, WIDTH, HEIGHT)) or MARKER
        inside.of(picture)[:] = inside.of(new)
        around = inside.joined(around)
    return around


def main() -> None:
    """Replay the scenes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--harness", type=Path, required=True)
    parser.add_argument("--scenes", default=SCENES)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--video", choices=[*VideoCodec, "none"], default=VideoCodec.H264)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sys.path.insert(0, str(given.harness))
    workloads = importlib.import_module("workloads")
    codecs = () if given.video == "none" else (VideoCodec(given.video),)
    found = {scene: replay(workloads, scene, given.seconds, codecs) for scene in given.scenes.split(",")}
    for scene, one in found.items():
        print(f"{scene:<8} {one['kB_s']:>8} kB/s {one['cpu_ms']:>7} ms  {one['pieces']}")
    if given.json:
        given.json.write_text(json.dumps({"machine": machine(), "scenes": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
