"""The notice window: lower right, on top, never taking the keyboard from the customer's work."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from deskside.grants import Answer
from deskside.notice import Answered, NoticeState, Question, SessionState
from deskside_customer.qt import look as looks
from deskside_customer.qt import place
from deskside_customer.qt.bar import Bar
from deskside_customer.qt.code_page import CodePage
from deskside_customer.qt.drops import Drops
from deskside_customer.qt.focus import Keyboard
from deskside_customer.qt.page import Page
from deskside_customer.qt.plain_pages import ConfirmPage, EndedPage, ProgressPage
from deskside_customer.qt.question_page import QuestionPage
from deskside_customer.qt.scroll import Scroll
from deskside_customer.qt.session_page import SessionPage
from deskside_customer.qt.source import Source
from deskside_customer.qt.widgets import column, label, mark, rule
from deskside_customer.ui import Drop, End, Step
from deskside_customer.words import Words

OWN = "deskside_own"
"""Property of windows that are the program's and never a plugin's."""
FLAGS = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint


class NoticeWindow(QWidget):
    """Shows snapshots, emits what the customer does, decides nothing."""

    acted = Signal(object)
    answered = Signal(int, object)
    code_given = Signal(object)
    finished = Signal()
    """The customer has read how it ended."""

    def __init__(self, words: Words, source: Source) -> None:
        super().__init__(None, FLAGS)
        self.setObjectName("notice")
        self.setProperty(OWN, True)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self._drops = Drops(self)
        self._words, self._source = words, source
        self._look = looks.current()
        self._state = NoticeState()
        self._ended_at = 0.0
        self._is_folded = False
        self._is_guarded = True
        self._corner: QPoint | None = None
        self._base: Page = Page(words, self._look)
        self._question: QuestionPage | None = None
        self._keyboard = Keyboard(self, self.answered)
        self._confirm: ConfirmPage | None = None
        self._strip = QFrame()
        self._strip.setObjectName("strip")
        self._bar = Bar(words, self._look)
        self._silent = label(words("customer.silent"), "banner")
        self._scroll = Scroll()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setPalette(self._look.palette())
        self.setStyleSheet(self._look.sheet())
        self._strip.setFixedHeight(self._look.px(3))
        self._rule = rule()
        inside = column(self, space=0, margin=1)
        for one in (self._strip, self._bar, self._silent, self._rule, self._scroll):
            inside.addWidget(one)
        self._silent.hide()

    def _connect(self) -> None:
        self._bar.moved.connect(self._move)
        self._bar.minimise_pressed.connect(self._fold)
        self._bar.close_pressed.connect(self._close_pressed)
        self._drops.dropped.connect(self._drop)
        self._drops.hovered.connect(self._show_drag)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.redraw)
        screen = QGuiApplication.primaryScreen()
        screen.availableGeometryChanged.connect(self._fit)

    def show_state(self, state: NoticeState) -> None:
        """Show this snapshot from now on."""
        self._state = state
        self._drops.are_wanted = state.accepts_files and state.state is SessionState.ACTIVE
        if state.state is SessionState.ENDED:
            self._ended_at = self._ended_at or time.time()
            self._is_folded = False
            self._drop_confirm()
            if self._question is not None:
                self._answer(self._question.id, Answered(Answer.TIMED_OUT))
            page = EndedPage(self._words, self._look, state, self._ended_at)
            page.closed.connect(self.finished)
            self._set_base(page)
        elif state.state not in (SessionState.WAITING, SessionState.CONNECTING):
            if not isinstance(self._base, SessionPage):
                session = SessionPage(self._words, self._look)
                session.acted.connect(self.acted)
                self._set_base(session)
            if isinstance(self._base, SessionPage):
                self._base.show_state(state)
        self._refresh()

    def show_progress(self, step: Step, problem: str = "") -> None:
        """Show how far the connection is."""
        self._state, self._ended_at = NoticeState(), 0.0
        self._set_base(ProgressPage(self._words, self._look, step, problem))
        self._refresh()

    def ask_code(self, problem: str = "", kind: type[CodePage] = CodePage) -> None:
        """Let the customer type digits; he has just started the program, so the keyboard comes here."""
        self._state, self._ended_at = NoticeState(), 0.0
        if type(self._base) is not kind:
            page = kind(self._words, self._look)
            page.given.connect(self.code_given)
            self._set_base(page)
        if isinstance(self._base, CodePage):
            self._base.show_problem(problem)
            if problem:
                self._base.empty()
        self._refresh()
        self.activateWindow()

    def ask(self, question: Question) -> None:
        """Put a question in front of everything, without taking the keyboard."""
        self._drop_question()
        self._keyboard.remember()
        self._question = QuestionPage(self._words, self._look, question, self._source)
        self._question.is_guarded = self._is_guarded
        self._question.answered.connect(self._answer)
        self._refresh()
        self.raise_()

    def withdraw(self, question: int) -> None:
        """Take a question away that nobody waits for any more."""
        if self._question is not None and self._question.id == question:
            self._drop_question()
            self._refresh()

    def guard_questions(self, *, on: bool) -> None:
        """Refuse or accept injected keys and clicks as answers."""
        self._is_guarded = on
        if self._question:
            self._question.is_guarded = on

    def show_silent(self, silent: bool) -> None:
        """Say that the session does not answer, and that nothing of the agent's is shown meanwhile."""
        self._silent.setVisible(silent)
        self._fit()

    @property
    def is_over(self) -> bool:
        """Return whether the end page stands there and waits to be read."""
        return isinstance(self._base, EndedPage)

    def _shown(self) -> Page:
        return self._confirm or self._question or self._base

    def _set_base(self, page: Page) -> None:
        self._take_out(self._base)
        self._base = page

    def _drop_question(self) -> None:
        self._take_out(self._question)
        self._question = None

    def _drop_confirm(self) -> None:
        self._take_out(self._confirm)
        self._confirm = None

    def _take_out(self, page: Page | None) -> None:
        if page is not None:
            if self._scroll.widget() is page:
                self._scroll.takeWidget()
            page.deleteLater()

    def _refresh(self) -> None:
        """Put the page that has precedence into the window, and the window into its place."""
        page = self._shown()
        if self._scroll.widget() is not page:
            self._scroll.takeWidget()
            self._scroll.setWidget(page)
            page.installEventFilter(self)
            page.show()
            (page.first() or page).setFocus()
        mark(self._strip, "mood", page.mood)
        self._bar.show_state(self._state, self._look)
        folded = self._is_folded and page is self._base
        self._bar.show_folded(self._look, folded=folded)
        for one in (self._rule, self._scroll):
            one.setVisible(not folded)
        self._fit()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow a page that became higher or lower."""
        if event.type() is QEvent.Type.LayoutRequest and watched is self._scroll.widget():
            self._fit()
        return super().eventFilter(watched, event)

    @Slot()
    def _fit(self) -> None:
        width = self._look.px(looks.WIDTH)
        work = QGuiApplication.primaryScreen().availableGeometry()
        page = self._shown()
        for one in self.findChildren(QWidget):
            one.ensurePolished()
        self._bar.inside.invalidate()
        bar = self._bar.inside.totalHeightForWidth(width - 2)
        bar += self._silent.heightForWidth(width) if self._silent.isVisible() else 0
        room = work.height() - 2 * place.MARGIN - bar - self._look.px(8)
        self._scroll.fit(page.height_in(width - 2, room), room)
        inside = self.layout()
        if inside is not None:
            inside.activate()
            self.setFixedSize(width, inside.totalHeightForWidth(width))
        # Measuring the page has asked for its layout anew; answered now, it does not bring us here for ever.
        page.inside.activate()
        QCoreApplication.removePostedEvents(page, QEvent.Type.LayoutRequest.value)
        self._place(work)

    def _place(self, work: QRect) -> None:
        area = place.Area(work.x(), work.y(), work.width(), work.height())
        if self._corner is not None:
            left, top = self._corner.x() - self.width(), self._corner.y() - self.height()
            spot = place.kept_inside(area, place.Area(left, top, self.width(), self.height()))
        elif isinstance(self._base, CodePage):
            spot = place.middle(area, self.width(), self.height())
        else:
            spot = place.lower_right(area, self.width(), self.height())
        self.move(*spot)

    @Slot(QPoint)
    def _move(self, to: QPoint) -> None:
        self._corner = to + QPoint(self.width(), self.height())
        self._place(QGuiApplication.primaryScreen().virtualGeometry())

    @Slot()
    def _fold(self) -> None:
        self._is_folded = not self._is_folded
        self._refresh()

    @Slot(int, object)
    def _answer(self, question: int, answer: object) -> None:
        self._drop_question()
        self._refresh()
        self.answered.emit(question, answer)

    @Slot()
    def _close_pressed(self) -> None:
        if isinstance(self._base, CodePage):
            self.code_given.emit(None)
        elif isinstance(self._base, EndedPage):
            self.finished.emit()
        elif not isinstance(self._base, SessionPage):
            self.acted.emit(End())
        elif self._confirm is None:
            self._confirm = ConfirmPage(self._words, self._look)
            self._confirm.decided.connect(self._decide)
            self._refresh()

    @Slot(bool)
    def _decide(self, end: bool) -> None:
        self._drop_confirm()
        self._refresh()
        if end:
            self.acted.emit(End())

    @Slot()
    def redraw(self) -> None:
        """Follow the system from light to dark and back."""
        self._look = looks.current()
        self.setPalette(self._look.palette())
        self.setStyleSheet(self._look.sheet())
        self._base.look = self._look
        self.show_state(self._state)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask first, whoever wants it closed."""
        event.ignore()
        self._close_pressed()

    @Slot(bool)
    def _show_drag(self, over: bool) -> None:
        if isinstance(self._base, SessionPage):
            self._base.show_drag(over=over)

    @Slot(object)
    def _drop(self, paths: tuple[Path, ...]) -> None:
        self.acted.emit(Drop(paths))
