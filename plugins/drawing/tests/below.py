"""Run by the screen tests: a white window of another program that tells where it is clicked."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Below(QWidget):
    """Writes a line for each press."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        place = event.globalPosition().toPoint()
        sys.stdout.write(f"clicked {place.x()} {place.y()}\n")
        sys.stdout.flush()


app = QApplication(sys.argv)
window = Below(None, Qt.WindowType.FramelessWindowHint)
window.setWindowTitle(sys.argv[1])
window.setStyleSheet("background: white")
window.setGeometry(*map(int, sys.argv[2:6]))
window.show()
app.exec()
