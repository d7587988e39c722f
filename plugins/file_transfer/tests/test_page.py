"""The agent's panel in a real browser, with the far end in this process."""

import base64
import hashlib
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from attrs import define, field
from playwright.sync_api import Browser, BrowserContext, Page

from deskside.messages import Codec
from deskside_file_transfer.plugin import CHANNELS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
HERE = Path(__file__).parent
WEB = Path(str(files("deskside_file_transfer"))) / "web"
TEXTS = WEB.parent / "texts" / "en.toml"
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'"
)
"""As strict as that of session pages."""
CHUNK = 64 * 1024
BIG = random.Random(3).randbytes(5_000_000)
Fields = dict[str, Any]
Answers = list[tuple[str, str, Fields]]


class Serve(BaseHTTPRequestHandler):
    """Files of the plugin and of the stub, under the policy that session pages have."""

    def do_GET(self) -> None:
        """Answer with a file."""
        made: dict[str, Callable[[], bytes]] = {
            "/texts.json": lambda: json.dumps(tomllib.loads(TEXTS.read_text())).encode(),
            "/options.json": lambda: b'{"send_limit_mb": 100, "fetch_limit_mb": 100}',
            "/look.css": lambda: (files("deskside") / "look" / "look.css").read_bytes(),
            "/": (HERE / "stub/page.html").read_bytes,
        }
        self.path = self.path.partition("?")[0]
        place = (WEB if self.path.startswith("/web/") else HERE) / self.path.removeprefix("/web").lstrip("/")
        content = made.get(self.path, place.read_bytes)()
        kind = "text/html" if self.path == "/" else KINDS.get(place.suffix, "text/plain")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Serve)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def to_json(value: Any) -> str:
    return json.dumps(value, default=lambda one: {"$bytes": base64.b64encode(one).decode()})


def from_json(text: str) -> Any:
    def look(one: Fields) -> Any:
        return base64.b64decode(one["$bytes"]) if "$bytes" in one else one

    return json.loads(text, object_hook=look)


def assert_declared(channel: str, kind: str, given: Fields) -> None:
    """Fail unless the channel has such a message with exactly these fields."""
    spec = next(one for one in CHANNELS if one.name == channel)
    schema = next(one for one in Codec.of(spec.messages).schema() if one["name"] == kind)
    assert_fits(schema["fields"], given)


def assert_fits(fields: list[Fields], given: Fields) -> None:
    assert {one["name"] for one in fields} == set(given)
    for one in fields:
        value = given[one["name"]]
        inner = one.get("of", one) if value is not None else {}
        for item in value if one["kind"] == "list" else [value]:
            if inner.get("kind") == "struct":
                assert_fits(inner["fields"], item)


