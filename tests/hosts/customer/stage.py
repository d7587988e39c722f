"""A program under test: the real window, bridge and session thread, played by lines on its standard input.

Each line is a Python call on `ui`, such as `show state="active" agents=["Lee Jun"]`, as JSON
`{"do": "show", …}`; what comes back is printed as JSON lines.
"""

import json
import sys
import threading
import time
from typing import Any

import anyio
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from deskside import texts
from deskside.catalogue import Catalogue
from deskside.loader import Plugins
from deskside.notice import ButtonState, Line, NoticeState, Question, SessionState
from deskside_customer.inbox import Inbox
from deskside_customer.qt import app as apps
from deskside_customer.qt.parts import Made
from deskside_customer.ui import Step
from deskside_customer.words import Words


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values, default=str) + "\n")
    sys.stdout.flush()


def state(values: dict[str, Any]) -> NoticeState:
    """Make a snapshot from JSON; `since` is how many seconds ago it began."""
    made = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    made["state"] = SessionState(made.pop("state", "active"))
    made["lines"] = tuple(Line(**one) for one in values.get("lines", ()))
    made["buttons"] = tuple(ButtonState(**one) for one in values.get("buttons", ()))
    if "since" in made:
        made["began"] = time.time() - made.pop("since")
    return NoticeState(**made)


def is_cut(one: QWidget) -> bool:
    """Tell whether a part of it, or of its words, cannot be seen."""
    is_short = isinstance(one, QLabel) and one.text() and one.heightForWidth(one.width()) > one.height()
    return bool(is_short) or one.visibleRegion().boundingRect() != one.rect()


class Strokes(QWidget):
    """A plugin's window: what the agent draws."""

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.X11BypassWindowManagerHint)
        self.setWindowTitle("strokes")
        self.setStyleSheet("background: #ff0000")
        self.setGeometry(40, 40, 200, 200)
        self.taken: list[int] = []

    def begin(self) -> None:
        self.show()

    def add(self, number: int) -> None:
        self.taken.append(number)

    def count(self) -> list[int]:
        return [len(self.taken), int(self.taken == sorted(self.taken))]


class Requests(QObject):
    """Counts how often something asks for its layout anew."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        QGuiApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.seen += event.type() is QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


class Play:
    """The session's part: does what the lines say."""

    def __init__(self) -> None:
        self.app: apps.App | None = None

    async def __call__(self, ui: Any) -> int:
        lines: Inbox[str] = Inbox(self.app.bridge.loop)  # type: ignore[union-attr]
        threading.Thread(target=self._pump, args=(lines,), daemon=True).start()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._report, ui)
            say(ready=True)
            async for line in lines:
                given = json.loads(line)
                name = given.pop("do")
                if name == "leave":
                    break
                tasks.start_soon(getattr(self, f"do_{name}"), ui, given)
            tasks.cancel_scope.cancel()
        return 0

    def _pump(self, lines: Inbox[str]) -> None:
        for line in sys.stdin:
            lines.put(line)
        lines.close()

    async def _report(self, ui: Any) -> None:
        async for action in ui.actions:
            name = type(action).__name__.lower()
            say(
                action=name,
                value=[str(one) for one in getattr(action, "paths", ())]
                or getattr(action, "feature", getattr(action, "button", "")),
            )

    async def do_show(self, ui: Any, given: dict[str, Any]) -> None:
        ui.show(state(given))

    async def do_progress(self, ui: Any, given: dict[str, Any]) -> None:
        ui.progress(Step(given["step"]), given.get("problem", ""))

    async def do_code(self, ui: Any, given: dict[str, Any]) -> None:
        say(code=await ui.ask_code(given.get("problem", "")))

    async def do_password(self, ui: Any, given: dict[str, Any]) -> None:
        say(password=await ui.ask_password(given.get("problem", "")))

    async def do_ask(self, ui: Any, given: dict[str, Any]) -> None:
        made = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
        answer = await ui.ask(Question(**{"id": 1, "company": "", **made}))
        say(answer=answer.answer, allowed=sorted(answer.allowed))

    async def do_guard(self, ui: Any, given: dict[str, Any]) -> None:
        ui.guard_questions(on=given["on"])

    async def do_strokes(self, ui: Any, given: dict[str, Any]) -> None:
        proxy = await ui.window("strokes/1")
        proxy.begin()
        for number in range(given.get("calls", 0)):
            proxy.add(number)
        say(count=await proxy.count())

    async def do_where(self, ui: Any, given: dict[str, Any]) -> None:
        def find() -> list[int]:
            window = self.app.window  # type: ignore[union-attr]
            found = window.findChildren(QWidget, given["name"])
            if not found:
                return []
            widget = found[-1]
            middle = widget.mapToGlobal(widget.rect().center())
            return [middle.x(), middle.y()]

        say(where=await self.app.bridge.call(find))  # type: ignore[union-attr]

    async def do_texts(self, ui: Any, given: dict[str, Any]) -> None:
        def read() -> list[str]:
            labels = self.app.window.findChildren(QLabel)  # type: ignore[union-attr]
            return [one.text() for one in labels if one.isVisible()]

        say(texts=await self.app.bridge.call(read))  # type: ignore[union-attr]

    async def do_cut(self, ui: Any, given: dict[str, Any]) -> None:
        def find() -> list[str]:
            window = self.app.window  # type: ignore[union-attr]
            shown = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
            return [one.objectName() or one.text() for one in shown if one.isVisible() and is_cut(one)]

        say(cut=await self.app.bridge.call(find))  # type: ignore[union-attr]

    async def do_layouts(self, ui: Any, given: dict[str, Any]) -> None:
        requests = await self.app.bridge.call(Requests)  # type: ignore[union-attr]
        await anyio.sleep(1)
        say(laid_out=requests.seen)

    async def do_dark(self, ui: Any, given: dict[str, Any]) -> None:
        dark = QPalette(QColor("#202020"))
        self.app.bridge.post(lambda: QGuiApplication.setPalette(dark))  # type: ignore[union-attr]

    async def do_freeze(self, ui: Any, given: dict[str, Any]) -> None:
        time.sleep(given["seconds"])  # noqa: ASYNC251 - blocking is the point
        say(frozen=False)

    async def do_freeze_qt(self, ui: Any, given: dict[str, Any]) -> None:
        self.app.bridge.post(lambda: time.sleep(given["seconds"]))  # type: ignore[union-attr]


def main() -> int:
    language = sys.argv[1]
    words = Words(texts.load("deskside_customer"), language)
    empty = Plugins(None, Catalogue.of(()), (), ())  # type: ignore[arg-type]
    play = Play()

    class Staged(apps.App):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            play.app = self
            self.parts.provide = lambda service, owner, put: Made(Strokes(), "drawing")  # type: ignore[method-assign]

    apps.App = Staged  # type: ignore[misc]
    return apps.run(empty, words, play)


if __name__ == "__main__":
    sys.exit(main())
