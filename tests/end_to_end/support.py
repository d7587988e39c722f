"""A whole support with real programs: server, agent's browser, and a customer's machine with a hand at it."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from attrs import define, field
from PIL import Image
from playwright.sync_api import Page
from screens import Hand, wait_until

from programs import DESKSIDE, clean_environment, read_until

NOTICE = "^Remote support$|helps you$|has ended$"
PLUGINS = ",".join(
    sorted(
        f"deskside-{path.parent.name.replace('_', '-')}"
        for path in (Path(__file__).resolve().parents[2] / "plugins").glob("*/pyproject.toml")
    )
)


ASK, WARN = np.array([0x7A, 0x4D, 0x00]), np.array([0xA0, 0x3C, 0x00])


@define
class Demo:
    """A running `deskside up --demo`."""

    process: subprocess.Popen[str]
    address: str
    passwords: dict[str, str]

    @classmethod
    def start(cls, data: Path, *options: str) -> "Demo":
        """Start it and read address and passwords from what it prints."""
        command = [str(DESKSIDE), "up", "--port", "0", "--data", str(data), "--demo", *options]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=clean_environment(DESKSIDE_PLUGINS=PLUGINS),
        )
        lines: list[str] = []
        address = read_until(process, r"ready at (\S+)", lines)[1]
        passwords = dict(re.findall(r"^  (admin|agent) +(\S+)$", "".join(lines), re.MULTILINE))
        return cls(process, address, passwords)

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Addressed(Protocol):
    """A server that can be reached."""

    @property
    def address(self) -> str:
        """Return where it listens."""


@contextmanager
def local_viewer(demo: "Addressed", data: Path) -> Iterator[str]:
    """Run the viewer on the agent's own machine; give its address."""
    command = [str(DESKSIDE), "viewer", "--gateway", demo.address, "--port", "0", "--data", str(data)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean_environment(DESKSIDE_PLUGINS=PLUGINS),
    )
    assert process.stdout is not None
    try:
        yield read_until(process, r"ready at (http://[^/\s]+)", [])[1]
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@define
class Customer:
    """The customer's machine: his screen, his program, his hand."""

    screen: Hand
    program: subprocess.Popen[bytes]
    home: Path
    log: Path
    _window: str = field(default="", init=False)

    @classmethod
    def start(cls, screen: Hand, address: str, code: str, home: Path) -> "Customer":
        """Start his program with the code the agent told him."""
        log = home / "customer.log"
        environ = screen.environment(
            DESKSIDE_PLUGINS=PLUGINS, HOME=str(home), XDG_RUNTIME_DIR=str(home), LANG="C.UTF-8"
        )
        with log.open("wb") as out:
            program = screen.spawn(
                str(DESKSIDE), "customer", code, "--gateway", address, "--name", "Kim Minji",
                stdout=out, stderr=out, env=environ,
            )  # fmt: skip
        return cls(screen, program, home, log)

    def notice(self) -> tuple[int, int, int, int]:
        """Return where the notice window is."""
        return self.screen.place_of(self.screen.window(NOTICE, 60))

    def answer(self, *, yes: bool) -> None:
        """Click the answer of the question that is shown, as soon as it stands still."""
        left, top, width, height = self._still()
        x = left + width // 4 if yes else left + width * 3 // 4
        self.click(x, top + height - 70)

    def click(self, x: int, y: int) -> None:
        """Click with the real mouse, which really moves there: the agent may have moved the pointer."""
        self.screen.hand("mousemove", x - 9, y - 9)
        self.screen.hand("mousemove", x, y)
        self.screen.hand("click", 1)

    def shot(self, path: Path) -> np.ndarray:
        """Save and return what his screen shows."""
        pixels = self.screen.grab()
        Image.fromarray(pixels).save(path)
        return pixels

    def asking(self, colour: np.ndarray = ASK) -> bool:
        """Tell whether a question is shown: the strip of its window has the colour of asking."""
        left, top, width, _ = self.notice()
        return bool(np.all(np.abs(self.screen.grab()[top + 2, left + width // 2].astype(int) - colour) < 12))

    def end(self) -> None:
        """Close the notice window and say that this is meant."""
        left, top, width, _ = self.notice()
        self.click(left + width - 21, top + 25)
        wait_until(lambda: self.asking(WARN), "the question before the end", 20)
        left, top, width, height = self.notice()
        self.click(left + width // 2, top + height - 78)

    def _still(self) -> tuple[int, int, int, int]:
        wait_until(self.asking, "a question on the customer's screen", 60)
        seen = [self.notice()]

        def is_still() -> bool:
            seen.append(self.notice())
            return len(seen) > 40 and len(set(seen[-40:])) == 1

        wait_until(is_still, "a question that stands still", 20)
        return seen[-1]


def sign_in(page: Page, demo: Demo, viewer: str = "") -> None:
    """Sign in at the console as the agent."""
    page.goto(f"{viewer or demo.address}/console")
    page.fill("#login_name", "agent")
    page.fill("#password", demo.passwords["agent"])
    page.click("button[type=submit]")
    page.get_by_text("New support").first.wait_for()


def new_support(page: Page, kind: str = "Remote support") -> tuple[Page, str]:
    """Begin a support at the console; return its page and the code to tell the customer."""
    page.locator(".choices button", has_text=kind).click()
    card = page.locator("article.waiting").first
    card.locator(".digits").first.wait_for()
    code = re.sub(r"\D", "", " ".join(card.locator(".digits").all_inner_texts()))
    assert len(code) == 9, code
    with page.context.expect_page() as opened:
        card.locator("a.button").click()
    return opened.value, code
