"""A running customer program as its tests hold it, and what they show in it."""

import json
import time
from queue import Empty, Queue
from typing import Any

from attrs import define, field
from screens import Hand, Screen

LIMIT_S = 15
SETTLED_S = 0.15
TITLE = (
    "^Remote support$|helps you$|has ended$"
    "|^원격지원$|님이 도와드리고 있습니다$|종료되었습니다$"
    "|^远程支持$|正在为您提供帮助$|已结束$"
    "|^リモートサポート$|さんがサポート中です$|終了しました$"
)


@define
class Stage:
    """A running program under test."""

    screen: Screen
    process: Any
    lines: Queue[dict[str, Any]] = field(factory=Queue)

    def play(self, do: str, **values: Any) -> None:
        """Let the session's thread do something."""
        self.process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        self.process.stdin.flush()

    def expect(self, key: str, limit_s: float = LIMIT_S) -> Any:
        """Return the next value reported under this key."""
        end = time.monotonic() + limit_s
        while (left := end - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except Empty:
                break
            if key in line:
                return line if key == "answer" else line[key]
        raise AssertionError(f"nothing was reported under '{key}' within {limit_s} s")

    def action(self) -> tuple[str, Any]:
        """Return the next action of the customer."""
        while True:
            line = self.lines.get(timeout=LIMIT_S)
            if "action" in line:
                return line["action"], line["value"]

    def where(self, name: str) -> tuple[int, int]:
        """Return the middle of a widget on the screen, once the window stands still."""
        self.screen.window(TITLE)
        before: list[int] = []
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            time.sleep(SETTLED_S)
            self.play("where", name=name)
            found = self.expect("where")
            if found and found == before:
                return (found[0], found[1])
            before = found
        raise AssertionError(f"'{name}' does not stand still within {LIMIT_S} s")

    def click(self, name: str) -> None:
        """Click a widget as the person at the machine, or where there is none with XTEST."""
        act = self.screen.hand if isinstance(self.screen, Hand) else self.screen.do
        act("mousemove", *self.where(name), "click", 1)

    def say_yes(self, place: tuple[int, int] | None = None) -> Any:
        """Click the yes until it counts, which it does once the question could be read; return the answer."""
        act = self.screen.hand if isinstance(self.screen, Hand) else self.screen.do
        left, top = place or self.where("yes")
        end = time.monotonic() + LIMIT_S
        while True:
            act("mousemove", left, top, "click", 1)
            try:
                return self.expect("answer", SETTLED_S)
            except AssertionError:
                if time.monotonic() > end:
                    raise

    def texts(self) -> list[str]:
        """Return every text that can be read in the window now."""
        self.play("texts")
        found: list[str] = self.expect("texts")
        return found

    def cut(self) -> list[str]:
        """Return what of the window cannot be seen whole."""
        self.play("cut")
        found: list[str] = self.expect("cut")
        return found

    def press(self, *keys: str) -> None:
        """Bring the window to the keyboard and press keys there."""
        self.screen.do("windowactivate", "--sync", self.screen.window(TITLE))
        time.sleep(2 * SETTLED_S)
        self.screen.do("key", *keys)

    def window(self) -> tuple[int, int, int, int]:
        """Return left, top, width, height of the notice window."""
        return self.screen.place_of(self.screen.window(TITLE))

    def pump(self) -> None:
        """Read what the program says."""
        for line in self.process.stdout:
            self.lines.put(json.loads(line))


SESSION = {
    "agents": ["Lee Jun"],
    "company": "Hanbit Service",
    "number": "S-20261120-0042",
    "since": 761,
    "lines": [
        {"feature": "screen.view", "title": "sees your screen"},
        {"feature": "control.control", "title": "uses your mouse and keyboard"},
    ],
    "buttons": [{"id": "b1", "title": "Chat", "icon": "chat"}],
}
ASK = {
    "who": "Lee Jun",
    "company": "Hanbit Service",
    "features": ["control.mouse", "control.keyboard"],
    "titles": ["Use your mouse", "Use your keyboard"],
}
