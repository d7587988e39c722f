"""Files dropped on the notice window, while somebody wants them."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget


class Drops(QObject):
    """Watches one window for files."""

    dropped = Signal(object)
    hovered = Signal(bool)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.are_wanted = False
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Accept local files, nothing else."""
        del watched
        if event.type() is QEvent.Type.DragLeave:
            self.hovered.emit(False)
            return False
        if not isinstance(event, QDropEvent):
            return False
        files = _files_of(event) if self.are_wanted else ()
        if not files:
            event.ignore()
            return True
        event.acceptProposedAction()
        self.hovered.emit(event.type() is not QEvent.Type.Drop)
        if event.type() is QEvent.Type.Drop:
            self.dropped.emit(files)
        return True


def _files_of(event: QDropEvent) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
