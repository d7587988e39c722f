"""The real notice window on a virtual screen, played by a test."""

from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from threading import Thread

import pytest
from hosts.customer.theatre import Stage
from screens import Screen, hand, screen

__all__ = ["hand", "screen"]
PROGRAM = Path(__file__).with_name("stage.py")


@pytest.fixture
def start_stage() -> Callable[..., Stage]:
    """Return a function that starts the program under test on a screen; it ends with the screen."""

    def start(screen: Screen, language: str = "en", **environ: str) -> Stage:
        process = screen.python(PROGRAM, language, stdin=PIPE, env=screen.environment(**environ))
        stage = Stage(screen, process)
        Thread(target=stage.pump, daemon=True).start()
        stage.expect("ready")
        return stage

    return start


@pytest.fixture
def stage(screen: Screen, start_stage: Callable[..., Stage]) -> Stage:
    """Return the program under test on a plain screen; injected clicks count as answers."""
    started = start_stage(screen)
    started.play("guard", on=False)
    return started
