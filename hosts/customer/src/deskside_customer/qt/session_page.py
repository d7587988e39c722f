"""What runs, each with its stop; what the customer can start; who can read along; messages."""

import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from deskside.notice import ButtonState, Line, NoticeState, SessionState
from deskside_customer.qt.icons import pixmap
from deskside_customer.qt.look import Look
from deskside_customer.qt.page import Page
from deskside_customer.qt.widgets import Button, ToolButton, clear, column, label, mark, put, row, rule, say
from deskside_customer.ui import Press, Stop
from deskside_customer.words import Words, clock_of

COLUMNS = 3
MOST_MESSAGES = 3


class SessionPage(Page):
    """The window's usual content."""

    mood = "live"
    acted = Signal(object)

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__(words, look)
        self._lost_at = 0.0
        self._reason = ""
        self._shown = NoticeState()
        self._banner = label("", "banner")
        self._lines, self._notes = column(space=look.px(6)), column(space=look.px(6))
        self._rule = rule()
        self._buttons = QGridLayout()
        self._buttons.setSpacing(look.px(4))
        self._drop = label(words("customer.drop"), "drop")
        self._drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._seal_icon, self._seal = QLabel(), label("", "small")
        self._tick = QTimer(self)
        self._tick.setInterval(500)
        self._tick.timeout.connect(self._show_lost)
        self._lay_out()

    def _lay_out(self) -> None:
        seal = row(space=self.look.px(6))
        seal.addWidget(self._seal_icon, 0, Qt.AlignmentFlag.AlignTop)
        seal.addWidget(self._seal, 1)
        self.inside.addWidget(self._banner)
        self.inside.addLayout(self._lines)
        self.inside.addWidget(self._rule)
        self.inside.addLayout(self._buttons)
        self.inside.addWidget(self._drop)
        self.inside.addLayout(seal)
        self.inside.addLayout(self._notes)

    def show_state(self, state: NoticeState) -> None:
        """Show it, keeping the keyboard where it is.

        What has not changed is left alone: a click on a button that was made anew under the finger is lost.
        """
        held = self._held()
        before, self._shown = self._shown, state
        self.mood = "warn" if state.state is SessionState.SUSPENDED else "live"
        self._show_banner(state)
        if state.lines != before.lines or not self._lines.count():
            self._show_lines(state.lines)
        if state.buttons != before.buttons or not self._buttons.count():
            self._show_buttons(state.buttons)
        self._drop.setVisible(state.accepts_files and state.state is SessionState.ACTIVE)
        key = "customer.sealed.agent" if state.sealed_to_agent else "customer.sealed.server"
        say(self._seal, self.words(key))
        icon = "shield" if state.sealed_to_agent else "server"
        self._seal_icon.setPixmap(pixmap(icon, self.look.colour("text-2"), self.look.px(16)))
        if state.messages != before.messages:
            clear(self._notes)
            for message in state.messages[-MOST_MESSAGES:]:
                put(self._notes, label(message, "message"))
        self._hold(held)

    def show_drag(self, *, over: bool) -> None:
        """Show that files may be let go here."""
        mark(self._drop, "over", "true" if over else "false")

    def _show_banner(self, state: NoticeState) -> None:
        suspended = state.state is SessionState.SUSPENDED
        self._banner.setVisible(suspended or state.state is SessionState.AGREEING)
        self._reason = state.reason
        if not suspended:
            self._lost_at = 0.0
            self._tick.stop()
            say(self._banner, self.words("customer.agreeing"))
            return
        self._lost_at = self._lost_at or time.monotonic()
        self._tick.start()
        self._show_lost()

    @Slot()
    def _show_lost(self) -> None:
        waited = clock_of(time.monotonic() - self._lost_at)
        lost = self.words("customer.suspended", time=waited)
        say(self._banner, f"{self._reason}\n{lost}" if self._reason else lost)

    def _show_lines(self, lines: tuple[Line, ...]) -> None:
        clear(self._lines)
        for line in lines:
            put(self._lines, self._line(line))
        if not lines:
            put(self._lines, label(self.words("customer.nothing_runs"), "small"))

    def _line(self, line: Line) -> QWidget:
        made = QWidget()
        inside = row(made, space=self.look.px(8))
        title = f"{line.title} · {self.words('customer.paused')}" if line.is_paused else line.title
        inside.addWidget(label(title, "done" if line.is_paused else ""), 1)
        if line.can_stop:
            key = "pause" if line.can_pause else "stop"
            word = self.words("customer.resume" if line.is_paused else f"customer.{key}")
            button = Button(word, "small")
            button.setAccessibleName(f"{word}: {line.title}")
            button.setObjectName(f"stop {line.feature}")
            button.clicked.connect(lambda: self.acted.emit(Stop(line.feature)))
            inside.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _show_buttons(self, buttons: tuple[ButtonState, ...]) -> None:
        clear(self._buttons)
        self._rule.setVisible(bool(buttons))
        for place, one in enumerate(buttons):
            made = self._button(one)
            self._buttons.addWidget(made, place // COLUMNS, place % COLUMNS)
            made.show()
        for place in range(COLUMNS):
            self._buttons.setColumnStretch(place, 1)
            self._buttons.setColumnMinimumWidth(place, 1)

    def _button(self, one: ButtonState) -> QWidget:
        made = ToolButton(one.icon, one.title, self.look)
        made.setObjectName(f"press {one.id}")
        made.clicked.connect(lambda: self.acted.emit(Press(one.id)))
        return made

    def _held(self) -> str:
        focused = self.focusWidget()
        return focused.objectName() if focused is not None and self.isAncestorOf(focused) else ""

    def _hold(self, name: str) -> None:
        found = self.findChildren(Button, name)
        if name and found:
            found[-1].setFocus()
