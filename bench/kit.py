"""What the measurements share: real programs, statistics, a description of the machine's state."""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DESKSIDE = Path(sys.executable).with_name("deskside")
START_LIMIT_S = 60
STOP_LIMIT_S = 15

sys.path.insert(0, str(ROOT / "tests"))


class Program:
    """A program that says a line when it is ready; ended by its own id."""

    def __init__(self, *command: str | Path, ready: str, log: Path, **environ: str) -> None:
        self.lines: list[str] = []
        self._log = log.open("w")
        self.process = subprocess.Popen(
            [str(one) for one in command],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, **environ},
        )
        self._ready = threading.Event()
        self._pattern = re.compile(ready)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_LIMIT_S):
            self.stop()
            raise RuntimeError(f"{command[0]} did not become ready; see {log}: {self.lines}")

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def find(self, pattern: str) -> str:
        """Return the first group of a pattern in what it said."""
        found = re.search(pattern, "".join(self.lines))
        if found is None:
            raise RuntimeError(f"no {pattern!r} in {self.lines}")
        return found[1]

    def cpu_s(self) -> float:
        """Return the CPU time it has used."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_LIMIT_S)
        self._log.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line)
            if self._pattern.search(line):
                self._ready.set()
        if not self._ready.is_set():
            self.lines.append("(the program ended)\n")


def server(command: str, data: Path, *options: str, **environ: str) -> Program:
    """Start `deskside up` or `deskside gateway` with the demo company on a free port."""
    return Program(
        DESKSIDE, command, "--port", "0", "--data", data, "--demo", *options,
        ready=r"ready at \S+", log=data.with_suffix(".log"), **environ,
    )  # fmt: skip


def address_of(program: Program) -> str:
    """Return where a server listens."""
    return program.find(r"ready at (\S+)")


def password_of(program: Program) -> str:
    """Return the demo agent's password."""
    return program.find(r"agent +(\S+)")


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which `part` per cent of the values lie."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * part / 100
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def spread(seconds: Sequence[float], parts: Sequence[int] = (50, 95, 99)) -> dict[str, float]:
    """Return percentiles of durations in milliseconds, and how many there were."""
    return {f"p{part}": round(percentile(seconds, part) * 1000, 3) for part in parts} | {"n": len(seconds)}


def median_of(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median over rounds of each figure."""
    return {key: round(statistics.median(one[key] for one in rounds), 3) for key in rounds[0]}


def machine() -> dict[str, Any]:
    """Describe what else may have disturbed a measurement."""
    one, five, _ = os.getloadavg()
    return {
        "when": time.strftime("%F %T"),
        "cores": os.cpu_count(),
        "load_1_min": round(one, 2),
        "load_5_min": round(five, 2),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def parser(told: str | None) -> argparse.ArgumentParser:
    """Return a parser with what every measurement takes."""
    made = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", type=Path, help="write the result here")
    return made


def store(path: Path | None, result: dict[str, Any]) -> None:
    """Write a result, if a file was named."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, indent=1) + "\n")


def until(condition: Callable[[], Any], what: str, limit_s: float = 20) -> Any:
    """Ask again and again until the answer is true, and return it."""
    end = time.monotonic() + limit_s
    while not (found := condition()):
        if time.monotonic() > end:
            raise RuntimeError(f"not within {limit_s} s: {what}")
        time.sleep(0.02)
    return found
