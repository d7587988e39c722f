"""The surface without windows: an indicator line that always stands there, and questions, in a terminal.

Keys are read one by one, so that the indicator can be redrawn without losing what is being typed. Not
done: a terminal cannot tell whose hand typed; whoever may use the keyboard may answer here.
"""

import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TextIO

import anyio

from deskside.errors import DesksideError
from deskside.grants import Answer
from deskside.notice import Answered, NoticeState, Question, SessionState
from deskside_customer.inbox import Inbox, Loop, outcome_of
from deskside_customer.keys import Keys
from deskside_customer.ui import Action, End, Step, Stop, yes_to
from deskside_customer.words import Words, clock_of, fitting, person, printable, width_of

REDRAW_S = 1.0
LONGEST_LINE = 200
BACK = ("\x7f", "\b")
WHOLE_LINE = "\r\x1b[2K"
BOTH_LINES = WHOLE_LINE + "\x1b[1A" + WHOLE_LINE
USUAL_WIDTH = 80


class NoTerminal(DesksideError):
    """Raised when there is no terminal to keep the indicator and the questions in."""


class Terminal:
    """Draws two lines at the bottom: what runs, and what is being typed."""

    def __init__(self, words: Words, out: TextIO, wall: Callable[[], float] = time.time) -> None:
        self._words, self._out, self._wall = words, out, wall
        loop = Loop()
        self._loop = loop
        self._actions: Inbox[Action] = Inbox(loop)
        self._lines: Inbox[str] = Inbox(loop)
        self._state = NoticeState()
        self._typed = self._prompt = ""
        self._is_asking = self._means_end = self._is_drawn = False
        self._one_at_a_time = anyio.Lock()
        self._ended_at: float | None = None

    @property
    def language(self) -> str:
        """Return the language the customer reads."""
        return self._words.language

    @property
    def actions(self) -> AsyncIterator[Action]:
        """Return what the customer does, in order."""
        return self._actions

    def text(self, key: str, **values: object) -> str:
        """Return one of the program's own texts."""
        return self._words(key, **values)

    def tell_page(self, address: str) -> None:
        """Write it where it can be copied from."""
        self._say(self._words("customer.page", address=address))

    def guard_questions(self, *, on: bool) -> None:
        """Do nothing: a terminal cannot tell injected keys from typed ones."""

    async def window(self, service: str, owner: str = "") -> Any | None:
        """Return None: there are no windows here."""
        del service, owner
        return None

    def show(self, state: NoticeState) -> None:
        """Show this from now on; what changed stays readable above."""
        before, self._state = self._state, state
        for message in state.messages[len(before.messages) :]:
            self._say(message)
        if state.state is SessionState.ENDED and before.state is not SessionState.ENDED:
            self._ended_at = self._wall()
            self._say(self._ending())
        elif state.lines != before.lines or state.state is not before.state:
            self._say(self._indicator())
            for number, line in enumerate(state.lines, 1):
                self._say(f"  {number}. {line.title}")
        self._draw()

    def progress(self, step: Step, problem: str = "") -> None:
        """Tell how far the connection is and what went wrong."""
        self._say(self._words(f"customer.step.{step}") + " …")
        if problem:
            self._say(f"  ! {problem}")
        self._draw()

    async def ask(self, question: Question) -> Answered:
        """Ask for each feature in turn within the question's time."""
        async with self._one_at_a_time:
            who = person(question.who, question.company)
            self._say(self._words("customer.question.who", who=who))
            for title in "\n".join(question.titles).splitlines():
                self._say(f"  · {title}")
            for line in (question.detail, self._words(question.holds)):
                self._say(line)
            self._lines = Inbox(self._loop)  # nothing typed before it may answer it
            self._is_asking, self._typed = True, ""
            try:
                return await self._answers_to(question)
            finally:
                self._is_asking, self._prompt = False, ""
                self._draw()

    async def ask_code(self, problem: str = "") -> str | None:
        """Let the customer type the code; nothing at all means that he gave up."""
        return await self._typed_for("customer.terminal.code", problem)

    async def ask_password(self, problem: str = "") -> str | None:
        """Let the customer type the session password; nothing at all means that he gave up."""
        self._say(self._words("customer.password.help"))
        return await self._typed_for("customer.terminal.password", problem)

    async def _typed_for(self, prompt: str, problem: str) -> str | None:
        self._state = NoticeState()
        self._say(problem)
        self._prompt = self._words(prompt) + " "
        self._is_asking = True
        try:
            self._draw()
            return await anext(self._lines) or None
        finally:
            self._is_asking, self._prompt = False, ""

    async def run(self, main: Callable[["Terminal"], Awaitable[int]], keys: Keys) -> int:
        """Run the session's part while keys are read and the lines are kept up to date."""
        self._loop.attach()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read, keys)
            tasks.start_soon(self._keep_drawn)
            ending = await outcome_of(main(self))
            tasks.cancel_scope.cancel()
        self._erase()
        self._out.flush()
        return ending()

    async def _answers_to(self, question: Question) -> Answered:
        end = anyio.current_time() + question.seconds
        allowed = []
        for feature, title in zip(question.features, question.titles, strict=True):
            single = len(question.features) == 1
            answer = await self._yes_or_no("" if single else title, end)
            if answer is None:
                return Answered(Answer.TIMED_OUT)
            if answer:
                allowed.append(feature)
        return yes_to(allowed)

    async def _yes_or_no(self, title: str, end: float) -> bool | None:
        key = "customer.terminal.each" if title else "customer.terminal.question"
        while (left := end - anyio.current_time()) > 0:
            self._prompt = self._words(key, title=title, seconds=int(left) + 1) + " "
            self._draw()
            with anyio.move_on_after(min(REDRAW_S, left)):
                return (await anext(self._lines)).strip().lower() in ("y", "yes")
        return None

    async def _read(self, keys: Keys) -> None:
        async for typed in keys:
            for one in typed:
                self._take(one)
            self._draw()

    def _take(self, key: str) -> None:
        if key in BACK:
            self._typed = self._typed[:-1]
        elif key in "\r\n":
            typed, self._typed = self._typed, ""
            self._say(f"{self._prompt}{typed}" if typed else "")
            self._obey(typed)
        elif key.isprintable() and len(self._typed) < LONGEST_LINE:
            self._typed += key

    def _obey(self, typed: str) -> None:
        words = typed.lower().split()
        if words == ["end"]:
            if self._means_end or self._state.state is not SessionState.ACTIVE:
                self._actions.put(End())
            else:
                self._say(self._words("customer.terminal.end"))
            self._means_end = not self._means_end
            return
        self._means_end = False
        if self._is_asking:
            self._lines.put(typed)
        elif words:
            self._stop(words)

    def _stop(self, words: Sequence[str]) -> None:
        lines = self._state.lines
        numbers = [int(word) for word in words[1:] if word.isdecimal() and 0 < int(word) <= len(lines)]
        if words[0] != "stop" or not numbers:
            self._say(self._words("customer.terminal.unknown"))
            self._say(self._words("customer.terminal.help"))
            return
        for number in numbers:
            self._actions.put(Stop(lines[number - 1].feature))

    async def _keep_drawn(self) -> None:
        while True:
            self._draw()
            await anyio.sleep(REDRAW_S)

    def _indicator(self) -> str:
        state = self._state
        if state.state in (SessionState.WAITING, SessionState.CONNECTING):
            return self._words("customer.title")
        who = person(", ".join(state.agents), state.company)
        parts = [f"● {self._words('customer.in_progress')}"]
        if state.label:
            parts.append(self._words(f"customer.label.{state.label}"))
        parts.append(self._words("customer.title.helps", who=who))
        if state.state is SessionState.SUSPENDED:
            parts.append(state.reason or self._words("customer.suspended", time=""))
        if state.began is not None:
            parts.append(clock_of(self._wall() - state.began))
        return " · ".join(parts)

    def _ending(self) -> str:
        reason = self._state.reason or self._words("customer.ended.over")
        if self._state.began is None or self._ended_at is None:
            return reason
        lasted = clock_of(self._ended_at - self._state.began)
        return f"{reason} · {self._words('customer.ended.lasted')} {lasted}"

    def _say(self, line: str) -> None:
        """Write a line above the two that stand; what others wrote is made harmless."""
        if line:
            self._erase()
            self._out.write(printable(line) + "\n")

    def _erase(self) -> None:
        self._out.write(BOTH_LINES if self._is_drawn else WHOLE_LINE)
        self._is_drawn = False

    def _draw(self) -> None:
        if self._state.state is SessionState.ENDED:
            return
        columns = _columns_of(self._out)
        typed = self._typed[-columns // 2 :]
        prompt = fitting(self._prompt or "> ", columns - width_of(typed) - 1)
        self._erase()
        self._out.write(fitting(printable(self._indicator()), columns - 1) + "\n" + prompt + typed)
        self._is_drawn = True
        self._out.flush()


def _columns_of(out: TextIO) -> int:
    return (os.get_terminal_size(out.fileno()).columns if out.isatty() else 0) or USUAL_WIDTH


def run(words: Words, main: Callable[[Terminal], Awaitable[int]]) -> int:
    """Run a session in this terminal.

    :raises NoTerminal: if there is none
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal("--no-window needs a terminal: the indicator and the questions stay there")
    with Keys(sys.stdin.fileno()) as keys:
        return anyio.run(Terminal(words, sys.stdout).run, main, keys)
