"""Where the customer types the nine digits, or the session password, in groups; pasting works in any form."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from deskside.pairing import PASSWORD_DIGITS, Code, is_digits
from deskside_customer.qt.look import Look
from deskside_customer.qt.page import Page
from deskside_customer.qt.widgets import Button, label, mark, row, say
from deskside_customer.words import Words


class Group(QLineEdit):
    """Some digits; what does not fit goes on to the next group."""

    overflowed = Signal(str)
    went_back = Signal()

    def __init__(self, name: str, length: int) -> None:
        super().__init__()
        self.setObjectName("digits")
        self.setMaxLength(length)
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
    group, count = 3, 3
    """How many digits stand together, and how many such groups there are."""
    asks = "customer.code"
    """Where the words of this page begin."""

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__(words, look)
        names = [words(f"{self.asks}.group", number=number + 1) for number in range(self.count)]
        self._groups = [Group(name, self.group) for name in names]
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
        self.inside.addWidget(label(words(f"{self.asks}.title"), "heading"))
        self.inside.addWidget(label(words(f"{self.asks}.help"), "small"))
        self.inside.addLayout(fields)
        self.inside.addWidget(self._problem)
        self.inside.addWidget(self._go)
        self.show_problem("")

    def fits(self, digits: str) -> bool:
        """Tell whether these can be the digits that the agent told."""
        return Code.read(digits) is not None

    def first(self) -> QWidget:
        """Return the first group that is not full."""
        return next((one for one in self._groups if len(one.text()) < self.group), self._groups[0])

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

    @property
    def _is_full(self) -> bool:
        return len(self._digits()) == self.group * self.count

    def _show_whether_full(self) -> None:
        self._go.setEnabled(self._is_full)

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.show_problem("")
        place = next((n for n, one in enumerate(self._groups) if one.hasFocus()), 0)
        if len(text) == self.group and place + 1 < len(self._groups):
            self._groups[place + 1].setFocus()
        if self._is_full and not self.fits(self._digits()):
            self.show_problem(self.words(f"{self.asks}.wrong"), mistyped=True)

    @Slot(str)
    def _pasted(self, text: str) -> None:
        digits = re.sub(r"\D", "", text, flags=re.ASCII)
        for place, group in enumerate(self._groups):
            group.setText(digits[place * self.group : (place + 1) * self.group])
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
        if not self._is_full:
            return
        if not self.fits(self._digits()):
            self.show_problem(self.words(f"{self.asks}.wrong"), mistyped=True)
            return
        self.given.emit(self._digits())


class PasswordPage(CodePage):
    """The four digits that the agent tells besides the number; nothing on this machine can check them."""

    group, count = PASSWORD_DIGITS, 1
    asks = "customer.password"

    def fits(self, digits: str) -> bool:
        """Tell whether these can be the digits that the agent told."""
        return is_digits(digits, PASSWORD_DIGITS)
