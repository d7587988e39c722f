"""A thread that notices when the event loop stands still, and names the plugin that holds it."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from time import monotonic
from types import FrameType

import anyio
import anyio.from_thread
from attrs import define, field

log = logging.getLogger(__name__)

BEAT_S = 0.2
SILENT_S = 1.0
STUCK_S = 20.0


@define(eq=False)
class Watchdog:
    """Watches the loop it is run on.

    `blocked` is called on the loop, once it is back, with the plugin that held it. `stuck` is called
    on the watching thread when the loop does not come back.
    """

    packages: Mapping[str, str]
    """Top-level package → plugin."""
    blocked: Callable[[str], None]
    stuck: Callable[[str], None]
    stuck_s: float = STUCK_S
    _beat: float = field(factory=monotonic)
    _stop: threading.Event = field(factory=threading.Event)
    _named: str = ""

    async def run(self) -> None:
        """Watch until cancelled."""
        thread = threading.Thread(
            target=self._watch, args=(threading.get_ident(),), name="watchdog", daemon=True
        )
        self._beat = monotonic()
        thread.start()
        try:
            while True:
                await anyio.sleep(BEAT_S)
                self._beat = monotonic()
                if self._named:
                    named, self._named = self._named, ""
                    self.blocked(named)
        finally:
            self._stop.set()

    def _watch(self, loop_thread: int) -> None:
        while not self._stop.wait(BEAT_S):
            silent = monotonic() - self._beat
            if silent >= SILENT_S and not self._named:
                self._name(loop_thread, silent)
            if silent >= self.stuck_s and self._named:
                self.stuck(self._named)
                return

    def _name(self, loop_thread: int, silent: float) -> None:
        frame = sys._current_frames().get(loop_thread)
        plugin = self._plugin_of(frame)
        if plugin and frame is not None:
            stack = "".join(traceback.format_stack(frame)[-12:])
            log.error("plugin %s has held the loop for %.1f s:\n%s", plugin, silent, stack)
            self._named = plugin

    def _plugin_of(self, frame: FrameType | None) -> str:
        while frame is not None:
            package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
            if package in self.packages:
                return self.packages[package]
            frame = frame.f_back
        return ""
