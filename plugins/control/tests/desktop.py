"""Programs on a virtual screen that get what the injector does."""

import functools
import json
import queue
import subprocess
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import anyio
from attrs import define, field
from screens import Screen, wait_until
from Xlib import X
from Xlib.ext import xtest

from deskside_control.messages import KeyPressed, Modifier
from deskside_control.x11.injector import X11Injector

TARGET = Path(__file__).with_name("target.py")


@define(eq=False)
class Target:
    """The text field of target.py."""

    screen: Screen
    process: subprocess.Popen[str]
    said: list[list[Any]] = field(factory=list)

    @classmethod
    def on(cls, screen: Screen, slow_ms: int = 0) -> "Target":
        """Start it and wait until it has the keyboard."""
        target = cls(screen, screen.python(TARGET, str(slow_ms)))
        threading.Thread(target=target._read, daemon=True).start()
        wait_until(lambda: ["ready"] in target.said, "the text field has the keyboard", limit_s=20)
        return target

    def of(self, kind: str) -> list[list[Any]]:
        """Return what it has said of one kind."""
        return [one[1:] for one in list(self.said) if one[0] == kind]

    @property
    def text(self) -> str:
        """Return what is in the field."""
        return str((self.of("text") or [[""]])[-1][0])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))


@define(eq=False)
class Editor:
    """Mousepad, a GTK program, with one file open."""

    process: subprocess.Popen[str]
    path: Path

    @classmethod
    def on(cls, screen: Screen, folder: Path) -> "Editor":
        """Start it with an empty file and give it the keyboard."""
        path = folder / "letter.txt"
        path.write_text("")
        environment = screen.environment(HOME=str(folder), GSETTINGS_BACKEND="memory", NO_AT_BRIDGE="1")
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "env": environment}
        process = screen.spawn("mousepad", "--disable-server", path, **quiet)
        window = screen.window("letter.txt")
        screen.do("windowactivate", "--sync", window)
        left, top, width, height = screen.place_of(window)
        screen.do("mousemove", left + width // 2, top + height // 2, "click", 1)
        return cls(process, path)

    def saved(self, injector: X11Injector) -> str:
        """Save with Ctrl+S, as the agent would, end the editor, and return what is in the file."""
        before = self.path.stat().st_mtime_ns
        press(injector, "s", "KeyS", Modifier.CONTROL)
        injector.hold(())
        wait_until(lambda: self.path.stat().st_mtime_ns != before, "the editor has saved")
        wait_until(self.path.read_text, "the file is written")
        self.process.kill()
        return self.path.read_text().removesuffix("\n")


def press(injector: X11Injector, key: str, code: str, *modifiers: Modifier) -> None:
    """Press a key and let it go."""
    injector.key(KeyPressed(key, code, is_down=True, modifiers=modifiers))
    injector.key(KeyPressed(key, code, is_down=False))


def tap(screen: Screen, keysym: int) -> None:
    """Press a key of the customer's keyboard by its keysym."""
    connection = screen.connect()
    for kind in (X.KeyPress, X.KeyRelease):
        xtest.fake_input(connection, kind, connection.keysym_to_keycode(keysym))
    connection.sync()


def layout(screen: Screen, *arguments: str) -> None:
    """Give the customer's keyboard a layout."""
    subprocess.run(["setxkbmap", *arguments], env=screen.environment(), check=True)


def down(screen: Screen) -> set[int]:
    """Return the codes of all keys that are down."""
    states = screen.connect().query_keymap()
    return {8 * byte + bit for byte, value in enumerate(states) for bit in range(8) if value >> bit & 1}


def buttons(screen: Screen) -> int:
    """Return the mask of mouse buttons that are down."""
    return int(screen.connect().screen().root.query_pointer().mask) & 0x1F00


def in_thread(function: Callable[..., None], *arguments: object) -> "queue.Queue[BaseException | None]":
    """Run a function in a thread; the queue gets None or its error when it ends."""
    ended: queue.Queue[BaseException | None] = queue.Queue()

    def run() -> None:
        try:
            function(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the test
            ended.put(error)
        else:
            ended.put(None)

    threading.Thread(target=run, daemon=True).start()
    return ended


def apart(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in a thread with a loop of its own: Playwright leaves one running in the main thread."""

    @functools.wraps(test)
    def run(**given: Any) -> None:
        ended = in_thread(lambda: anyio.run(functools.partial(test, **given)))
        if error := ended.get(timeout=60):
            raise error

    return run
