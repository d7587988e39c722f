"""Virtual screens for tests: an X server of one's own with a window manager, and the customer's hand.

    with Screen() as screen:                       # Xvfb + openbox on a free display number
        program = subprocess.Popen([...], env=screen.environment())
        screen.do("mousemove", 200, 100, "click", 1)   # xdotool (XTEST): looks like the agent
        pixels = screen.grab()                     # numpy, height x width x 3, red green blue

    with Hand() as screen:                         # Xephyr inside Xvfb: the machine has a real mouse
        screen.hand("mousemove", 200, 100, "click", 1) # comes from the slave device "Xephyr virtual mouse"
        screen.do("mousemove", 200, 100)           # comes from "Virtual core XTEST pointer": the agent

As fixtures: `from screens import screen as screen, hand as hand` in a conftest.py. Mark such tests
`@pytest.mark.screen`. Every process is ended by its id; nothing stays behind.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from attrs import define, field
from mss import MSS
from mss.tools import to_png
from Xlib import X, display

START_LIMIT_S = 20
STOP_LIMIT_S = 10
STEP_S = 0.02
Process = subprocess.Popen[bytes]


def wait_until(condition: Callable[[], Any], what: str, limit_s: float = 10) -> Any:
    """Ask again and again until the answer is true, and return it; fail naming `what` at the limit."""
    end = time.monotonic() + limit_s
    while True:
        if found := condition():
            return found
        assert time.monotonic() < end, f"not within {limit_s} s: {what}"
        time.sleep(STEP_S)


def stop(process: Process) -> None:
    """End one process by its id, kindly first."""
    process.terminate()
    try:
        process.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_LIMIT_S)


@define
class Screen:
    """An X server in memory with a window manager; `-noreset`, so that it outlives its clients."""

    width: int = 1280
    height: int = 800
    has_window_manager: bool = True
    name: str = field(default="", init=False)
    """Its display, such as `:7`."""
    running: ExitStack = field(factory=ExitStack, init=False)
    """What is ended with the screen, last first."""
    _grabber: MSS | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.running.close()

    def start(self) -> None:
        """Start the server, then the window manager."""
        size = f"{self.width}x{self.height}x24"
        self.name = self._serve("Xvfb", "-screen", "0", size, environ=os.environ)
        self._manage()

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables a program needs to appear here, in English unless told otherwise."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("DESKSIDE_", "QT_"))
        }
        here = {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        # A browser after each support belongs to the tests that look at it.
        return {**kept, **here, "DESKSIDE_OPEN_PAGES": "no", **more}

    def spawn(self, *command: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start a program on this screen that ends with it; its output is a text pipe."""
        options = {"stdout": subprocess.PIPE, "text": True, "env": self.environment(), **options}
        process = subprocess.Popen([str(one) for one in command], **options)
        self.running.callback(_end_piped, process)
        return process

    def python(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start a program with this Python."""
        return self.spawn(sys.executable, *arguments, **options)

    def do(self, *arguments: object) -> str:
        """Run xdotool here and return what it prints.

        Clicks and keys are XTEST, as the agent's are; `mousemove` warps the pointer and has no source.
        """
        return _xdotool(self.name, arguments)

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 14) -> None:
        """Press, move in small steps as a person would, and let go."""
        self.do("mousemove", *start, "mousedown", 1)
        time.sleep(0.1)
        for step in range(1, steps + 1):
            place = (round(one + (other - one) * step / steps) for one, other in zip(start, end, strict=True))
            self.do("mousemove", *place)
            time.sleep(0.05)
        self.do("mouseup", 1)

    def window(self, title: str, limit_s: float = START_LIMIT_S) -> str:
        """Wait for a visible window with this title (a regular expression) and return its id."""

        def found() -> str:
            ids = _xdotool(self.name, ("search", "--onlyvisible", "--name", title), check=False).split()
            return ids[-1] if ids else ""

        return str(wait_until(found, f"a window {title!r}", limit_s))

    def place_of(self, window: str) -> tuple[int, int, int, int]:
        """Return left, top, width and height of a window without its frame."""
        shell = self.do("getwindowgeometry", "--shell", window)
        values = dict(line.split("=", 1) for line in shell.split())
        return (int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"]))

    def connect(self) -> display.Display:
        """Return a python-xlib connection; it is closed with the screen."""
        connection = display.Display(self.name)
        self.running.callback(connection.close)
        return connection

    def grab(self) -> Any:
        """Return what is on the screen: a numpy array, height x width x red green blue."""
        shot = self._shot()
        return np.frombuffer(shot.rgb, np.uint8).reshape(shot.height, shot.width, 3)

    def save(self, path: Path, place: tuple[int, int, int, int] | None = None) -> None:
        """Write what is on the screen, or at left, top, width, height of it, as a PNG file."""
        shot = self._shot(place)
        to_png(shot.rgb, shot.size, output=str(path))

    def _shot(self, place: tuple[int, int, int, int] | None = None) -> Any:
        if self._grabber is None:
            self._grabber = MSS(display=self.name)
            self.running.callback(self._grabber.close)
        left, top, width, height = place or (0, 0, self.width, self.height)
        return self._grabber.grab({"left": left, "top": top, "width": width, "height": height})

    def _serve(self, program: str, *options: str, environ: Any) -> str:
        """Start an X server on a number it finds free by itself, and return that number."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as answer:
            try:
                process = subprocess.Popen(
                    [program, "-displayfd", str(writing), "-noreset", "-nolisten", "tcp", "-ac", *options],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=(writing,),
                    env=dict(environ),
                )
            finally:
                os.close(writing)
            self.running.callback(stop, process)
            number = answer.readline().decode().strip()
        assert number, f"{program} did not start: run script/test, which installs it"
        return f":{number}"

    def _manage(self) -> None:
        if not self.has_window_manager:
            return
        process = subprocess.Popen(
            ["openbox", "--sm-disable"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment(),
        )
        self.running.callback(stop, process)
        connection = self.connect()
        check = connection.intern_atom("_NET_SUPPORTING_WM_CHECK")
        root = connection.screen().root
        wait_until(
            lambda: root.get_full_property(check, X.AnyPropertyType), "a window manager", START_LIMIT_S
        )


@define
class Hand(Screen):
    """A screen whose mouse and keyboard are a person's: an X server (Xephyr) inside another one.

    XTEST on the outer server reaches the inner one through Xephyr's own devices, exactly as hardware
    would; XTEST on the inner one (`do`) is what an agent's program does. Both have the same coordinates.
    """

    outer: Screen = field(init=False)

    def start(self) -> None:
        """Start the outer server, the inner one in its upper left corner, and the window manager there."""
        self.outer = self.running.enter_context(Screen(self.width, self.height, has_window_manager=False))
        size = f"{self.width}x{self.height}"
        self.name = self._serve("Xephyr", "-screen", size, environ=self.outer.environment())
        window = self.outer.window("Xephyr on")
        self.outer.do("windowmove", window, 0, 0, "windowfocus", window)
        self._manage()

    def hand(self, *arguments: object) -> str:
        """Run xdotool as the person who sits at the machine."""
        return self.outer.do(*arguments)


def _xdotool(name: str, arguments: tuple[object, ...], *, check: bool = True) -> str:
    done = subprocess.run(
        ["xdotool", *map(str, arguments)],
        env={**os.environ, "DISPLAY": name},
        capture_output=True,
        text=True,
        check=False,
        timeout=START_LIMIT_S,
    )
    assert not check or done.returncode == 0, f"xdotool {arguments}: {done.stderr}"
    return done.stdout


def _end_piped(process: subprocess.Popen[Any]) -> None:
    stop(process)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@pytest.fixture
def screen() -> Iterator[Screen]:
    """Return a screen of 1280x800 with a window manager."""
    with Screen() as one:
        yield one


@pytest.fixture
def hand() -> Iterator[Hand]:
    """Return a screen with a person's own mouse and keyboard beside the agent's."""
    with Hand() as one:
        yield one