@define(slots=False)
class FarEnd:
    """A host that says yes, and can stop in the middle."""

    contents: dict[int, bytearray] = field(factory=dict)
    offered: dict[int, Fields] = field(factory=dict)
    runs: dict[int, int] = field(factory=dict)
    outgoing: dict[int, tuple[str, bytes]] = field(factory=dict)
    seen: list[tuple[str, Fields]] = field(factory=list)
    stall_at: int = 10**12
    is_refusing: bool = False
    page: Page | None = None

    def host(self, channel: str, kind: str, fields: str) -> str:
        given = from_json(fields)
        assert_declared(channel, kind, given)
        if kind != "chunk":
            self.seen.append((kind, given))
        answer = getattr(self, f"on_{kind}")(channel, given)
        if isinstance(answer, str):
            return answer
        for one in answer:
            assert_declared(*one)
        return to_json(answer)

    def on_want_state(self, channel: str, _: Fields) -> Answers:
        if channel == "send_offers":
            rows = [self.row(one, len(self.contents[one["id"]])) for one in self.offered.values()]
        else:
            rows = [
                self.row({"id": number, "name": name, "size": len(content)}, 0)
                for number, (name, content) in self.outgoing.items()
            ]
        return [(channel, "state", {"transfers": rows})]

    def row(self, one: Fields, offset: int) -> Fields:
        return {**one, "offset": offset, "stage": "moving", "reason": None, "sha256": b""}

    def on_offer(self, channel: str, given: Fields) -> Answers:
        if self.is_refusing:
            why = {"key": "file_transfer.reason.disk_full", "values": []}
            return [(channel, "declined", {"id": one["id"], "reason": why}) for one in given["files"]]
        for one in given["files"]:
            self.offered[one["id"]] = one
            self.contents[one["id"]] = bytearray()
        return [self.accept(one["id"]) for one in given["files"]]

    def accept(self, number: int) -> tuple[str, str, Fields]:
        self.runs[number] = self.runs.get(number, 0) + 1
        offset = len(self.contents[number])
        return ("send_offers", "accepted", {"id": number, "run": self.runs[number], "offset": offset})

    def on_resume(self, _: str, given: Fields) -> Answers:
        return [self.accept(given["id"])]

    def on_chunk(self, _: str, given: Fields) -> Answers | str:
        content = self.contents[given["id"]]
        assert given["run"] == self.runs[given["id"]]
        assert given["offset"] == len(content)
        assert 0 < len(given["content"]) <= CHUNK
        content.extend(given["content"])
        if len(content) >= self.stall_at:
            return "stall"
        return [("send_offers", "progress", {"id": given["id"], "offset": len(content)})]

    def on_complete(self, _: str, given: Fields) -> Answers:
        number = given["id"]
        assert given["sha256"] == hashlib.sha256(self.contents[number]).digest()
        name = self.offered.pop(number)["name"]
        return [("send_offers", "done", {"id": number, "sha256": given["sha256"], "name": name})]

    def on_take(self, _: str, given: Fields) -> Answers:
        number, run, offset = given["id"], given["run"], given["offset"]
        content = self.outgoing[number][1]
        end = min(len(content), self.stall_at)
        same = {"id": number, "run": run}
        chunks: Answers = [
            ("fetch_data", "chunk", {**same, "offset": at, "content": content[at : at + CHUNK]})
            for at in range(offset, end, CHUNK)
        ]
        if end < len(content):
            return chunks
        digest = hashlib.sha256(content).digest()
        return [*chunks, ("fetch_data", "complete", {"id": number, "run": run, "sha256": digest})]

    def on_arrived(self, _: str, given: Fields) -> Answers:
        name, content = self.outgoing[given["id"]]
        if given["sha256"] != hashlib.sha256(content).digest():
            why = {"key": "file_transfer.reason.hash", "values": []}
            return [("fetch_offers", "failed", {"id": given["id"], "reason": why})]
        del self.outgoing[given["id"]]
        return [("fetch_offers", "done", {"id": given["id"], "sha256": given["sha256"], "name": name})]

    def on_progress(self, _: str, given: Fields) -> Answers:
        return []

    def on_cancel(self, _: str, given: Fields) -> Answers:
        self.offered.pop(given["id"], None)
        return []

    def on_ask_for_files(self, channel: str, given: Fields) -> Answers:
        return []

    def push(self, *answers: tuple[str, str, Fields]) -> None:
        assert self.page is not None
        self.page.evaluate("text => void deliver(text)", to_json(answers))

    def hand_out(self, number: int, name: str, content: bytes) -> None:
        self.outgoing[number] = (name, content)
        self.push(("fetch_offers", "offer", {"files": [{"id": number, "name": name, "size": len(content)}]}))

    def wait_for_stall(self) -> None:
        """Wait until the page's next piece is held back."""
        assert self.page is not None
        end = monotonic() + 30
        while not any(len(one) >= self.stall_at for one in self.contents.values()):
            assert monotonic() < end, "the page does not send"
            self.page.wait_for_timeout(20)

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.seen]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 420, "height": 700}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def far(context: BrowserContext, address: str) -> FarEnd:
    far = FarEnd()
    page = far.page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.expose_function("host", far.host)
    page.goto(address)
    until(page, "window.isReady")
    return far


