"""Ten thousand connections that never say hello, while a relay pair goes on talking."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hosts.gateway.kit import WAIT_S, Settled

from deskside_gateway.door import MOST_PER_ADDRESS, Door
from deskside_gateway.sockets import MOST_STRANGERS

from programs import read_until

FLOOD = Path(__file__).with_name("flood.py")
BOUND_S = 10
"""No message may take longer; generous, since two processes share the machine with others."""


class Visitor:
    def __init__(self) -> None:
        self.is_out = False

    def show_out(self) -> None:
        self.is_out = True


def test_few_of_one_address_may_stand_at_the_door() -> None:
    door = Door(most=100, most_per_address=3)
    visitors = [Visitor() for _ in range(5)]

    assert [door.enter(one, "10.0.0.1") for one in visitors] == [True, True, True, False, False]
    assert door.enter(visitors[3], "10.0.0.2")
    door.leave(visitors[0])
    assert door.enter(visitors[4], "10.0.0.1")


def test_a_configured_proxy_speaks_for_many() -> None:
    door = Door(most=100, most_per_address=3, is_exempt=lambda address: address == "10.0.0.1")

    assert all(door.enter(Visitor(), "10.0.0.1") for _ in range(50))


def test_who_has_stood_longest_makes_room() -> None:
    door = Door(most=3, most_per_address=3)
    visitors = [Visitor() for _ in range(5)]
    for number, one in enumerate(visitors):
        assert door.enter(one, f"10.0.0.{number}")

    assert [one.is_out for one in visitors] == [True, True, False, False, False]
    for one in visitors:
        door.leave(one)
    assert len(door) == 0


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_ten_thousand_silent_connections_do_not_stop_a_relayed_pair(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()
        theirs = settled.post("/v1/locate", "10.6.0.1", locator=wait["locator"]).json()["ticket"]
        with settled.relay(theirs) as host, settled.relay(wait["ticket"]) as end:
            flood = start_flood(settled, 10_000, 60)
            lines: list[str] = []
            reader = threading.Thread(target=read_until, args=(flood, r"closed (\d+)", lines))
            reader.start()
            exchanged = 0
            while reader.is_alive():
                host.send(f"{exchanged}".encode())
                assert end.recv(BOUND_S) == f"{exchanged}".encode()
                end.send(b"yes")
                assert host.recv(BOUND_S) == b"yes"
                exchanged += 1
                if exchanged % 500 == 0:
                    assert httpx.get(f"{settled.address}/healthz", timeout=WAIT_S).text == "alive\n"
            reader.join()
            assert flood.wait(WAIT_S) == 0
            assert flood.stdout is not None
            flood.stdout.close()

    said = re.search(r"opened (\d+)\nstood \d+\nclosed (\d+) longest ([\d.]+)", "".join(lines))
    assert said is not None, lines
    assert int(said[1]) == int(said[2]) > 9_500
    assert float(said[3]) < 60
    assert exchanged > 500


@pytest.mark.slow
def test_one_address_cannot_stand_there_with_more_than_a_few_hundred(
    start_settled: Callable[..., Settled],
) -> None:
    settled = start_settled()
    flood = start_flood(settled, 1_000, 1)
    lines: list[str] = []

    read_until(flood, r"closed (\d+)", lines)
    flood.wait(WAIT_S)
    assert flood.stdout is not None
    flood.stdout.close()

    stood = re.search(r"stood (\d+)", "".join(lines))
    assert stood is not None
    assert 0 < int(stood[1]) <= MOST_PER_ADDRESS + MOST_STRANGERS


def start_flood(settled: Settled, many: int, addresses: int) -> subprocess.Popen[str]:
    host, port = settled.address.removeprefix("http://").split(":")
    command = [sys.executable, str(FLOOD), host, port, str(many), str(addresses)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
