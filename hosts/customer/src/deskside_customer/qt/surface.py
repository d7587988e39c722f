"""The notice window as the session sees it: everything crosses the bridge."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import anyio
from PySide6.QtCore import QObject, Slot

from deskside.grants import Answer
from deskside.notice import Answered, NoticeState, Question
from deskside_customer.bridge import Bridge, QtSilent
from deskside_customer.inbox import Inbox, Outcome
from deskside_customer.proxy import Proxy
from deskside_customer.qt.code_page import CodePage, PasswordPage
from deskside_customer.qt.parts import Parts
from deskside_customer.qt.window import NoticeWindow
from deskside_customer.ui import Action, Step
from deskside_customer.words import Words

LATE_S = 5
"""How much later than the window itself the session stops waiting for an answer."""


class Surface(QObject):
    """Made on the Qt thread; its public methods are called on the session's loop."""

    def __init__(self, bridge: Bridge, window: NoticeWindow, parts: Parts, words: Words) -> None:
        super().__init__()
        self._bridge, self._window, self._parts, self._words = bridge, window, parts, words
        self._actions: Inbox[Action] = Inbox(bridge.loop)
        self._one_at_a_time = anyio.Lock()
        self._answers: dict[int, Outcome[Answered]] = {}
        self._code: Outcome[str | None] | None = None
        window.acted.connect(self._act)
        window.answered.connect(self._answer)
        window.code_given.connect(self._take_code)

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

    def show(self, state: NoticeState) -> None:
        """Show this from now on; a window that does not run misses it."""
        self._bridge.post(partial(self._window.show_state, state))

    def progress(self, step: Step, problem: str = "") -> None:
        """Show how far the connection is and what went wrong."""
        self._bridge.post(partial(self._window.show_progress, step, problem))

    def tell_page(self, address: str) -> None:
        """Say nothing: who has a window has a browser, or has said that none shall open."""

    def guard_questions(self, *, on: bool) -> None:
        """Refuse or accept injected keys and clicks as answers."""
        self._bridge.post(partial(self._window.guard_questions, on=on))

    async def ask(self, question: Question) -> Answered:
        """Ask; a window that does not run, or no answer in time, means no."""
        async with self._one_at_a_time:
            outcome: Outcome[Answered] = Outcome(self._bridge.loop)
            self._answers[question.id] = outcome
            try:
                return await self._answer_to(question, outcome)
            except QtSilent:
                return Answered(Answer.TIMED_OUT)
            finally:
                self._answers.pop(question.id, None)
                self._bridge.post(partial(self._window.withdraw, question.id))

    async def _answer_to(self, question: Question, outcome: Outcome[Answered]) -> Answered:
        if self._bridge.qt_is_silent() or not self._bridge.post(partial(self._window.ask, question)):
            return Answered(Answer.TIMED_OUT)
        with anyio.move_on_after(question.seconds + LATE_S):
            return await self._bridge.result(outcome)
        return Answered(Answer.TIMED_OUT)

    async def ask_code(self, problem: str = "") -> str | None:
        """Let the customer type the code."""
        return await self._typed_on(CodePage, problem)

    async def ask_password(self, problem: str = "") -> str | None:
        """Let the customer type the session password."""
        return await self._typed_on(PasswordPage, problem)

    async def _typed_on(self, page: type[CodePage], problem: str) -> str | None:
        self._code = Outcome(self._bridge.loop)
        self._bridge.post(partial(self._window.ask_code, problem, page))
        return await self._bridge.result(self._code)

    async def window(self, service: str, owner: str = "") -> Any | None:
        """Return a proxy of what a plugin's Qt part supplies, None if none does."""
        events: Inbox[Any] = Inbox(self._bridge.loop)
        made = await self._bridge.call(partial(self._parts.provide, service, owner, events.put))
        return None if made is None else Proxy(self._bridge, made.target, events, made.owner)

    @Slot(object)
    def _act(self, action: Action) -> None:
        self._actions.put(action)

    @Slot(int, object)
    def _answer(self, question: int, answer: Answered) -> None:
        if (outcome := self._answers.get(question)) is not None:
            outcome.settle(answer)

    @Slot(object)
    def _take_code(self, code: str | None) -> None:
        if self._code is not None:
            self._code.settle(code)
