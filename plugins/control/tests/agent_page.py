"""The agent's page with a stand-in for the session page around it, in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from attrs import define
from playwright.sync_api import Browser, CDPSession, Page, Route

from deskside_control.messages import MESSAGES

HERE = Path(__file__).parent
WEB = HERE.parent / "src/deskside_control/web"
MARKUP = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<section id="stage" tabindex="0" style="position:absolute;left:100px;top:50px;width:800px;height:600px">
<canvas class="picture" style="width:100%;height:100%"></canvas></section>
<input id="other"><script type="module" src="/stub.js"></script>"""
BY_NAME = {one.wire_name(): one for one in MESSAGES}
KINDS = {".js": "text/javascript", ".css": "text/css"}


@define(eq=False)
class Agent:
    page: Page
    devtools: CDPSession

    def sent(self, *kinds: str) -> list[list[Any]]:
        """Return what was sent, of these kinds if any are named."""
        sent: list[list[Any]] = self.page.evaluate("it.sent")
        return [one for one in sent if not kinds or one[0] in kinds]

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until something holds; the page's own events go on meanwhile."""
        end = monotonic() + 10
        while not condition():
            assert monotonic() < end, f"never: {what}"
            self.page.wait_for_timeout(10)

    def strokes(self) -> list[tuple[str, bool]]:
        return [(fields["key"], fields["is_down"]) for _, fields in self.sent("key_pressed")]

    def texts(self) -> str:
        self.page.wait_for_timeout(50)
        return "".join(fields["text"] for _, fields in self.sent("text_typed"))

    def receive(self, kind: str, **fields: Any) -> None:
        self.page.evaluate("([kind, fields]) => it.receive(kind, fields)", [kind, fields])

    def button(self, label: str) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(
            "(label) => (({pressed, disabled, reason}) => ({pressed, disabled, reason}))(it.buttons[label])",
            label,
        )
        return found

    def press(self, label: str) -> None:
        self.page.evaluate("(label) => it.buttons[label].onPress()", label)
        self.page.wait_for_timeout(20)

    def controls(self, *, mouse: bool = True, keyboard: bool = True, who: int = 1) -> None:
        self.receive("controller_changed", participant=who, has_mouse=mouse, has_keyboard=keyboard)
        self.page.evaluate("it.sent.length = 0")

    def compose(self, *steps: str) -> None:
        """Compose as an input method does: each step replaces what is being composed."""
        for text in steps:
            self.devtools.send(
                "Input.imeSetComposition",
                {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
            )

    def commit(self, text: str) -> None:
        self.devtools.send("Input.insertText", {"text": text})


def answer(route: Route) -> None:
    path = route.request.url.partition("deskside.test")[2].partition("#")[0]
    if path == "/":
        route.fulfill(body=MARKUP, content_type="text/html")
        return
    file = WEB / path.removeprefix("/web/") if path.startswith("/web/") else HERE / path.removeprefix("/")
    if not file.is_file():
        route.fulfill(status=404)
        return
    route.fulfill(body=file.read_text(encoding="utf-8"), content_type=KINDS[file.suffix])


@contextmanager
def agent_in(browser: Browser, given: dict[str, str]) -> Iterator[Agent]:
    """Open the page; fail if anything in it does, or if it has sent what is no message."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800},
        user_agent=given.get("user_agent"),
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/*", answer)
    if "platform" in given:
        page.add_init_script(
            f"Object.defineProperty(Navigator.prototype, 'platform', {{get: () => '{given['platform']}'}})"
        )
    page.goto(f"https://deskside.test/{given.get('hash', '')}")
    page.wait_for_function("window.isReady === true")
    yield Agent(page, context.new_cdp_session(page))
    assert problems == []
    for kind, fields in page.evaluate("it.sent"):
        BY_NAME[kind](**{name: tuple(one) if isinstance(one, list) else one for name, one in fields.items()})
    context.close()
