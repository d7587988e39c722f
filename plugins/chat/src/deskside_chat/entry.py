"""Where the customer types: Enter sends, Shift+Enter begins a new line."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from deskside_chat.messages import MOST_CHARACTERS

TOLD_EVERY_MS = 400
LINES_SHOWN = 3


class Entry(QPlainTextEdit):
    """Says what is sent, and now and then what stands here unsent."""

    sent = Signal(str)
    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._composed = ""
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOLD_EVERY_MS)
        self._timer.timeout.connect(self._tell)
        self.textChanged.connect(self._soon)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * LINES_SHOWN + 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Send on Enter; while an input method composes, keys are its own."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_enter or self._composed:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.insertPlainText("\n")
        else:
            self.send()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's name
        """Remember whether an input method is composing."""
        self._composed = event.preeditString()
        super().inputMethodEvent(event)

    @Slot()
    def send(self) -> None:
        """Send what stands here, if it says anything."""
        text = self.toPlainText().strip()[:MOST_CHARACTERS]
        if not text:
            return
        self.clear()
        self._timer.stop()
        self._told = ""
        self.sent.emit(text)

    @Slot()
    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _tell(self) -> None:
        text = self.toPlainText()
        if text != self._told:
            self._told = text
            self.changed.emit(text)
