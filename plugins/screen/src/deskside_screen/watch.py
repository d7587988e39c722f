"""Two ways to learn of changes: the X server's own word (fast), and looking again (graphics)."""

import logging
from collections.abc import Mapping
from time import monotonic

from deskside_screen.bell import Bell
from deskside_screen.capture import Watch
from deskside_screen.messages import FURTHEST
from deskside_screen.tiles import Box

log = logging.getLogger(__name__)

ANYWHERE = Box(-FURTHEST, -FURTHEST, 2 * FURTHEST, 2 * FURTHEST)
QUICK_S, LAZY_S = 1 / 30, 0.25
SLOWER = 1.25


class NoWatch(Exception):
    """There is nobody who would tell of changes."""


class Polling:
    """Looks again and again, quickly while things move and lazily while they do not."""

    def __init__(self) -> None:
        self.interval_s = QUICK_S
        self._looked = 0.0

    def sleep(self, seconds: float, bell: Bell, *, for_damage: bool) -> bool:
        """Sleep; after the interval everything counts as damaged."""
        if not for_damage:
            bell.sleep(seconds)
            return False
        bell.sleep(min(seconds, self._looked + self.interval_s - monotonic()))
        return monotonic() >= self._looked + self.interval_s

    def damage(self) -> tuple[Box, ...]:
        """Return everything."""
        self._looked = monotonic()
        return (ANYWHERE,)

    def found(self, *, anything: bool) -> None:
        """Look sooner after a change, later after none."""
        self.interval_s = QUICK_S if anything else min(LAZY_S, self.interval_s * SLOWER)

    def signature(self) -> object:
        """Return nothing: only a new look tells."""
        return None

    def names(self) -> Mapping[Box, str]:
        """Know none."""
        return {}

    def close(self) -> None:
        """Nothing is held."""


def watch_for(detection: str, display: str | None) -> Watch:
    """Return the X server's word if that is wanted and to be had, else looking again."""
    if detection == "fast":
        try:
            from deskside_screen.damage import Damage  # noqa: PLC0415 - there is python-xlib on Linux only

            return Damage(display)
        except (ImportError, NoWatch) as error:
            log.info("changes are found by looking again: %s", error)
    return Polling()
