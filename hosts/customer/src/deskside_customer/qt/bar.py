"""The bar that always stands there: who helps, that support runs, since when. It moves the window."""

import time

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from deskside.notice import NoticeState, SessionState
from deskside_customer.qt.look import Look
from deskside_customer.qt.widgets import BareButton, column, label, row, say
from deskside_customer.words import Words, clock_of, person, shortened

RUNNING = (SessionState.AGREEING, SessionState.ACTIVE, SessionState.SUSPENDED)
DOTS = {SessionState.ACTIVE: "live", SessionState.SUSPENDED: "warn", SessionState.AGREEING: "ask"}
DOT = 10


class Bar(QWidget):
    """Two lines and two buttons; nothing hides it."""

    moved = Signal(QPoint)
    minimise_pressed = Signal()
    close_pressed = Signal()

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__()
        self._words = words
        self._began: float | None = None
        self._grip: QPoint | None = None
        self._title = label(words("customer.title"), "title")
        self._dot = QLabel()
        self._support = label(words("customer.in_progress"), "small")
        self._chip = label("", "chip", wraps=False)
        self._time = label("", "time", wraps=False)
        self._fold = BareButton("minimise", words("customer.minimise"))
        self._close = BareButton("close", words("customer.close"))
        self._fold.setObjectName("fold")
        self._close.setObjectName("close")
        self._fold.clicked.connect(self.minimise_pressed)
        self._close.clicked.connect(self.close_pressed)
        self._lay_out(look)
        self._tick = QTimer(self)
        self._tick.setInterval(500)
        self._tick.timeout.connect(self.refresh_time)
        self.show_state(NoticeState(), look)

    def _lay_out(self, look: Look) -> None:
        self.inside = column(self, space=look.px(2))
        self.inside.setContentsMargins(look.px(12), look.px(8), look.px(6), look.px(8))
        upper, lower = row(space=look.px(6)), row(space=look.px(6))
        upper.addLayout(self._beside_first_line(look))
        upper.addWidget(self._title, 1)
        for button in (self._fold, self._close):
            upper.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        lower.addWidget(self._support, 1)
        for short in (self._chip, self._time):
            lower.addWidget(short, 0, Qt.AlignmentFlag.AlignVCenter)
        lower.setContentsMargins(0, 0, look.px(6), 0)
        self.inside.addLayout(upper, 1)
        self.inside.addLayout(lower)

    def _beside_first_line(self, look: Look) -> QVBoxLayout:
        made = column()
        made.setContentsMargins(0, look.px(9), 0, 0)
        made.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def show_state(self, state: NoticeState, look: Look) -> None:
        """Show who helps and how it stands."""
        names = ", ".join(state.agents)
        title = self._words("customer.title")
        if names and state.state in RUNNING:
            title = self._words(
                "customer.title.helps", who=person(shortened(names), shortened(state.company))
            )
            self._title.setToolTip(person(names, state.company))
        if state.state is SessionState.ENDED:
            title = self._words("customer.title.ended")
        say(self._title, title)
        self.window().setWindowTitle(title)
        self._dot.setVisible(state.state in RUNNING)
        self._dot.setFixedSize(look.px(DOT), look.px(DOT))
        colour = look.colours[DOTS.get(state.state, "text-3")]
        self._dot.setStyleSheet(f"background: {colour}; border-radius: {look.px(DOT) // 2}px")
        self._support.setVisible(state.state in RUNNING)
        self._chip.setVisible(bool(state.label) and state.state in RUNNING)
        if state.label:
            say(self._chip, self._words(f"customer.label.{state.label}"))
        self._began = state.began if state.state in RUNNING else None
        self._time.setVisible(self._began is not None)
        for button in (self._fold, self._close):
            button.draw(look)
        self._fold.setVisible(state.state in RUNNING)
        self.refresh_time()
        self._tick.start() if self._began is not None else self._tick.stop()

    def show_folded(self, look: Look, *, folded: bool) -> None:
        """Say what the first button does now."""
        self._fold.rename(self._words("customer.restore" if folded else "customer.minimise"))
        self._fold.draw(look, "restore" if folded else "minimise")

    @Slot()
    def refresh_time(self) -> None:
        """Show how long the support has been running."""
        if self._began is not None:
            say(self._time, clock_of(time.time() - self._began))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the window."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.window().pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the window along."""
        if self._grip is not None:
            self.moved.emit(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of it."""
        del event
        self._grip = None