def until(page: Page, condition: str) -> None:
    """Ask again and again; the page's policy forbids what wait_for_function does."""
    end = monotonic() + 30
    while not page.evaluate(condition):
        assert monotonic() < end, f"never: {condition}"
        page.wait_for_timeout(20)


def reload(far: FarEnd) -> Page:
    assert far.page is not None
    far.page.reload()
    until(far.page, "window.isReady")
    return far.page


def choose(far: FarEnd, *paths: Path) -> Page:
    assert far.page is not None
    far.page.set_input_files("input[type=file]", [str(one) for one in paths])
    return far.page


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 1000, 200_001])
def test_the_pages_hash_is_the_worlds(far: FarEnd, size: int) -> None:
    assert far.page is not None
    content = BIG[:size]
    found = far.page.evaluate(
        """async ([text, step]) => {
            const { Sha256 } = await import("/web/sha256.js");
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            const hash = new Sha256();
            for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
            return Array.from(hash.digest());
        }""",
        [base64.b64encode(content).decode(), 77],
    )

    assert bytes(found) == hashlib.sha256(content).digest()


@pytest.mark.feature("FIL-01")
def test_several_chosen_files_go_in_pieces_with_the_right_hash(far: FarEnd, tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "big.bin", BIG),
        write(tmp_path, "안녕.txt", b"hello"),
        write(tmp_path, "empty", b""),
    ]

    page = choose(far, *paths)
    until(page, "document.querySelectorAll('[data-stage=done]').length === 3")

    assert far.kinds().count("offer") == 1
    assert sorted(bytes(one) for one in far.contents.values()) == sorted([BIG, b"hello", b""])
    assert "big.bin has arrived at the customer." in page.evaluate("window.notes")
    assert page.evaluate("window.badge") == 0


@pytest.mark.feature("FIL-10")
def test_an_upload_goes_on_after_a_reload(far: FarEnd, tmp_path: Path) -> None:
    far.stall_at = 2_500_000
    page = choose(far, write(tmp_path, "big.bin", BIG))
    far.wait_for_stall()
    number = next(iter(far.contents))
    until(page, f"import('/web/store.js').then(({{ Kept }}) => new Kept().find({number})).then(Boolean)")
    before = len(next(iter(far.contents.values())))

    far.stall_at = 10**12
    page = reload(far)
    page.wait_for_selector("[data-stage=done]")

    assert before >= 2_500_000
    assert "resume" in far.kinds()
    assert far.kinds().count("offer") == 1
    assert bytes(next(iter(far.contents.values()))) == BIG


def test_an_upload_whose_file_is_gone_after_a_reload_fails_visibly(far: FarEnd, tmp_path: Path) -> None:
    far.stall_at = 1
    page = choose(far, write(tmp_path, "big.bin", BIG))
    page.wait_for_selector("[data-stage=moving]")

    page.evaluate("indexedDB.deleteDatabase('deskside-files')")
    page = reload(far)
    row = page.wait_for_selector("[data-stage=failed]")

    assert row is not None
    assert "The page was reloaded and no longer has the file" in row.inner_text()
    assert "cancel" in far.kinds()


def test_a_reset_without_a_reload_goes_on_too(far: FarEnd, tmp_path: Path) -> None:
    far.stall_at = 2_500_000
    page = choose(far, write(tmp_path, "big.bin", BIG))
    far.wait_for_stall()

    far.stall_at = 10**12
    page.evaluate("window.reset()")
    page.wait_for_selector("[data-stage=done]")

    assert bytes(next(iter(far.contents.values()))) == BIG


