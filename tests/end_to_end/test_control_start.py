"""Control from the start: the option asks for it at once, and the customer still decides."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import define
from end_to_end.office import decide, read
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.window import Window
from playwright.sync_api import Locator, Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
HELP = "Help you on this computer"
ASKED = "Use your mouse\n(.*\n)*Use your keyboard"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    demo = Demo.start(data)
    yield demo
    demo.stop()


@define
class Support:
    """A support of a customer who has an editor open."""

    page: Page
    window: Window
    note: Path
    editor: str

    @property
    def control(self) -> Locator:
        return self.page.locator(".status-item", has_text="control:")

    def click(self, x: int, y: int) -> None:
        """Let the agent click a pixel of the customer's screen."""
        box = self.page.locator("#stage canvas.picture").bounding_box()
        width = self.page.evaluate("document.querySelector('#stage canvas.picture').width")
        assert box is not None
        self.page.mouse.click(box["x"] + x * box["width"] / width, box["y"] + y * box["width"] / width)

    def type(self, text: str) -> None:
        """Let the agent click into the editor, type, and save."""
        left, top, width, height = self.window.screen.place_of(self.editor)
        self.click(left + width // 2, top + height // 2)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Control+s")

    def answers(self, data: Path) -> list[str]:
        """Return what the customer has answered to questions about control."""
        query = "SELECT name, details FROM audit_event WHERE session = ? AND side = 'host' ORDER BY number"
        rows = read(data, query, self.page.url.rpartition("/")[2])
        found = [str(name) for name, details in rows if "control." in str(details)]
        return [name for name in found if name.startswith("consent")]


@contextmanager
def support(demo: Demo, console: Page, folder: Path) -> Iterator[Support]:
    """Open one, up to where the customer's screen is in the agent's page."""
    sign_in(console, demo)
    page, code = new_support(console)
    note = folder / "note.txt"
    note.write_text("")
    with Hand() as screen:
        quiet = {"env": screen.environment(HOME=str(folder)), "stderr": subprocess.DEVNULL}
        screen.spawn("mousepad", "--disable-server", str(note), **quiet)
        editor = screen.window("note.txt")
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, folder / "home", code, "--gateway", demo.address, **given)
        window.answer(yes=True, to=HELP)
        page.locator("#stage canvas.picture").wait_for(timeout=WAIT_MS)
        yield Support(page, window, note, editor)


@pytest.mark.feature("CTL-03")
def test_with_the_option_control_begins_without_the_button_once_the_customer_agrees(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    decide(data, control__auto_start="all")
    with support(demo, open_page(), tmp_path) as one:
        one.window.says(ASKED)
        expect(one.control).to_have_text("control: nobody")
        one.type("too early")
        assert one.window.has("yes")

        one.window.answer(yes=True)
        expect(one.control).to_have_text("control: you", timeout=WAIT_MS)
        one.window.says("uses your mouse\n(.*\n)*uses your keyboard")
        one.type("from the start")

        wait_until(lambda: one.note.read_text().strip() == "from the start", "the agent's text", 30)
        wait_until(lambda: len(one.answers(data)) == 2, "the answers in the history", 20)
        assert one.answers(data) == ["consent_given"] * 2


@pytest.mark.feature("CTL-03")
def test_with_the_option_the_customer_can_still_say_no(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    decide(data, control__auto_start="all")
    with support(demo, open_page(), tmp_path) as one:
        one.window.says(ASKED)

        one.window.answer(yes=False)

        one.page.get_by_text("The customer said no").first.wait_for(timeout=WAIT_MS)
        expect(one.control).to_have_text("control: nobody")
        one.type("not allowed")
        wait_until(lambda: one.answers(data) == ["consent_refused"] * 2, "his no in the history", 20)
        assert one.note.read_text() == ""
        assert "uses your" not in one.window.words()


@pytest.mark.feature("CTL-03")
def test_without_the_option_nothing_is_asked_until_the_button_is_pressed(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    decide(data, control__auto_start="none")
    with support(demo, open_page(), tmp_path) as one:
        control = one.page.get_by_role("button", name="Control", exact=True).first
        expect(control).to_be_enabled(timeout=WAIT_MS)
        one.page.get_by_role("button", name="Chat").first.click()
        one.page.get_by_role("textbox", name="Message").fill("Are you there?")
        one.page.keyboard.press("Enter")
        one.window.says("Are you there?")
        assert not one.window.has("yes"), "whatever was asked before the message would stand there"
        expect(one.control).to_have_text("control: nobody")

        control.click()
        one.window.says(ASKED)
        one.window.answer(yes=True)

        expect(one.control).to_have_text("control: you", timeout=WAIT_MS)
        one.type("after the button")
        wait_until(lambda: one.note.read_text().strip() == "after the button", "the agent's text", 30)


def test_a_spared_window_is_said_once_and_the_notice_goes_by_itself(
    demo: Demo, data: Path, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    decide(data, control__auto_start="all")
    with support(demo, open_page(), tmp_path) as one:
        one.window.answer(yes=True)
        expect(one.control).to_have_text("control: you", timeout=WAIT_MS)
        notices = one.page.locator(".notices .notice", has_text="only the customer can answer there")
        left, top, width, _ = one.window.screen.place_of(one.window.screen.window("helps you$"))

        for _ in range(4):
            one.click(left + width // 2, top + 30)
            expect(notices).to_have_count(1, timeout=WAIT_MS)
            one.page.wait_for_timeout(1200)
        one.page.screenshot(path=artifacts / "spared.png")
        one.window.screen.hand("mousemove_relative", 30, 30)
        one.window.screen.hand("mousemove_relative", 30, 30)
        expect(one.control).to_have_text("control: the customer", timeout=WAIT_MS)
        expect(notices).to_have_count(1)

        expect(one.control).to_have_text("control: you", timeout=WAIT_MS)
        expect(notices).to_have_count(0, timeout=WAIT_MS)
