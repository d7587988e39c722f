"""Does a key press wait behind a file? Alone, and while a file goes each way as fast as the line lets it.

Everything is real: `deskside up`, `deskside customer` on a virtual screen with the control and file transfer
plugins, the relay, the sealed roads. Between the customer program and the server stands shaper.py, one slow
line for all of the program's connections. The agent's page is deskside.testing.Page on the viewer's real
WebSocket, not shaped. Questions are answered in the notice window with the screen's own mouse.

A round trip is a key press followed on the same channel by the question who controls: page, viewer, relay,
line, host, plugin, and back with the answer. `to the machine` is how long the key takes until a window on
the customer's screen has it.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from desk import ALONE, DOWN, KEYBOARD, UP, Desk, Target
from far_page import Agent
from kit import (
    DESKSIDE,
    Program,
    address_of,
    machine,
    median_of,
    parser,
    password_of,
    server,
    spread,
    store,
)
from notice import Notice
from screens import Screen

from deskside.testing import Page

PLUGINS = ("deskside-screen", "deskside-control", "deskside-file-transfer")
PAUSE_S = 0.05


async def measure(desk: Desk, what: str, count: int) -> dict[str, Any]:
    """Press keys in one state of the line."""
    trips, arrivals, missed = [], [], 0
    async with desk.transfer(what):
        began, before = time.perf_counter(), desk.moved
        for _ in range(count):
            trip, arrived = await desk.press()
            trips.append(trip)
            if arrived is None:
                missed += 1
            else:
                arrivals.append(arrived)
            await anyio.sleep(PAUSE_S)
        rate = (desk.moved - before) * 8 / (time.perf_counter() - began) / 1e6
    return {
        "round_trip_ms": spread(trips),
        "to_machine_ms": spread(arrivals or [0.0]),
        "keys_missed": missed,
        "file_mbit_s": round(rate, 2),
    }


async def meet(page: Page, notice: Notice) -> None:
    """Wait until control can be asked for; the customer agrees to whatever comes before."""

    def can_ask() -> bool:
        return KEYBOARD in page.features and page.features[KEYBOARD].state == "ask"

    await anyio.to_thread.run_sync(notice.agree_until, can_ask, "a feature that can be asked for")


async def run(agent: Agent, session: str, notice: Notice, given: argparse.Namespace) -> dict[str, Any]:
    """Open the session's page and measure, the states in turn."""
    page = agent.page(session, PLUGINS)
    found: dict[str, list[dict[str, Any]]] = {ALONE: [], UP: [], DOWN: []}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(page.run)
        await meet(page, notice)
        desk = Desk(page, notice, Target(notice.display), given.folder)
        await desk.take_control()
        for _ in range(given.rounds):
            for what, rounds in found.items():
                rounds.append(await measure(desk, what, given.count))
        tasks.cancel_scope.cancel()
    return found


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return medians over rounds."""
    return {
        "round_trip_ms": median_of([one["round_trip_ms"] for one in rounds]),
        "to_machine_ms": median_of([one["to_machine_ms"] for one in rounds]),
        "keys_missed": sum(one["keys_missed"] for one in rounds),
        "file_mbit_s": statistics.median(one["file_mbit_s"] for one in rounds),
    }


def show(medians: dict[str, Any]) -> None:
    """Print a table."""
    heads = ("trip p50", "p95", "ratio p50", "p95", "to machine p50", "p95", "Mbit/s", "missed")
    print(f"{'ms':24}" + "".join(f"{head:>15}" for head in heads))
    alone = medians[ALONE]["round_trip_ms"]
    for what, one in medians.items():
        trip, there = one["round_trip_ms"], one["to_machine_ms"]
        one["ratio"] = {part: round(trip[part] / alone[part], 2) for part in ("p50", "p95")}
        figures = (
            trip["p50"], trip["p95"], one["ratio"]["p50"], one["ratio"]["p95"],
            there["p50"], there["p95"], one["file_mbit_s"], one["keys_missed"],
        )  # fmt: skip
        print(f"{what:24}" + "".join(f"{figure:15.2f}" for figure in figures))


@contextmanager
def customer(code: str, address: str, folder: Path) -> Iterator[Notice]:
    """Let a customer come on a screen of his own."""
    environ = {"DESKSIDE_PLUGINS": ",".join(PLUGINS), "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    log = (folder / "customer.log").open("w")
    with log, Screen() as screen:
        command = (DESKSIDE, "customer", code, "--gateway", address, "--log-level", "info")
        screen.spawn(*command, env=screen.environment(**environ), stdout=log, stderr=log)
        notice = Notice(screen.name)
        try:
            yield notice
        finally:
            notice.close()


def options() -> argparse.Namespace:
    """Read the command line."""
    made = parser(__doc__)
    made.add_argument("--rate", type=float, default=20, help="Mbit/s each way")
    made.add_argument("--delay", type=float, default=25, help="ms one way")
    made.add_argument("--queue", type=float, default=64, help="KiB at the bottleneck")
    made.add_argument("--rounds", type=int, default=2)
    made.add_argument("--count", type=int, default=60, help="key presses per round and state")
    return made.parse_args()


def main() -> int:
    """Measure and print."""
    given, before = options(), machine()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        given.folder = folder = Path(name)
        plugins = ",".join(PLUGINS)
        with server("up", folder / "data", "--plugins", plugins) as program:
            address = address_of(program)
            line = ("--rate", str(given.rate), "--delay", str(given.delay), "--queue", str(given.queue))
            shaper = (sys.executable, Path(__file__).with_name("shaper.py"), "--to", urlsplit(address).netloc)
            with Program(*shaper, *line, ready="ready", log=folder / "shaper.log") as slow:
                agent = Agent(address, password_of(program))
                session, code = agent.new_session()
                with customer(code, address_of(slow), folder) as notice:
                    rounds = anyio.run(run, agent, session, notice, given)
    medians = {what: summary(one) for what, one in rounds.items()}
    show(medians)
    asked = {"rate_mbit_s": given.rate, "delay_ms": given.delay, "queue_kib": given.queue}
    result = {"what": "key under file", "line": asked, "before": before, "after": machine()}
    store(given.json, {**result, "median": medians, "rounds": rounds})
    return 0


if __name__ == "__main__":
    sys.exit(main())