def test_the_customers_no_is_shown_with_its_reason(far: FarEnd, tmp_path: Path) -> None:
    far.is_refusing = True

    page = choose(far, write(tmp_path, "a.txt", b"a"))
    row = page.wait_for_selector("[data-stage=declined]")

    assert row is not None
    assert "Refused: There is not enough room on the customer's disk." in row.inner_text()


def test_a_file_above_the_limit_is_not_even_offered(far: FarEnd, tmp_path: Path) -> None:
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(100_000_001)

    page = choose(far, path)
    row = page.wait_for_selector("[data-stage=declined]")

    assert row is not None
    assert "100 MB" in row.inner_text()
    assert "offer" not in far.kinds()


def test_the_agent_cancels_on_the_row(far: FarEnd, tmp_path: Path) -> None:
    far.stall_at = 1
    page = choose(far, write(tmp_path, "big.bin", BIG))
    page.wait_for_selector("[data-stage=moving]")

    page.get_by_role("button", name="Cancel big.bin").click()
    page.wait_for_selector("[data-stage=cancelled]")

    assert far.kinds()[-1] == "cancel"


OFF = {"state": "refused", "gate": "group", "reason": "Off for your group. Your administrator can change it."}
AWAY = {"state": "refused", "gate": "capability", "reason": "The customer is here with a browser only."}
TURN = "([key, now]) => window.turn(key, now)"


def test_a_file_whose_direction_is_taken_away_in_mid_transfer_says_that_it_was_stopped_and_why(
    far: FarEnd, tmp_path: Path, artifacts: Path
) -> None:
    far.stall_at = 2_500_000
    page = choose(far, write(tmp_path, "big.bin", BIG))
    far.wait_for_stall()
    far.hand_out(7, "theirs.bin", b"x" * 3_000_000)
    page.locator(".files-row", has_text="theirs.bin").and_(page.locator("[data-stage=moving]")).wait_for()

    page.evaluate(TURN, ["file_transfer.send", OFF])

    mine = page.locator(".files-row", has_text="big.bin")
    mine.and_(page.locator("[data-stage=stopped]")).wait_for()
    assert "Stopped: Off for your group. Your administrator can change it." in mine.inner_text()
    assert mine.locator("progress").is_hidden()
    assert mine.get_by_role("button").count() == 0
    assert f"big.bin: {OFF['reason']}" in page.evaluate("window.notes")
    assert page.locator(".files-row", has_text="theirs.bin").get_attribute("data-stage") == "moving"
    assert page.evaluate("window.badge") == 1
    page.screenshot(path=artifacts / "files-stopped.png")

    page.evaluate(TURN, ["file_transfer.fetch", OFF])

    page.locator(".files-row", has_text="theirs.bin").and_(page.locator("[data-stage=stopped]")).wait_for()
    assert page.evaluate("window.badge") == 0


def test_a_customers_machine_that_is_away_for_a_moment_stops_no_file(far: FarEnd, tmp_path: Path) -> None:
    far.stall_at = 2_500_000
    page = choose(far, write(tmp_path, "big.bin", BIG))
    far.wait_for_stall()

    page.evaluate(TURN, ["file_transfer.send", AWAY])
    far.stall_at = 10**12
    page.evaluate(TURN, ["file_transfer.send", {"state": "ready", "gate": "", "reason": ""}])
    page.evaluate("window.reset()")
    page.wait_for_selector("[data-stage=done]")

    assert bytes(next(iter(far.contents.values()))) == BIG


DROP = """kind => {
    const moved = new DataTransfer();
    moved.items.add(new File(["dropped"], "dropped.txt"));
    const given = { dataTransfer: moved, bubbles: true, cancelable: true };
    document.querySelector("#panel").dispatchEvent(new DragEvent(kind, given));
    return !document.querySelector(".files-veil").hidden;
}"""


def test_files_are_dropped_on_the_panel(far: FarEnd) -> None:
    assert far.page is not None

    is_shown = far.page.evaluate(DROP, "dragover")
    far.page.evaluate(DROP, "drop")
    far.page.wait_for_selector("[data-stage=done]")

    assert is_shown
    assert [bytes(one) for one in far.contents.values()] == [b"dropped"]
    assert far.page.locator(".files-veil").is_hidden()


