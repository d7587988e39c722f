"""The customer's chat windows on a real screen."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import numpy as np
import pytest
from screens import Screen, wait_until

pytestmark = pytest.mark.screen
PROGRAM = Path(__file__).with_name("chat_program.py")
TITLES = {"en": "Chat", "ko": "채팅", "zh-Hans": "聊天"}


class Program:
    """The program with the windows."""

    def __init__(self, screen: Screen, language: str) -> None:
        self.screen = screen
        self.process = screen.python(PROGRAM, language, stdin=subprocess.PIPE)
        self.said: Queue[list[Any]] = Queue()
        self.kept: list[list[Any]] = []
        Thread(target=self._read, daemon=True).start()
        self.event("ready")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(json.loads(line))

    def do(self, *order: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.event("did")

    def event(self, name: str, limit_s: float = 20) -> Any:
        """Return the next event of this name; others stay for later."""
        end = time.monotonic() + limit_s
        while True:
            for found in self.kept:
                if found[0] == name:
                    self.kept.remove(found)
                    return found[-1]
            try:
                self.kept.append(self.said.get(timeout=max(0.01, end - time.monotonic())))
            except Empty:
                raise AssertionError(f"no event {name}; there were {self.kept}") from None


@pytest.fixture
def program(screen: Screen) -> Iterator[Program]:
    yield from started(screen, "en")


@pytest.fixture
def korean(screen: Screen) -> Iterator[Program]:
    yield from started(screen, "ko")


def started(screen: Screen, language: str) -> Iterator[Program]:
    one = Program(screen, language)
    yield one
    one.process.kill()


def pixels(screen: Screen, window: str) -> Any:
    left, top, width, height = screen.place_of(window)
    return screen.grab()[top : top + height, left : left + width].astype(int)


def ink(screen: Screen, window: str) -> int:
    """Return how many pixels of a window are dark."""
    return int(np.sum(pixels(screen, window).sum(axis=2) < 200))


@pytest.mark.feature("CHT-01", "NTC-05")
def test_what_is_typed_comes_out_with_enter_and_shift_enter_begins_a_line(
    program: Program, screen: Screen
) -> None:
    program.do("open")
    window = screen.window("^Chat$")
    program.event("Opened")
    screen.do("windowfocus", "--sync", window)
    screen.do("type", "--delay", 5, "My printer")
    screen.do("key", "shift+Return")
    screen.do("type", "--delay", 5, "is out")
    assert program.event("Typed")["text"].startswith("M")
    screen.do("key", "Return")

    assert program.event("Wrote")["text"] == "My printer\nis out"

    screen.do("key", "Return")
    screen.do("type", "x")
    screen.do("key", "Return")
    assert program.event("Wrote")["text"] == "x"


def test_korean_typed_by_keysym_comes_out_right(korean: Program, screen: Screen) -> None:
    korean.do("open")
    screen.do("windowfocus", "--sync", screen.window("^채팅$"))
    screen.do("type", "--delay", 60, "한글")
    screen.do("key", "Return")

    assert korean.event("Wrote")["text"] == "한글"


@pytest.mark.feature("CHT-01")
def test_korean_and_chinese_lines_are_seen(korean: Program, screen: Screen, artifacts: Path) -> None:
    korean.do("open")
    window = screen.window("^채팅$")
    wait_until(lambda: ink(screen, window) > 50, "the window is drawn")
    before = ink(screen, window)
    korean.do(
        "show_conversation",
        [1, 1, "이준", "안녕하세요, 무엇을 도와드릴까요?"],
        [2, 0, "", "打印机 https://example.com 坏了"],
    )

    wait_until(lambda: ink(screen, window) > before + 400, "the lines are drawn")
    screen.save(artifacts / "chat_window.png", screen.place_of(window))


@pytest.mark.feature("CHT-02")
def test_a_line_while_the_chat_is_closed_shows_below_and_a_click_opens_the_chat(
    program: Program, screen: Screen, artifacts: Path
) -> None:
    program.do("add", 1, 1, "Lee Jun", "Are you there?")
    program.do("alert", "Lee Jun", "Are you there?", 1)
    box = screen.window("^New message$")
    assert program.event("Missed")["count"] == 1
    left, top, width, height = screen.place_of(box)
    assert top + height > screen.height - 80
    wait_until(lambda: ink(screen, box) > 50, "the message is drawn")
    screen.save(artifacts / "chat_message.png", (left - 10, top - 10, width + 20, height + 20))
    screen.do("mousemove", left + 60, top + height - 30, "click", 1)

    screen.window("^Chat$")
    program.event("Opened")
    found = screen.do("search", "--onlyvisible", "--name", "Chat").split()
    assert box not in found


def test_while_the_chat_is_open_no_small_window_comes(program: Program, screen: Screen) -> None:
    program.do("open")
    screen.window("^Chat$")
    program.do("alert", "Lee Jun", "hello", 1)
    program.do("show_preview", True)
    program.do("show_typing", "Lee Jun")

    with pytest.raises(AssertionError):
        program.event("Missed", 0.3)
