"""Real programs of a session: server, viewer apart or inside, customer; killed and started again."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
from attrs import define, field

from live.shelf import Shelf

from programs import DESKSIDE, clean_environment

START_LIMIT_S = 45
WAIT_S = 20
STEP_S = 0.02
CUSTOMER = Path(__file__).with_name("customer.py")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def until(condition: Callable[[], Any], what: str = "", seconds: float = WAIT_S) -> Any:
    """Ask again and again until the answer is true, and return it."""
    with anyio.move_on_after(seconds):
        while True:
            if found := condition():
                return found
            await anyio.sleep(STEP_S)
    raise AssertionError(f"not within {seconds} s: {what or condition}")


@define(eq=False)
class Program:
    """A process that can be killed and started again; what it says goes into a file."""

    command: list[str]
    log: Path
    environ: dict[str, str] = field(factory=dict)
    process: subprocess.Popen[str] | None = None
    _mark: int = 0

    def start(self) -> None:
        """Start it."""
        self._mark = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                env=clean_environment(**self.environ),
            )

    def kill(self) -> None:
        """End it as `kill -9` does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(WAIT_S)
            if self.process.stdin is not None:
                self.process.stdin.close()
            self.process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process is not None
        os.kill(self.process.pid, number)

    def tell(self, **command: object) -> None:
        """Write a command to its standard input."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    @property
    def said(self) -> str:
        """Return what it has said since it was last started."""
        with self.log.open("rb") as file:
            file.seek(self._mark)
            return file.read().decode("utf-8", "replace")

    async def says(self, pattern: str, seconds: float = WAIT_S) -> re.Match[str]:
        """Wait until it has said something."""
        try:
            found: re.Match[str] = await until(
                lambda: re.search(pattern, self.said, re.M | re.S), "", seconds
            )
        except AssertionError:
            raise AssertionError(f"{self.log.name} did not say {pattern!r}:\n{self.said[-4000:]}") from None
        return found


@define(eq=False)
class Site:
    """A server with a demo company; `apart` runs gateway and viewer as two processes."""

    folder: Path
    shelf: Shelf
    plugins: str
    apart: bool = False
    relay: str = ""
    """The address programs take for the gateway's, if somebody sits between."""
    environ: dict[str, str] = field(factory=dict)
    gateway_port: int = field(factory=free_port)
    viewer_port: int = field(factory=free_port)
    programs: list[Program] = field(factory=list)

    @property
    def address(self) -> str:
        """Return the gateway's address."""
        return f"http://127.0.0.1:{self.gateway_port}"

    @property
    def console(self) -> str:
        """Return where agents work."""
        return f"http://127.0.0.1:{self.viewer_port}" if self.apart else self.address

    def program(self, name: str, *command: str, **environ: str) -> Program:
        """Make a program that ends with the site."""
        given = {
            "PYTHONPATH": self.shelf.path,
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",
            "DESKSIDE_PLUGINS": self.plugins,
            **self.environ,
            **environ,
        }
        one = Program(list(command), self.folder / f"{name}.log", given)
        self.programs.append(one)
        return one

    def gateway(self) -> Program:
        """Return `deskside up`, or `deskside gateway`, not yet started."""
        data = str(self.folder / "gateway")
        return self.program(
            "gateway", str(DESKSIDE), "gateway" if self.apart else "up", "--demo", "--log-level", "info",
            "--port", str(self.gateway_port), "--data", data, "--address", self.address,
        )  # fmt: skip

    def viewer(self) -> Program:
        """Return `deskside viewer`, not yet started."""
        secret = str(self.folder / "gateway" / "node.secret")
        return self.program(
            "viewer", str(DESKSIDE), "viewer", "--gateway", self.relay or self.address, "--log-level", "info",
            "--port", str(self.viewer_port), "--data", str(self.folder / "viewer"),
            "--node-secret-file", secret, "--address", self.console,
        )  # fmt: skip

    def customer(self, code: str, gateway: str = "", **environ: str) -> Program:
        """Return a customer's program without a window, not yet started; he says yes to every question."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        where = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), **environ}
        given = (sys.executable, str(CUSTOMER), code, gateway or self.relay or self.address)
        return self.program("customer", *given, **where)

    async def password(self, gateway: Program) -> str:
        """Return the demo agent's password."""
        await gateway.says(r"ready at ", START_LIMIT_S)
        return (await gateway.says(r"^  agent +(\S+)$"))[1]

    def close(self) -> None:
        """Kill what still runs."""
        for one in self.programs:
            one.kill()
