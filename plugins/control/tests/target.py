"""A program in front of the customer: a text field that says what it gets, line by line.

`python target.py [milliseconds that each key takes]`
"""

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

SLOW_S = int(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0


def say(kind: str, *values: object) -> None:
    print(json.dumps([kind, *values]), flush=True)  # noqa: T201 - the test reads it


class Field(QPlainTextEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        time.sleep(SLOW_S)
        say("key", event.key(), event.nativeScanCode(), int(event.modifiers().value))
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.globalPosition().toPoint()
        say("press", event.button().name, place.x(), place.y(), int(event.modifiers().value))
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.globalPosition().toPoint()
        say("release", event.button().name, place.x(), place.y(), int(event.modifiers().value))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        place = event.globalPosition().toPoint()
        say("move", place.x(), place.y())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        say("wheel", event.angleDelta().x(), event.angleDelta().y())

    def contextMenuEvent(self, event: object) -> None:  # noqa: N802
        """Open nothing."""


app = QApplication([])
field = Field()
field.setMouseTracking(True)
field.setGeometry(100, 100, 700, 400)
field.setWindowTitle("target")
field.textChanged.connect(lambda: say("text", field.toPlainText()))
field.show()
field.activateWindow()
waiting = QTimer()


def look() -> None:
    if field.isActiveWindow() and field.hasFocus():
        waiting.stop()
        say("ready")


waiting.timeout.connect(look)
waiting.start(50)
app.exec()
