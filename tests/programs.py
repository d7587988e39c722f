"""Real programs for tests: started on free loopback ports, ended by their process id."""

import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, Queue
from typing import Self

from attrs import define, field, frozen

DESKSIDE = Path(sys.executable).with_name("deskside")
START_LIMIT_S = 40
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STOP_LIMIT_S = 15


@frozen
class Server:
    """A running `deskside up`."""

    process: subprocess.Popen[str]
    address: str
    data: Path
    first_link: str = ""

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_LIMIT_S)


def chromium() -> str:
    """Return the system's Chromium; script/test installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium on this machine: run script/test, which installs it"
    return found


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment without settings of the machine the test runs on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESKSIDE_")}
    # A program that may not keep what it has compiled compiles everything anew, at each start.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    # The installation allows the product's own plugins; a test says which it wants.
    kept["DESKSIDE_PLUGINS"] = ""
    # A browser after each support belongs to the tests that look at it.
    return {**kept, "DESKSIDE_OPEN_PAGES": "no", **more}


def read_until(process: subprocess.Popen[str], pattern: str, lines: list[str]) -> re.Match[str]:
    """Read lines of a program until one matches; one that never says so is ended."""
    queue: Queue[str] = Queue()
    assert process.stdout is not None
    source = process.stdout

    def pump() -> None:
        for line in source:
            queue.put(line)
        queue.put("")

    threading.Thread(target=pump, daemon=True).start()
    while True:
        try:
            line = queue.get(timeout=START_LIMIT_S)
        except Empty:
            process.kill()
            raise AssertionError(f"no line like {pattern!r} within {START_LIMIT_S} s: {lines}") from None
        assert line, f"the program ended without a line like {pattern!r}: {lines}"
        lines.append(line)
        if found := re.search(pattern, line):
            return found


@define
class Servers:
    """Servers of one test, all on one data folder; whatever still runs at the end is killed."""

    data: Path
    _running: ExitStack = field(factory=ExitStack, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def start(self, *options: str, new: bool = True, **environ: str) -> Server:
        """Start one; `new` means that it prints the link for the first administrator."""
        command = [str(DESKSIDE), "up", "--port", "0", "--data", str(self.data), *options]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(**environ),
        )
        self._running.callback(_end, process)
        lines: list[str] = []
        last = r"first administrator .*: (\S+)" if new else r"ready at (\S+)"
        found = read_until(process, last, lines)
        address = re.search(r"ready at (\S+)", "".join(lines))
        assert address is not None
        return Server(process, address[1], self.data, found[1] if new else "")


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(STOP_LIMIT_S)
    if process.stdout is not None:
        process.stdout.close()
