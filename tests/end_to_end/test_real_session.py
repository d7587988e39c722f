"""One support from sign-in to the end, everything real: server, browser, X screen, editor, files."""

import base64
import hashlib
import io
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from end_to_end.support import Customer, Demo, local_viewer, new_support, sign_in
from PIL import Image
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.timeout(300), pytest.mark.slow]

LINE = "0123456789" * 6
MUCH_INK = 60
TEXT = "Hello 한글 中文 € 😀"
DRAGGER = Path(__file__).resolve().parents[1] / "hosts/customer/dragger.py"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def canvas(page: Page) -> np.ndarray:
    """Return what the agent's page shows of the customer's screen."""
    address = page.evaluate("document.querySelector('#stage canvas.picture')?.toDataURL('image/png') ?? ''")
    if not address:
        return np.zeros((1, 1, 3), np.uint8)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"))


def same_picture(page: Page, customer: Customer) -> bool:
    there, here = customer.screen.grab(), canvas(page)
    return there.shape == here.shape and float(np.mean(np.any(there != here, axis=2))) < 0.002


def at(page: Page, x: int, y: int) -> tuple[float, float]:
    """Return where a pixel of the customer's screen stands in the agent's window."""
    box = page.locator("#stage canvas.picture").first.bounding_box()
    width = page.evaluate("document.querySelector('#stage canvas.picture').width")
    assert box is not None
    return box["x"] + x * box["width"] / width, box["y"] + y * box["width"] / width


@pytest.fixture(params=["hosted", "local"])
def viewer(request: pytest.FixtureRequest, demo: Demo, tmp_path: Path) -> Iterator[str]:
    """Return where the agent works: at the server, or at a viewer on his own machine."""
    if request.param == "hosted":
        yield demo.address
        return
    with local_viewer(demo, tmp_path / "viewer") as address:
        yield address