@pytest.mark.feature("FIL-08")
def test_drag_and_drop_has_a_switch_of_its_own(far: FarEnd, tmp_path: Path) -> None:
    assert far.page is not None
    far.page.goto(far.page.url + "?off=file_transfer.drop")
    until(far.page, "window.isReady")

    is_shown = far.page.evaluate(DROP, "dragover")
    far.page.evaluate(DROP, "drop")
    choose(far, write(tmp_path, "chosen.txt", b"chosen")).wait_for_selector("[data-stage=done]")

    assert not is_shown
    assert [bytes(one) for one in far.contents.values()] == [b"chosen"]


def test_without_the_feature_the_button_says_why(far: FarEnd) -> None:
    assert far.page is not None
    far.page.goto(far.page.url + "?off=file_transfer.fetch")
    until(far.page, "window.isReady")

    button = far.page.get_by_role("button", name="Ask for a file")
    button.click(force=True)

    assert button.get_attribute("aria-disabled") == "true"
    assert far.page.evaluate("window.notes") == ["Your administrator has switched it off."]
    assert "ask_for_files" not in far.kinds()


def test_a_download_is_saved_under_its_name_once_the_hash_is_right(far: FarEnd) -> None:
    assert far.page is not None
    with far.page.expect_download() as saved:
        far.hand_out(5, "로그.bin", BIG)
    path = saved.value.path()

    assert saved.value.suggested_filename == "로그.bin"
    assert path.read_bytes() == BIG
    assert far.page.locator("[data-stage=done]").count() == 1
    assert "progress" in far.kinds()


@pytest.mark.feature("FIL-10")
def test_a_download_goes_on_after_a_reload(far: FarEnd) -> None:
    assert far.page is not None
    far.stall_at = 2_500_000
    far.hand_out(5, "big.bin", BIG)
    until(far.page, "document.querySelector('progress')?.value > 2400000")

    far.stall_at = 10**12
    with far.page.expect_download() as saved:
        reload(far)
    takes = [given["offset"] for kind, given in far.seen if kind == "take"]

    assert takes[0] == 0
    assert takes[1] > 2_400_000
    assert saved.value.path().read_bytes() == BIG


def test_a_damaged_download_is_not_saved(far: FarEnd) -> None:
    assert far.page is not None
    far.stall_at = 0
    downloads = []
    far.page.on("download", lambda one: downloads.append(one))

    far.hand_out(6, "b.bin", b"right")
    far.page.wait_for_selector("[data-stage=moving]")
    run = [given["run"] for kind, given in far.seen if kind == "take"][-1]
    far.push(
        ("fetch_data", "chunk", {"id": 6, "run": run, "offset": 0, "content": b"wrong"}),
        ("fetch_data", "complete", {"id": 6, "run": run, "sha256": hashlib.sha256(b"right").digest()}),
    )
    row = far.page.wait_for_selector("[data-stage=failed]")

    assert row is not None
    assert "The content was damaged on the way" in row.inner_text()
    assert not downloads


def test_the_agent_asks_for_a_file_and_can_stop_asking(far: FarEnd) -> None:
    assert far.page is not None
    far.page.get_by_role("button", name="Ask for a file").click()
    far.page.get_by_role("button", name="Stop asking").click()
    far.page.get_by_role("button", name="Ask for a file").click()
    ask = far.seen[-1][1]["id"]
    far.push(("fetch_offers", "chosen", {"id": ask, "count": 0}))
    until(far.page, "window.notes.length === 1")

    assert far.kinds()[-3:] == ["ask_for_files", "cancel", "ask_for_files"]
    assert far.page.evaluate("window.notes") == ["The customer has chosen no file."]
    assert far.page.get_by_role("button", name="Ask for a file").is_visible()
