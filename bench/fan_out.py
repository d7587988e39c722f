"""What do more pages of one session cost the customer's machine? 1, 2, 4, 8, and 8 with one that stalls.

Everything is real but the browsers: `deskside up`, a customer's program that shows a virtual screen on which
a terminal scrolls, and pages (deskside.testing.Page) on the viewer's WebSockets. `host` is the processor time
of the customer's program per second, `server` that of gateway and viewer together, messages and bytes are
those of the first page, and the last column is what the page got that got least, by what the first got.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import anyio
from kit import machine, parser, store
from seen import Seen, Watcher, seen

COUNTS = (1, 2, 4, 8)
SETTLE_S = 2.0


async def measure(desk: Seen, pages: list[Watcher], seconds: float) -> dict[str, float]:
    """Return what a while costs."""
    await anyio.sleep(SETTLE_S)
    first, shown, began = pages[0], pages[0].pictures, time.perf_counter()
    host, server = desk.customer.cpu_s(), desk.server.cpu_s()
    bytes_ = [page.bytes for page in pages]
    await anyio.sleep(seconds)
    took = time.perf_counter() - began
    got = [page.bytes - before for page, before in zip(pages, bytes_, strict=True)]
    return {
        "host": round((desk.customer.cpu_s() - host) / took, 4),
        "server": round((desk.server.cpu_s() - server) / took, 4),
        "messages_s": round((first.pictures - shown) / took, 1),
        "first_kB_s": round(got[0] / took / 1000, 1),
        "least_of_first": round(min(got) / max(1, got[0]), 3),
    }


async def run(desk: Seen, seconds: float, rounds: int) -> dict[str, Any]:
    """Let pages in one after the other; more rounds begin with fewer again."""
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(rounds):
        async with anyio.create_task_group() as tasks:
            pages: list[Watcher] = []
            for count in COUNTS:
                while len(pages) < count:
                    pages.append(await desk.page().come(tasks))
                found.setdefault(str(count), []).append(await measure(desk, pages, seconds))
            pages[-1].is_stalled = True
            row = await measure(desk, pages[:-1], seconds)
            found.setdefault(f"{COUNTS[-1]}, one stalled", []).append(row)
            tasks.cancel_scope.cancel()
    return found


def middle(rows: list[dict[str, float]]) -> dict[str, float]:
    """Return the row whose host's time lies in the middle."""
    return sorted(rows, key=lambda row: row["host"])[len(rows) // 2]


def show(pages: dict[str, Any]) -> None:
    """Print a table."""
    print(f"{'pages':16}{'host':>10}{'server':>10}{'messages/s':>12}{'kB/s':>10}{'least/first':>13}")
    for name, rows in pages.items():
        row = middle(rows)
        print(
            f"{name:16}{row['host']:10.3f}{row['server']:10.3f}{row['messages_s']:12.1f}"
            f"{row['first_kB_s']:10.1f}{row['least_of_first']:13.3f}"
        )


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=20.0, help="per number of pages")
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    before = machine()
    with tempfile.TemporaryDirectory() as folder, seen(Path(folder), "terminal") as desk:
        pages = anyio.run(run, desk, given.seconds, given.rounds)
    show(pages)
    grown = middle(pages["8"])["host"] / max(1e-6, middle(pages["1"])["host"]) - 1
    print(f"host with 8 pages against 1: {grown:+.1%}")
    store(
        given.json, {"what": "fan_out", "before": before, "after": machine(), "pages": pages, "grown": grown}
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
