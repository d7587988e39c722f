"""The customer's file dialog and folder; decides nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QDir, QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from deskside.api import hookimpl
from deskside_file_transfer.plugin import WINDOWS
from deskside_file_transfer.windows import Picked


class Scope(Protocol):
    """What the customer program hands to a plugin's windows."""

    def emit(self, value: object) -> None:
        """Tell host.py."""

    def text(self, key: str, **values: object) -> str:
        """Return words in the customer's language."""


@hookimpl
def deskside_provide(service: str, scope: Scope) -> object | None:
    """Supply the windows."""
    return QtWindows(scope) if service == WINDOWS else None


class Dialog(QObject):
    """One open file dialog that answers once."""

    def __init__(self, title: str, folder: str, answer: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__()
        self._answer = answer
        self.window = QFileDialog(None, title, folder)
        self.window.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self.window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.window.finished.connect(self._finished)
        self.window.open()
        self.window.raise_()
        self.window.activateWindow()

    def _finished(self, result: int) -> None:
        is_chosen = result == QFileDialog.DialogCode.Accepted
        self.window.deleteLater()
        self._answer(tuple(self.window.selectedFiles()) if is_chosen else ())


class QtWindows:
    """File dialogs and the way to the received files; lives on the Qt thread."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.dialogs: dict[int, Dialog] = {}
        self._last_folder = ""

    def documents(self) -> str:
        """Return the customer's documents folder."""
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def choose(self, dialog: int, who: str) -> None:
        """Open a file dialog."""
        key = "file_transfer.dialog.for" if who else "file_transfer.dialog.title"

        def answer(paths: tuple[str, ...]) -> None:
            self.dialogs.pop(dialog, None)
            if paths:
                self._last_folder = str(Path(paths[0]).parent)
            self._scope.emit(Picked(dialog, paths))

        self.dialogs[dialog] = Dialog(self._scope.text(key, who=who), self._first_folder(), answer)

    def dismiss(self, dialog: int) -> None:
        """Close a file dialog without an answer of its own."""
        if dialog in self.dialogs:
            self.dialogs[dialog].window.reject()

    def open_folder(self, path: str) -> None:
        """Show a folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def _first_folder(self) -> str:
        """Return where a dialog begins: where files were taken from last, else at home."""
        has_last = bool(self._last_folder) and Path(self._last_folder).is_dir()
        return self._last_folder if has_last else QDir.homePath()

    def close(self) -> None:
        """Close what is open."""
        for dialog in list(self.dialogs.values()):
            dialog.window.reject()