@pytest.mark.feature("CHT-01")
@pytest.mark.feature("CHT-02")
@pytest.mark.feature("CNS-04")
@pytest.mark.feature("CON-02")
@pytest.mark.feature("CON-05")
@pytest.mark.feature("CTL-01")
@pytest.mark.feature("CTL-02")
@pytest.mark.feature("CTL-05")
@pytest.mark.feature("DRW-01")
@pytest.mark.feature("FIL-01")
@pytest.mark.feature("FIL-05")
@pytest.mark.feature("NTC-01")
@pytest.mark.feature("NTC-02")
@pytest.mark.feature("NTC-05")
@pytest.mark.feature("SCR-01")
@pytest.mark.feature("SES-03")
@pytest.mark.feature("SES-10")
def test_a_whole_support(
    demo: Demo, viewer: str, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console = open_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    sign_in(console, demo, viewer)
    page, code = new_support(console)
    note = tmp_path / "note.txt"
    note.write_text("")
    home = tmp_path / "home"
    home.mkdir()
    with Hand() as screen:
        quiet = {"env": screen.environment(HOME=str(home)), "stderr": subprocess.DEVNULL}
        screen.spawn("mousepad", "--disable-server", str(note), **quiet)
        editor = screen.window("note.txt")
        customer = Customer.start(screen, demo.address, code, home)
        page.get_by_text("asking the customer").first.wait_for(timeout=60_000)
        assert page.locator("#stage canvas.picture").count() == 0 or not canvas(page).any()
        customer.shot(artifacts / "customer-asked-first.png")
        customer.answer(yes=True)
        page.locator("#stage canvas.picture").first.wait_for(timeout=60_000)
        wait_until(lambda: same_picture(page, customer), "the customer's screen in the page", 20)
        page.screenshot(path=artifacts / "session-live.png")

        allow_control(page, customer, artifacts)
        wait_until(lambda: screen.do("getactivewindow").strip() == editor, "the keyboard back at his work")
        type_into_editor(page, customer, editor, note, artifacts)
        draw_over_editor(page, customer, note, artifacts)
        chat_both_ways(page, customer, artifacts)
        send_a_file(page, customer, tmp_path, home)
        receive_a_file(page, customer, tmp_path)
        the_customers_mouse_wins(page, customer)
        end_in_the_notice_window(page, customer, artifacts)
        protected = page.locator("body").inner_text()
    assert "Kim Minji" in protected


@pytest.mark.feature("CNS-01")
@pytest.mark.feature("CNS-14")
def test_a_customer_who_does_not_want_to_be_helped(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    console = open_page()
    sign_in(console, demo)
    page, code = new_support(console)
    with Hand() as screen:
        customer = Customer.start(screen, demo.address, code, tmp_path)
        customer.answer(yes=False)
        page.get_by_text("The customer did not want to be helped").first.wait_for(timeout=60_000)
        page.screenshot(path=artifacts / "session-refused.png")
        wait_until(lambda: customer.notice(), "the end in his window")
    assert page.locator("#stage canvas.picture").count() == 0 or not canvas(page).any()
    panel = open_page()
    panel.goto(f"{demo.address}/admin/")
    panel.get_by_label("Login name").fill("admin")
    panel.get_by_label("Password").fill(demo.passwords["admin"])
    panel.get_by_role("button", name="Sign in").click()
    panel.goto(f"{demo.address}/admin/history")
    panel.locator("main a", has_text="S-20").first.click()
    told = panel.locator("main").inner_text()
    panel.screenshot(path=artifacts / "history-refused.png")
    assert "The customer refused “Being helped on this computer”." in told
    assert told.count("The support ended") == 1


def allow_control(page: Page, customer: Customer, artifacts: Path) -> None:
    page.get_by_role("button", name="Control", exact=True).first.click()
    wait_until(customer.asking, "the question", 20)
    customer.shot(artifacts / "customer-asked.png")
    customer.answer(yes=True)
    page.locator(".status-item", has_text="control: you").wait_for(timeout=20_000)


def type_into_editor(page: Page, customer: Customer, editor: str, note: Path, artifacts: Path) -> None:
    left, top, width, height = customer.screen.place_of(editor)
    page.mouse.click(*at(page, left + width // 2, top + height // 2))
    page.keyboard.type("Hello ")
    page.keyboard.insert_text(TEXT.removeprefix("Hello "))
    seen: list[str] = []

    def is_saved() -> bool:
        seen.append(saved(page, note))
        return seen[-1] == TEXT

    try:
        wait_until(is_saved, "the text in the editor's file", 30)
    finally:
        customer.shot(artifacts / "customer-typed.png")
        page.screenshot(path=artifacts / "session-typed.png")
        assert seen[-1] == TEXT
    wait_until(lambda: same_picture(page, customer), "the editor's text in the page", 20)


def saved(page: Page, note: Path) -> str:
    page.keyboard.press("Control+s")
    page.wait_for_timeout(300)
    return note.read_text().strip()


def draw_over_editor(page: Page, customer: Customer, note: Path, artifacts: Path) -> None:
    left, row = write_a_line(page, customer, note)
    page.get_by_role("button", name="Draw", exact=True).first.click()
    customer.answer(yes=True)
    customer.shot(artifacts / "customer-answered.png")
    page.get_by_role("button", name="Stop drawing").first.wait_for(timeout=20_000)
    before = customer.screen.grab()
    page.mouse.move(*at(page, left, row))
    page.mouse.down()
    for step in range(20):
        page.mouse.move(*at(page, left + step * 15, row))
    page.mouse.up()
    inner = np.s_[row - 1 : row + 2, left + 20 : left + 270]

    def is_drawn() -> bool:
        return bool(np.all(np.any(customer.screen.grab()[inner] != before[inner], axis=2)))

    wait_until(is_drawn, "the stroke over the editor", 20)
    wait_until(lambda: same_picture(page, customer), "the stroke once in the page", 20)
    customer.shot(artifacts / "customer-drawn.png")
    ink = customer.screen.grab()[inner]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Draw", exact=True).first.wait_for(timeout=20_000)
    places = [click_through(page, customer, note, (left + x, row)) for x in (60, 200)]
    customer.shot(artifacts / "customer-clicked-through.png")
    assert 0 < places[0] < places[1] < len(LINE), "where he clicked, not where the caret was"
    assert np.array_equal(customer.screen.grab()[inner], ink), "the stroke still lies there"


def write_a_line(page: Page, customer: Customer, note: Path) -> tuple[int, int]:
    """Let the agent write a long line into the editor; return its left end and its middle on the screen."""
    left, top, width, height = customer.screen.place_of(customer.screen.window("note.txt"))
    area = np.s_[top : top + height, left + 10 : left + width - 10]
    before = customer.screen.grab()[area]
    for _ in range(4):
        page.keyboard.press("Enter")
    page.keyboard.insert_text(LINE)
    wait_until(lambda: saved(page, note).endswith(LINE), "the line in the editor's file", 20)

    found: list[np.ndarray] = []

    def is_shown() -> bool:
        changed = np.any(customer.screen.grab()[area] != before, axis=2)
        # The line's rows: many pixels changed; of the caret and the title, few.
        found[:] = [np.argwhere(changed & (changed.sum(axis=1, keepdims=True) > MUCH_INK))]
        return bool(found[0].size)

    wait_until(is_shown, "the line on the screen", 20)
    rows, columns = found[0].T
    return left + 10 + int(columns.min()), top + int(rows.min() + rows.max()) // 2


def click_through(page: Page, customer: Customer, note: Path, place: tuple[int, int]) -> int:
    """Let the customer click on the stroke and type; return where in the line below it lands."""
    before = note.read_text().splitlines()[-1]
    customer.click(*place)
    customer.screen.hand("type", "#")
    page.locator(".status-item", has_text="control: you").wait_for(timeout=20_000)
    wait_until(lambda: saved(page, note).count("#") > before.count("#"), "what the customer typed", 20)
    now = note.read_text().splitlines()[-1]
    return next(at for at, sign in enumerate(now) if sign == "#" and now[:at] + now[at + 1 :] == before)


def chat_both_ways(page: Page, customer: Customer, artifacts: Path) -> None:
    page.get_by_role("button", name="Chat").first.click()
    page.keyboard.type("Good morning 안녕하세요")  # whoever opens it can type at once
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Good morning 안녕하세요")).to_be_visible()
    left, top, width, height = customer.screen.place_of(customer.screen.window("^New message$"))
    customer.click(left + width // 2, top + height // 2)
    left, top, width, height = customer.screen.place_of(customer.screen.window("^Chat"))
    customer.click(left + width // 3, top + height - 30)
    customer.screen.hand("type", "my printer is broken")
    customer.screen.hand("key", "Return")
    page.get_by_text("my printer is broken").wait_for(timeout=20_000)
    page.screenshot(path=artifacts / "session-chat.png")


def send_a_file(page: Page, customer: Customer, tmp_path: Path, home: Path) -> None:
    content = random.Random(1).randbytes(3_000_000)
    (tmp_path / "보고서 report.bin").write_bytes(content)
    page.get_by_role("button", name="Files").first.click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send files…").first.click()
    chooser.value.set_files(tmp_path / "보고서 report.bin")
    customer.answer(yes=True)
    found = wait_until(lambda: list(home.rglob("보고서 report.bin")), "the file at the customer's", 60)
    assert hashlib.sha256(found[0].read_bytes()).digest() == hashlib.sha256(content).digest()


def receive_a_file(page: Page, customer: Customer, tmp_path: Path) -> None:
    content = random.Random(2).randbytes(2_000_000)
    file = tmp_path / "log 기록.bin"
    file.write_bytes(content)
    customer.screen.python(DRAGGER, file)
    left, top, *_ = customer.screen.place_of(customer.screen.window("dragger"))
    x, y, width, height = customer.notice()
    with page.expect_download(timeout=60_000) as download:
        customer.screen.drag((left + 50, top + 50), (x + width // 2, y + height // 2))
        page.get_by_role("button", name="Save").first.click(timeout=40_000)
    got = Path(download.value.path()).read_bytes()
    assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()


def the_customers_mouse_wins(page: Page, customer: Customer) -> None:
    customer.screen.hand("mousemove_relative", 40, 10)
    customer.screen.hand("mousemove_relative", 40, 10)
    page.locator(".status-item", has_text="control: the customer").wait_for(timeout=10_000)
    page.locator(".status-item", has_text="control: you").wait_for(timeout=10_000)


def end_in_the_notice_window(page: Page, customer: Customer, artifacts: Path) -> None:
    customer.end()
    page.get_by_text("Kim Minji ended the support").first.wait_for(timeout=20_000)
    page.screenshot(path=artifacts / "session-ended.png")
    customer.shot(artifacts / "customer-ended.png")
