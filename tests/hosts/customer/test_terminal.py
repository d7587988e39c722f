"""The surface without windows, in a real terminal."""

import os
import pty
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field

PROGRAM = Path(__file__).with_name("terminal_stage.py")
LIMIT_S = 20


@define
class Person:
    """Sits at the terminal."""

    pid: int
    terminal: int
    seen: str = field(default="")

    def sees(self, text: str) -> None:
        """Wait until this text has appeared since the last one."""
        end = time.monotonic() + LIMIT_S
        while text not in self.seen:
            assert time.monotonic() < end, f"{text!r} did not appear: {self.seen!r}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.seen += os.read(self.terminal, 65536).decode(errors="replace")
        self.seen = self.seen.partition(text)[2]

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self.terminal, text.encode() + b"\n")


@pytest.fixture
def person() -> Iterator[Person]:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, str(PROGRAM)])
    yield Person(pid, terminal)
    os.close(terminal)
    os.waitpid(pid, 0)


def test_indicator_questions_and_end_stay_in_the_terminal(person: Person) -> None:
    person.sees("Number your agent gave you")
    person.types("123 456 789")
    person.sees("code 123 456 789")
    person.sees("● Remote support in progress · Demo · Lee Jun (Hanbit Service) helps you · 12:4")
    person.sees("1. sees your screen")

    person.sees("Lee Jun (Hanbit Service) asks to:")
    person.sees("Use your mouse: y or N, 60 s left")
    person.types("y")
    person.sees("Use your keyboard: y or N")
    person.types("")
    person.sees("answer yes control.mouse")

    person.sees("Allow? y or N, 1 s left")
    person.sees("answer timed_out")

    person.types("stop 1")
    person.sees("did Stop(feature='screen.view')")
    person.types("dance")
    person.sees("no such word")
    person.types("end")
    person.sees("once more")
    person.types("end")
    person.sees("did End()")
    person.sees("The support has ended")


def test_what_the_agent_calls_himself_cannot_move_the_cursor(person: Person) -> None:
    person.sees("Number your agent gave you")
    person.types("evil")

    person.sees("·[2J·[H evil")


@pytest.mark.feature("CON-17")
def test_the_session_password_is_asked_for_in_the_terminal(person: Person) -> None:
    person.sees("Number your agent gave you")
    person.types("password")

    person.sees("Four digits that your agent tells you besides the number")
    person.sees("Four digits, please.")
    person.sees("Session password your agent tells you (four digits):")
    person.types("4827")
    person.sees("password 4827")
    person.sees("A page about this support: https://help.example/ended/abc")
