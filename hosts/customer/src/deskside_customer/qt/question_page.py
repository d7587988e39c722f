"""A question: who, what exactly, for how long, two equal buttons, and the seconds run down to no."""

import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from deskside.grants import Answer
from deskside.notice import Answered, Question
from deskside_customer.qt.look import Look
from deskside_customer.qt.page import Page
from deskside_customer.qt.scroll import Scroll
from deskside_customer.qt.source import Source
from deskside_customer.qt.widgets import Button, Tick, column, label, row, say
from deskside_customer.ui import yes_to
from deskside_customer.words import Words, person

UNREADABLE_S = 0.6
"""No yes counts sooner: the click was meant for what stood here before."""
LEAST = 64
"""However low the screen is, so much can be read of what is asked."""
GUARDED = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.KeyPress)


class QuestionPage(Page):
    """Takes the whole window until it is answered or withdrawn."""

    mood = "ask"
    answered = Signal(int, object)

    def __init__(self, words: Words, look: Look, question: Question, source: Source) -> None:
        super().__init__(words, look)
        self._question = question
        self._source = source
        self.is_guarded = True
        self._begun = time.monotonic()
        self._is_done = False
        self._ticks: dict[str, Tick] = {}
        self._toggled_by: dict[QObject, Tick] = {}
        self._scroll, told = Scroll(), QWidget()
        told.setObjectName("told")
        self._told = column(told, space=look.px(8))
        self._scroll.setWidget(told)
        self._hint = label(words("customer.question.own_hand"), "wrong")
        self._left = label("", "small")
        self._running_down = QProgressBar()
        self._yes = Button(words("customer.yes"), "answer")
        self._no = Button(words("customer.no"), "answer")
        self._yes.setObjectName("yes")
        self._no.setObjectName("no")
        self._yes.clicked.connect(self._say_yes)
        self._no.clicked.connect(self._say_no)
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.setInterval(100)
        self._tick.timeout.connect(self._run_down)
        self._tick.start()
        self._run_down()

    @property
    def id(self) -> int:
        """Return which question this is."""
        return self._question.id

    def first(self) -> QWidget:
        """Return the no."""
        return self._no

    def height_in(self, width: int, room: int) -> int:
        """Scroll what is asked rather than push the answers away."""
        margins = self.inside.contentsMargins()
        self._told.invalidate()
        wanted = self._told.totalHeightForWidth(width - margins.left() - margins.right())
        self._scroll.fit(wanted, wanted)
        whole = super().height_in(width, room)
        if whole <= room:
            return whole
        self._scroll.fit(wanted, max(self.look.px(LEAST), wanted - (whole - room)))
        return super().height_in(width, room)

    def _lay_out(self) -> None:
        asked = self._question
        who = person(asked.who, asked.company)
        self._told.addWidget(label(self.words("customer.question.who", who=who), "heading"))
        for feature, title in zip(asked.features, asked.titles, strict=True):
            self._told.addWidget(self._item(feature, title))
        if asked.detail:
            self._told.addWidget(label(asked.detail, "banner"))
        self.inside.addWidget(self._scroll)
        self.inside.addWidget(label(self.words(asked.holds), "small"))
        self.inside.addWidget(self._hint)
        self._hint.hide()
        answers = row(space=self.look.px(8))
        for button in (self._yes, self._no):
            answers.addWidget(button, 1)
            button.installEventFilter(self)
        self._running_down.setTextVisible(False)
        self._running_down.setFixedHeight(self.look.px(4))
        self._running_down.setRange(0, asked.seconds * 10)
        self.inside.addLayout(answers)
        self.inside.addWidget(self._running_down)
        self.inside.addWidget(self._left)

    def _item(self, feature: str, title: str) -> QWidget:
        words = label(title)
        if len(self._question.features) == 1:
            return words
        tick = Tick(title, self.look)
        tick.setObjectName(f"tick {feature}")
        tick.toggled.connect(self._ticked)
        made = QWidget()
        line = row(made, space=self.look.px(8))
        line.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        words.setCursor(Qt.CursorShape.PointingHandCursor)
        self._ticks[feature] = tick
        self._toggled_by[words] = tick
        for one in (tick, words):
            one.installEventFilter(self)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep injected keys and clicks away from everything that answers."""
        if self.is_guarded and event.type() in GUARDED and self._source.is_from_agent(event):
            self._hint.show()
            self.updateGeometry()
            return True
        if event.type() is QEvent.Type.MouseButtonPress and watched in self._toggled_by:
            self._toggled_by[watched].toggle()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take escape for a no."""
        if event.key() == Qt.Key.Key_Escape and not (self.is_guarded and self._source.is_from_agent(event)):
            self._say_no()

    @Slot()
    def _ticked(self) -> None:
        self._yes.setEnabled(any(tick.isChecked() for tick in self._ticks.values()))

    @Slot()
    def _say_yes(self) -> None:
        if time.monotonic() - self._begun < UNREADABLE_S:
            return
        unticked = {key for key, tick in self._ticks.items() if not tick.isChecked()}
        self._finish(yes_to(set(self._question.features) - unticked))

    @Slot()
    def _say_no(self) -> None:
        self._finish(Answered(Answer.NO))

    @Slot()
    def _run_down(self) -> None:
        left = self._question.seconds - (time.monotonic() - self._begun)
        if left <= 0:
            self._finish(Answered(Answer.TIMED_OUT))
            return
        self._running_down.setValue(round(left * 10))
        say(self._left, self.words("customer.question.left", seconds=int(left) + 1))

    def _finish(self, answer: Answered) -> None:
        if self._is_done:
            return
        self._is_done = True
        self._tick.stop()
        self.answered.emit(self._question.id, answer)
