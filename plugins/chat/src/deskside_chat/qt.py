"""The customer's chat window and the small message window, on the Qt thread."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskside.api import hookimpl
from deskside_chat import look
from deskside_chat.conversation_view import ConversationView
from deskside_chat.entry import Entry
from deskside_chat.message_box import MessageBox
from deskside_chat.messages import WINDOW, Line
from deskside_chat.window import Missed, Opened, Typed, WindowEvent, Wrote

SIZE = (380, 480)
MARGIN = 24
NOTICE_WIDTH = 300
"""The notice window stands at the lower right; the chat opens beside it."""
PATIENCE_MS = 800
"""Lines that arrive sooner are not shown as being on their way."""


class Scope(Protocol):
    """What the customer program gives."""

    @property
    def language(self) -> str:
        """Return the customer's language."""

    def emit(self, value: WindowEvent) -> None:
        """Tell the host part."""

    def text(self, key: str, **values: object) -> str:
        """Return words in the customer's language."""


@hookimpl
def deskside_provide(service: str, scope: Scope) -> object | None:
    """Supply the chat's windows."""
    return Windows(scope) if service == WINDOW else None


class Talk(QWidget):
    """The chat window: conversation, who types, entry."""

    def __init__(self, scope: Scope, shades: dict[str, str], shown: Callable[[], None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._text = scope.text
        self._shown = shown
        self.setObjectName("chat")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(scope.text("chat.title"))
        self.view = ConversationView(shades, scope.text("chat.you"))
        self.view.setAccessibleName(scope.text("chat.conversation"))
        self.note, self.typing, self.waiting = QLabel(), QLabel(), QLabel()
        self.entry = Entry()
        self.entry.setAccessibleName(scope.text("chat.entry"))
        self.entry.setPlaceholderText(scope.text("chat.entry"))
        self.button = QPushButton(scope.text("chat.send"))
        self.button.clicked.connect(self.entry.send)
        self._lay_out()

    def _lay_out(self) -> None:
        self.note.setProperty("kind", "note")
        for label in (self.note, self.typing, self.waiting):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.hide()
        below = QHBoxLayout()
        below.addWidget(self.entry, 1)
        below.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.setSpacing(8)
        for widget in (self.note, self.view, self.waiting, self.typing):
            inside.addWidget(widget, 1 if widget is self.view else 0)
        inside.addLayout(below)
        self.resize(*SIZE)

    def say(self, label: QLabel, text: str) -> None:
        """Show a line of words, or none."""
        label.setText(text)
        label.setVisible(bool(text))

    def bring_up(self) -> None:
        """Show the window beside the notice window and let the customer type."""
        if not self.isVisible():
            place = QGuiApplication.primaryScreen().availableGeometry()
            left = place.right() - NOTICE_WIDTH - MARGIN - self.width()
            self.move(max(place.left(), left), place.bottom() - self.height() - 2 * MARGIN)
        self.showNormal()
        self.raise_()
        self.activateWindow()
        self.entry.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count what is shown as read."""
        super().showEvent(event)
        self._shown()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


class Windows(QObject):
    """Both windows, as the host part asks for them."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope
        shades = look.colours()
        self._talk = Talk(scope, shades, self._note_opened)
        self._box = MessageBox(
            scope.text("chat.message"), scope.text("chat.message.hint"), scope.text("chat.close")
        )
        for window in (self._talk, self._box):
            window.setFont(look.font(scope.language))
            window.setStyleSheet(look.sheet(shades))
        self._talk.entry.sent.connect(self._send)
        self._talk.entry.changed.connect(self._tell)
        self._box.chosen.connect(self._talk.bring_up)
        self._waiting = ""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(PATIENCE_MS)
        self._late.timeout.connect(self._say_waiting)

    def open(self) -> None:
        """Show the chat."""
        self._talk.bring_up()

    def show_conversation(self, lines: tuple[Line, ...]) -> None:
        """Show exactly these lines."""
        self._talk.view.show_lines(lines)

    def add(self, line: Line) -> None:
        """Show one more line."""
        self._talk.view.add(line)

    def alert(self, name: str, text: str, count: int) -> None:
        """Show a line in the small window, unless the chat is open."""
        if self._talk.isVisible() and not self._talk.isMinimized():
            return
        self._box.tell(name, text)
        self._scope.emit(Missed(count))

    def show_waiting(self, texts: tuple[str, ...]) -> None:
        """Show lines that have not reached the others yet."""
        self._waiting = self._scope.text("chat.waiting", text=" · ".join(texts)) if texts else ""
        if not texts:
            self._late.stop()
            self._say_waiting()
        elif not self._late.isActive():
            self._late.start()

    def show_typing(self, names: tuple[str, ...]) -> None:
        """Show who types."""
        words = self._scope.text("chat.types", names=", ".join(names)) if names else ""
        self._talk.say(self._talk.typing, words)

    def show_preview(self, *, is_on: bool) -> None:
        """Say whether agents see what is not sent yet."""
        self._talk.say(self._talk.note, self._scope.text("chat.previewed") if is_on else "")

    def close(self) -> None:
        """Take both windows away at the end of the session."""
        self._talk.close()
        self._box.close()
        self._talk.deleteLater()
        self._box.deleteLater()

    @Slot()
    def _say_waiting(self) -> None:
        self._talk.say(self._talk.waiting, self._waiting)

    def _note_opened(self) -> None:
        self._box.hide()
        self._scope.emit(Opened())

    @Slot(str)
    def _send(self, text: str) -> None:
        self._scope.emit(Wrote(text))

    @Slot(str)
    def _tell(self, text: str) -> None:
        self._scope.emit(Typed(text))
