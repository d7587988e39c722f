"""Where the customer types the nine digits, in three groups; pasting works in any form."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from deskside.pairing import CODE_DIGITS, Code
from deskside_customer.qt.look import Look
from deskside_customer.qt.page import Page
from deskside_customer.qt.widgets import Button, label, mark, row, say
from deskside_customer.words import Words

GROUP = 3


class Group(QLineEdit):
    """Three digits; what does not fit goes on to the next group."""

    overflowed = Signal(str)
    went_back = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setMaxLength(GROUP)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take digits only, and move between the groups."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.overflowed.emit(QApplication.clipboard().text())
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.went_back.emit()
            return
        typed = event.text()
        if typed.isprintable() and typed and not (typed.isascii() and typed.isdigit()):
            return
        super().keyPressEvent(event)


class CodePage(Page):
    """Checks the check digit at once: nothing wrong is ever sent."""

    given = Signal(object)

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__(words, look)
        names = [words("customer.code.group", number=number) for number in (1, 2, 3)]
        self._groups = [Group(name) for name in names]
        self._problem = label("", "wrong")
        self._go = Button(words("customer.code.connect"), "primary")
        self._go.clicked.connect(self._submit)
        fields = row(space=look.px(8))
        for group in self._groups:
            fields.addWidget(group, 1)
            group.textEdited.connect(self._typed)
            group.overflowed.connect(self._pasted)
            group.went_back.connect(self._back)
            group.returnPressed.connect(self._submit)
        self.inside.addWidget(label(words("customer.code.title"), "heading"))
        self.inside.addWidget(label(words("customer.code.help"), "small"))
        self.inside.addLayout(fields)
        self.inside.addWidget(self._problem)
        self.inside.addWidget(self._go)
        self.show_problem("")

    def first(self) -> QWidget:
        """Return the first group that is not full."""
        return next((one for one in self._groups if len(one.text()) < GROUP), self._groups[0])

    def show_problem(self, problem: str, *, mistyped: bool = False) -> None:
        """Say what was wrong and let the customer type anew."""
        say(self._problem, problem)
        self._problem.setVisible(bool(problem))
        for group in self._groups:
            mark(group, "wrong", "true" if mistyped else "false")
        self._show_whether_full()
        self.updateGeometry()

    def empty(self) -> None:
        """Take the digits away."""
        for group in self._groups:
            group.clear()
        self._show_whether_full()

    def _digits(self) -> str:
        return "".join(group.text() for group in self._groups)

    def _show_whether_full(self) -> None:
        self._go.setEnabled(len(self._digits()) == CODE_DIGITS)

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.show_problem("")
        place = next((n for n, one in enumerate(self._groups) if one.hasFocus()), 0)
        if len(text) == GROUP and place + 1 < len(self._groups):
            self._groups[place + 1].setFocus()
        if self._go.isEnabled() and Code.read(self._digits()) is None:
            self.show_problem(self.words("customer.code.wrong"), mistyped=True)

    @Slot(str)
    def _pasted(self, text: str) -> None:
        digits = re.sub(r"\D", "", text, flags=re.ASCII)[:CODE_DIGITS]
        for place, group in enumerate(self._groups):
            group.setText(digits[place * GROUP : (place + 1) * GROUP])
        self.first().setFocus()
        self._typed("")

    @Slot()
    def _back(self) -> None:
        place = next((n for n, one in enumerate(self._groups) if one.hasFocus()), 0)
        if place:
            self._groups[place - 1].setFocus()
            self._groups[place - 1].backspace()
            self._show_whether_full()

    @Slot()
    def _submit(self) -> None:
        if len(self._digits()) < CODE_DIGITS:
            return
        if Code.read(self._digits()) is None:
            self.show_problem(self.words("customer.code.wrong"), mistyped=True)
            return
        self.given.emit(self._digits())
