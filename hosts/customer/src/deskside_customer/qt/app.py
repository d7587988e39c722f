"""Qt on the main thread, the session on one of its own, and what happens when either ends."""

import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable

import anyio
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from deskside.errors import DesksideError
from deskside.loader import Plugins
from deskside_customer.bridge import Bridge
from deskside_customer.qt import look as looks
from deskside_customer.qt.parts import Parts
from deskside_customer.qt.source import open_source
from deskside_customer.qt.surface import Surface
from deskside_customer.qt.window import NoticeWindow
from deskside_customer.ui import Action, End, Ui
from deskside_customer.words import Words

log = logging.getLogger(__name__)
JOIN_S = 5.0
FAILED = 1
Main = Callable[[Ui], Awaitable[int]]


class Application(QApplication):
    """Tells when the system's colours change."""

    colours_changed = Signal()

    def event(self, event: QEvent) -> bool:
        """Notice new colours."""
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self.colours_changed.emit()
        return super().event(event)


class App(QObject):
    """Everything of the program that has a window."""

    _ended = Signal(int)

    def __init__(self, plugins: Plugins, words: Words, main: Main) -> None:
        super().__init__()
        self.bridge = Bridge()
        self.parts = Parts(plugins, words.language)
        self.window = NoticeWindow(words, open_source())
        self.surface = Surface(self.bridge, self.window, self.parts, words)
        self.code = FAILED
        self.error: DesksideError | None = None
        """What ended the session's part, in a sentence for the person who started it."""
        self._main = main
        self._is_running = True
        self._has_read_end = False
        self._is_silent = False
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self.bridge.session_silent.connect(self._hush)
        self.window.acted.connect(self._force_end)
        self.window.finished.connect(self._finish)
        self._ended.connect(self._session_ended, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the session's thread."""
        self._thread.start()

    def join(self) -> None:
        """Wait a little for the session's thread."""
        self._thread.join(JOIN_S)

    def _run(self) -> None:
        code = FAILED
        try:
            code = anyio.run(self.bridge.run, self._call_main)
        except DesksideError as error:
            self.error = error
        finally:
            self._ended.emit(code)

    async def _call_main(self) -> int:
        return await self._main(self.surface)

    @Slot(int)
    def _session_ended(self, code: int) -> None:
        self.code = code
        self._is_running = False
        if self._has_read_end or not self.window.is_over:
            QApplication.exit(code)

    @Slot()
    def _finish(self) -> None:
        self._has_read_end = True
        if self._is_running:
            self.window.hide()
        else:
            QApplication.exit(self.code)

    @Slot(bool)
    def _hush(self, silent: bool) -> None:
        self._is_silent = silent
        self.parts.vanish(silent)
        self.window.show_silent(silent)

    @Slot(object)
    def _force_end(self, action: Action) -> None:
        """End the process when the customer ends a session that no longer listens."""
        if isinstance(action, End) and self._is_silent:
            log.error("the session's thread does not answer; the customer ended the program")
            os._exit(FAILED)


def run(plugins: Plugins, words: Words, main: Main) -> int:
    """Show the notice window and run a session beside it until both are over."""
    if os.environ.get("DISPLAY") and not os.environ.get("QT_QPA_PLATFORM"):
        # Wayland lets no window choose its place; through X11 the notice stands at the lower right.
        os.environ["QT_QPA_PLATFORM"] = "xcb"
    qt = Application(["deskside"])
    qt.setQuitOnLastWindowClosed(False)
    qt.setStyle("Fusion")
    qt.setFont(looks.font(words.language))
    app = App(plugins, words, main)
    qt.colours_changed.connect(app.window.redraw)
    app.start()
    # The bridge's heart beats in Python, so a pressed Ctrl+C is noticed within a beat.
    signal.signal(signal.SIGINT, lambda *_: QApplication.exit(130))
    code = qt.exec()
    app.join()
    if app.error is not None:
        raise app.error
    return code
