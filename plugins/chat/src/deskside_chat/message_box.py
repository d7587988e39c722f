"""The small window at the bottom of the desktop: the last line that came while the chat was closed."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

WIDTH = 360
MARGIN = 24
MOST_SHOWN = 160


class MessageBox(QWidget):
    """Takes no focus; a click opens the chat."""

    chosen = Signal()

    def __init__(self, title: str, hint: str, close: str) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setObjectName("message")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name, self._text, self._hint = QLabel(), QLabel(), QLabel(hint)
        self._close = QPushButton("✕")
        self._close.setAccessibleName(close)
        self._close.setToolTip(close)
        self._close.clicked.connect(self.hide)
        self._lay_out()

    def _lay_out(self) -> None:
        for label, kind in ((self._name, "name"), (self._text, "text")):
            label.setProperty("kind", kind)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 8, 8, 12)
        inside.addLayout(top)
        inside.addWidget(self._text)
        inside.addWidget(self._hint)
        self.setFixedWidth(WIDTH)

    def tell(self, name: str, text: str) -> None:
        """Show a line at the bottom of the first screen."""
        short = " ".join(text.split())
        self._name.setText(name)
        self._text.setText(short if len(short) <= MOST_SHOWN else short[: MOST_SHOWN - 1] + "…")
        self.setAccessibleName(f"{name}: {short}")
        self.setFixedHeight(max(self.heightForWidth(WIDTH), self.sizeHint().height()))
        place = QGuiApplication.primaryScreen().availableGeometry()
        self.move(place.center().x() - WIDTH // 2, place.bottom() - self.height() - MARGIN)
        self.show()
        self.raise_()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the chat."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open or close by keyboard, where the window system gives it the focus."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self._choose()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()

    @Slot()
    def _choose(self) -> None:
        self.hide()
        self.chosen.emit()
