"""Where nothing gets through, the program says which check failed, soon, and goes on asking."""

import os
import pty
import re
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import define
from end_to_end.apart import says
from end_to_end.blocked import address_of, trust
from end_to_end.window import Window
from live.running import Program
from playwright.sync_api import Page, expect
from screens import Hand

from deskside.pairing import Code

from programs import DESKSIDE, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

BOUND_S = 30
"""Whatever is in the way, the reason is shown before this."""
SAID = {
    "name": r"The name no-such-name\.invalid cannot be found",
    "port": r"127\.0\.0\.1 does not answer on port \d+\. A firewall",
    "no tls": r"127\.0\.0\.1 does not speak TLS on port \d+",
    "expired": r"cannot be protected \(TLS\): its certificate is not valid today",
    "self-signed": r"cannot be protected \(TLS\): nobody whom this machine trusts has signed",
    "another name": r"cannot be protected \(TLS\): its certificate is for another name",
    "another server": r"127\.0\.0\.1 answers, but not as a support server",
    "silent": r"takes the call on port \d+ but says nothing",
}


@define
class Terminal:
    """A customer program in a terminal, and what has been on it."""

    pid: int
    descriptor: int
    seen: str = ""

    def sees(self, pattern: str, seconds: float = BOUND_S) -> None:
        """Wait until something can be read, however the lines are broken."""
        end = time.monotonic() + seconds
        while not re.search(pattern, " ".join(self.seen.split())):
            assert time.monotonic() < end, f"{pattern!r} could not be read: {self.seen!r}"
            if select.select([self.descriptor], [], [], 0.1)[0]:
                self.seen += os.read(self.descriptor, 65536).decode(errors="replace")


@contextmanager
def terminal(*arguments: str, **environ: str) -> Iterator[Terminal]:
    """Run `deskside customer --no-window` in a terminal of its own."""
    pid, descriptor = pty.fork()
    if pid == 0:
        command = [str(DESKSIDE), "customer", *arguments, "--no-window"]
        os.execve(sys.executable, [sys.executable, *command], clean_environment(LC_ALL="C.UTF-8", **environ))
    try:
        yield Terminal(pid, descriptor)
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(descriptor)


@pytest.mark.feature("PLT-02")
@pytest.mark.parametrize("kind", SAID)
def test_the_customers_program_says_in_its_terminal_which_check_failed(kind: str, tmp_path: Path) -> None:
    with (
        address_of(kind, tmp_path) as address,
        terminal(Code.make("1234").digits(), "--gateway", address, **trust(tmp_path)) as customer,
    ):
        customer.sees(SAID[kind])


@pytest.mark.feature("PLT-02")
@pytest.mark.screen
@pytest.mark.parametrize("kind", ["name", "silent"])
def test_the_customers_window_says_it_too_and_asks_for_the_number_again(kind: str, tmp_path: Path) -> None:
    with address_of(kind, tmp_path) as address, Hand() as screen:
        window = Window.open(screen, tmp_path / "home", Code.make("1234").digits(), "--gateway", address)
        window.says(SAID[kind], BOUND_S)
        if kind == "name":
            window.says("Enter the number your agent gave you", 60)
            window.says(SAID[kind], BOUND_S)


@pytest.mark.feature("PLT-02")
@pytest.mark.browser
@pytest.mark.parametrize("kind", ["name", "port", "expired", "another server", "silent"])
def test_the_agents_program_says_in_its_log_and_at_sign_in_which_check_failed(
    kind: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    with address_of(kind, tmp_path) as address:
        given = ("--gateway", address, "--port", "0", "--data", str(tmp_path / "viewer"))
        command = [str(DESKSIDE), "viewer", *given]
        viewer = Program(command, tmp_path / "viewer.log", {"PYTHONUNBUFFERED": "1", **trust(tmp_path)})
        try:
            viewer.start()
            console = says(viewer, r"ready at (\S+)")[1]
            page.goto(console)
            page.locator("#login_name").fill("agent")
            page.locator("#password").fill("whatever it is")
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("alert")).to_contain_text(re.compile(SAID[kind]), timeout=BOUND_S * 1000)
            says(viewer, SAID[kind])
        finally:
            viewer.kill()
