"""A hostile customer's program in a real session: the agent's page stays usable and says what is wrong."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define, field
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from live import hostile_pictures
from live.hostile_pictures import COLOUR
from playwright.sync_api import Browser, Page
from screens import wait_until

from programs import clean_environment

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

HERE = Path(__file__).resolve().parents[1]
BROKEN = "sent a picture that makes no sense"
NOTHING = "No picture has come"
PIXEL = """() => {
  const shown = document.querySelector("canvas.picture");
  if (!shown) return null;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [640, 400];
  const context = copy.getContext("2d");
  context.drawImage(shown, 0, 0);
  return [...context.getImageData(333, 222, 1, 1).data].slice(0, 3);
}"""
MOST_GROWTH_KB = 900 * 1024
"""Of the page's process. The largest picture takes 256 MB by itself, once on each side of a thread."""


@define
class Host:
    """The hostile program and what it has said."""

    process: subprocess.Popen[str]
    said: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(self.process.stdout)

    def heard(self, what: str) -> bool:
        """Tell whether it has said this."""
        return any(f'"{what}"' in line for line in list(self.said))

    def begin(self, what: str) -> None:
        """Let it do something, and wait until it does."""
        assert self.process.stdin is not None
        self.said.clear()
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        wait_until(lambda: self.heard(f"begins {what}"), what, 30)

    def is_done(self, what: str) -> bool:
        """Tell whether it has done it, or has been shown the door."""
        return self.heard(f"did {what}") or self.process.poll() is not None


@define
class Scene:
    """The agent's page with that program on the other side."""

    page: Page
    browser: Browser
    host: Host

    def uses_a_button(self) -> None:
        """Press a button as the agent does, and see that the page reacts."""
        button = self.page.get_by_role("button", name="View", exact=True)
        for is_open in (True, False):
            button.click(timeout=60_000)
            wait_until(lambda is_open=is_open: self._is_open() == is_open, "the menu", 60)

    def _is_open(self) -> bool:
        return self.page.get_by_role("menu").count() > 0 and self.page.get_by_role("menu").first.is_visible()

    def shows(self, text: str, seconds: float = 60) -> None:
        """Wait until the page says something."""
        wait_until(lambda: text in self.page.locator(".notices").inner_text(), text, seconds)

    def is_whole(self) -> bool:
        """Tell whether a picture that is sent as it should be is shown."""
        self.during("honest")
        return bool(self.page.evaluate(PIXEL) == list(COLOUR.to_bytes(3, "big")))

    def memory_kb(self) -> int:
        """Return what the page's process holds."""
        session = self.browser.new_browser_cdp_session()
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        return max(_resident_kb(one["id"]) for one in found if one["type"] == "renderer")

    def during(self, what: str) -> int:
        """Let the host do something, use the page meanwhile, and return the most memory it took."""
        self.host.begin(what)
        most, used = 0, 0
        while not self.host.is_done(what) or used < 2:
            self.uses_a_button()
            used += 1
            most = max(most, self.memory_kb())
        return most


def _resident_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


@pytest.fixture
def scene(demo: Demo, open_page: Callable[..., Page], browser: Browser) -> Iterator[Scene]:
    console = open_page()
    sign_in(console, demo)
    page, code = new_support(console)
    process = subprocess.Popen(
        [sys.executable, hostile_pictures.__file__, code, demo.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(PYTHONPATH=str(HERE), DESKSIDE_PLUGINS=PLUGINS),
    )
    host = Host(process)
    wait_until(lambda: host.heard("come"), "the hostile host", 60)
    yield Scene(page, browser, host)
    process.kill()
    process.wait(20)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def test_a_picture_that_never_begins_is_told_and_the_page_is_usable(scene: Scene) -> None:
    scene.during("keyless")

    scene.shows(NOTHING)
    assert scene.page.locator("canvas.picture").count() == 0
    scene.uses_a_button()


@pytest.mark.parametrize("what", ["lies", "moving"])
def test_pieces_that_lie_are_told_and_what_was_shown_stays(scene: Scene, what: str) -> None:
    wait_until(scene.is_whole, "the picture of an honest host", 90)
    before = scene.memory_kb()

    most = scene.during(what)

    scene.shows(BROKEN)
    assert scene.page.locator("canvas.picture").is_visible()
    assert most - before < MOST_GROWTH_KB
    wait_until(scene.is_whole, "the picture of an honest host", 90)


@pytest.mark.parametrize("what", ["absurd", "tiny", "flood"])
def test_a_flood_leaves_the_page_usable_and_its_memory_bounded(scene: Scene, demo: Demo, what: str) -> None:
    wait_until(scene.is_whole, "the picture of an honest host", 90)
    before, server = scene.memory_kb(), _resident_kb(demo.process.pid)

    most = scene.during(what)

    assert most - before < MOST_GROWTH_KB
    assert _resident_kb(demo.process.pid) - server < MOST_GROWTH_KB
    if what == "absurd":
        scene.shows(BROKEN)
    wait_until(scene.is_whole, "the picture of an honest host", 90)
    scene.uses_a_button()
