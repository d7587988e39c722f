"""What the relay costs: throughput and delay through a real `deskside gateway`, beside a plain echo.

Both ends of a session dial the relay with real tickets (an agent signs in over /v1/control, a customer
locates the session) and messages go from the host's end to the viewer's. The measure beside it is an
echo: Starlette on uvicorn with the same WebSocket implementation on loopback, in a process of its own,
whose messages come back to the process that sent them. So both have two sockets to cross, one process in
between and the same client library; what is left is the gateway's own work. The two alternate.
"""

import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
from attrs import frozen
from kit import Program, address_of, machine, median_of, parser, password_of, server, spread, store
from websockets.asyncio.client import connect
from websockets.sync.client import connect as connect_in_thread

from deskside.transport import Transport
from deskside_line.roads import LARGEST_MESSAGE, ClientRoad, dial, socket_address

SIZES = {"16 KiB": 16 * 1024, "256 KiB": 256 * 1024}
PINGS_S = 0.004
"""Pause between messages whose delay is measured: nothing of the one before is still under way."""


@frozen
class Way:
    """Where messages go in, and where they come out."""

    inward: Transport
    outward: Transport
    between: Program


def tickets(address: str, password: str, local: str = "127.0.0.1") -> tuple[str, str]:
    """Open a session as an agent, find it as a customer; return the viewer's ticket and the host's.

    Many customers come from many addresses: one address may not try so often.
    """
    with connect_in_thread(socket_address(address, "/v1/control"), compression=None) as socket:

        def call(number: int, name: str, **fields: object) -> dict[str, Any]:
            socket.send(json.dumps({"id": number, "call": name, "with": fields}))
            while (answer := json.loads(socket.recv(20)))["id"] != number:
                pass
            return dict(answer["result"])

        call(1, "hello", program="viewer", version="0.1", node_secret="", address="")
        token = call(2, "sign_in", login_name="agent", password=password, address="::1")["token"]
        wait = call(3, "new_wait", token=token, kind="pc")
        with httpx.Client(transport=httpx.HTTPTransport(local_address=local)) as http:
            found = http.post(f"{address}/v1/locate", json={"locator": wait["locator"]}).raise_for_status()
        return wait["ticket"], found.json()["ticket"]


async def echo_way(echo: Program) -> Way:
    """Dial the echo as a road is dialled."""
    line = await connect(
        socket_address(address_of(echo), "/echo"),
        compression=None,
        max_size=LARGEST_MESSAGE,
        ping_interval=None,
        max_queue=4,
    )
    road = ClientRoad(line)
    return Way(road, road, echo)


async def throughput(way: Way, size: int, seconds: float) -> dict[str, float]:
    """Pour messages for a while; return MB per second and what a GB costs the process between the ends."""
    message, is_over = bytes(size), False
    sent, used = 0, way.between.cpu_s()

    async def pour() -> None:
        nonlocal sent
        while not is_over:
            await way.inward.send(message)
            sent += 1

    received, began = 0, time.perf_counter()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pour)
        while time.perf_counter() - began < seconds:
            await way.outward.receive()
            received += 1
        took = time.perf_counter() - began
        is_over = True
        with anyio.move_on_after(10):
            while received < sent or sent == 0:
                await way.outward.receive()
                received += 1
            # One more may have been on its way into the line when the time was over.
            await anyio.sleep(0.05)
            while received < sent:
                await way.outward.receive()
                received += 1
    cost = (way.between.cpu_s() - used) / (received * size / 1e9)
    return {"mb_s": round(received * size / took / 1e6, 1), "cpu_s_per_gb": round(cost, 2)}


async def delays(way: Way, size: int, count: int) -> list[float]:
    """Send messages one by one and return how long each was under way, in seconds."""
    message, found = bytes(size), []
    for _ in range(count):
        began = time.perf_counter()
        await way.inward.send(message)
        await way.outward.receive()
        found.append(time.perf_counter() - began)
        await anyio.sleep(PINGS_S)
    return found


async def measure(ways: dict[str, Way], rounds: int, seconds: float, count: int) -> dict[str, Any]:
    """Alternate between the ways."""
    found: dict[str, Any] = {}
    for name, size in SIZES.items():
        kept: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        for number in range(rounds + 1):
            for way in list(ways)[:: 1 if number % 2 else -1]:
                rate = await throughput(ways[way], size, seconds if number else 0.3)
                delay = spread(await delays(ways[way], size, count if number else 20))
                if number:
                    kept[way].append({**rate, **delay})
        found[name] = {"rounds": kept, "median": {way: median_of(kept[way]) for way in kept}}
    return found


def add_ratios(sizes: dict[str, Any]) -> None:
    """Put beside each pair what the relay adds."""
    for one in sizes.values():
        relay, echo = one["median"]["relay"], one["median"]["echo"]
        one["throughput_ratio"] = round(relay["mb_s"] / echo["mb_s"], 3)
        one["added_ms"] = {part: round(relay[part] - echo[part], 3) for part in ("p50", "p95", "p99")}
        one["delay_ratio"] = {part: round(relay[part] / echo[part], 2) for part in ("p50", "p95", "p99")}


def show(sizes: dict[str, Any]) -> None:
    """Print a table."""
    heads = "".join(f"{head:>10}" for head in ("MB/s", "CPU s/GB", "p50 ms", "p95 ms", "p99 ms"))
    print(f"{'':16}{heads}")
    for name, one in sizes.items():
        for way, row in one["median"].items():
            figures = "".join(f"{row[key]:10.2f}" for key in ("mb_s", "cpu_s_per_gb", "p50", "p95", "p99"))
            print(f"{name:9}{way:7}{figures}")
        added = one["added_ms"]
        print(
            f"{name:9}ratio  {one['throughput_ratio']:10.2f}   added: "
            f"p50 {added['p50']:.2f} ms, p95 {added['p95']:.2f} ms, p99 {added['p99']:.2f} ms"
        )


async def run(gateway: Program, echo: Program, measured: Callable[..., Awaitable[Any]]) -> dict[str, Any]:
    """Dial everything and measure."""
    address = address_of(gateway)
    viewer_ticket, host_ticket = await anyio.to_thread.run_sync(tickets, address, password_of(gateway))
    viewer = await dial(address, viewer_ticket, "main")
    host = await dial(address, host_ticket, "main")
    plain = await echo_way(echo)
    try:
        return dict(await measured({"relay": Way(host, viewer, gateway), "echo": plain}))
    finally:
        for one in (viewer, host, plain.inward):
            await one.aclose()


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=1.0, help="of pouring, per round and way")
    options.add_argument("--count", type=int, default=200, help="delays per round and way")
    given = options.parse_args()

    async def measured(ways: dict[str, Way]) -> dict[str, Any]:
        return await measure(ways, given.rounds, given.seconds, given.count)

    before = machine()
    with tempfile.TemporaryDirectory() as folder:
        echo_log, echo_file = Path(folder, "echo.log"), Path(__file__).with_name("echo.py")
        with (
            server("gateway", Path(folder, "data")) as gateway,
            Program(sys.executable, echo_file, ready="ready", log=echo_log) as echo,
        ):
            sizes = anyio.run(run, gateway, echo, measured)
    add_ratios(sizes)
    show(sizes)
    store(given.json, {"what": "relay", "before": before, "after": machine(), "sizes": sizes})
    return 0


if __name__ == "__main__":
    sys.exit(main())
