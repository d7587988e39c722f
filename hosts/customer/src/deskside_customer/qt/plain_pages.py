"""The pages that only tell: the way to the session, its end, and whether to end it."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from deskside.notice import NoticeState
from deskside_customer.qt.look import Look
from deskside_customer.qt.page import Page
from deskside_customer.qt.widgets import Button, label, row
from deskside_customer.ui import Step
from deskside_customer.words import Words, clock_of, person


class ProgressPage(Page):
    """Four steps, the one being taken, and in a sentence what went wrong."""

    def __init__(self, words: Words, look: Look, step: Step, problem: str) -> None:
        super().__init__(words, look)
        self.mood = "warn" if problem else "calm"
        self.inside.addWidget(label(words("customer.progress.title"), "heading"))
        steps = list(Step)
        here = steps.index(step)
        for place, one in enumerate(steps):
            kind, sign = ("done", "✓") if place < here else ("later", "○")
            if place == here:
                kind, sign = "now", "!" if problem else "●"
            line = row(space=look.px(8))
            mark = label(sign, kind, wraps=False)
            mark.setFixedWidth(look.px(16))
            mark.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            line.addWidget(mark)
            line.addWidget(label(words(f"customer.step.{one}"), kind), 1)
            self.inside.addLayout(line)
            if place == here and problem:
                self.inside.addWidget(label(problem, "banner"))


class EndedPage(Page):
    """When it began and ended, who helped, who ended it."""

    mood = "over"
    closed = Signal()

    def __init__(self, words: Words, look: Look, state: NoticeState, ended: float) -> None:
        super().__init__(words, look)
        self._done = Button(words("customer.ended.done"), "primary")
        self._done.clicked.connect(self.closed)
        self.inside.addWidget(label(state.reason or words("customer.ended.over"), "heading"))
        facts = QGridLayout()
        facts.setHorizontalSpacing(look.px(12))
        facts.setVerticalSpacing(look.px(4))
        facts.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(self._facts(state, ended)):
            facts.addWidget(label(name, "small", wraps=False), place, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(label(value), place, 1)
        self.inside.addLayout(facts)
        self.inside.addWidget(label(words("customer.ended.nothing_left"), "small"))
        self.inside.addWidget(self._done)

    def first(self) -> QWidget:
        """Return the only button."""
        return self._done

    def _facts(self, state: NoticeState, ended: float) -> list[tuple[str, str]]:
        found = []
        if state.agents:
            who = person(", ".join(state.agents), state.company)
            found.append((self.words("customer.ended.agent"), who))
        if state.began is not None:
            found.append((self.words("customer.ended.began"), _time_of_day(state.began)))
            found.append((self.words("customer.ended.ended"), _time_of_day(ended)))
            found.append((self.words("customer.ended.lasted"), clock_of(ended - state.began)))
        if state.number:
            found.append((self.words("customer.ended.number"), state.number))
        return found


class ConfirmPage(Page):
    """Says that closing ends the support, and asks."""

    mood = "warn"
    decided = Signal(bool)

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__(words, look)
        stay, end = Button(words("customer.end.stay"), "answer"), Button(words("customer.end.end"), "danger")
        stay.setObjectName("stay")
        end.setObjectName("end")
        stay.clicked.connect(lambda: self.decided.emit(False))
        end.clicked.connect(lambda: self.decided.emit(True))
        self._stay = stay
        self.inside.addWidget(label(words("customer.end.title"), "heading"))
        self.inside.addWidget(label(words("customer.end.help")))
        self.inside.addWidget(end)
        self.inside.addWidget(stay)

    def first(self) -> QWidget:
        """Return what keeps the support running."""
        return self._stay

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take escape for staying."""
        if event.key() == Qt.Key.Key_Escape:
            self.decided.emit(False)


def _time_of_day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S")
