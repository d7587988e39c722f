"""Run by the screen tests: the chat's windows in a Qt program, driven by lines of JSON, telling events."""

import json
import sys
import threading

from attrs import asdict
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from deskside import texts
from deskside.api import Role
from deskside_chat.messages import WINDOW, Line
from deskside_chat.qt import deskside_provide
from deskside_chat.window import WindowEvent


def tell(event: list[object]) -> None:
    """Write one event as a line."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


class Scope:
    """Words of the plugin, and events as lines on standard output."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = texts.load("deskside_chat")

    def text(self, key: str, **values: object) -> str:
        return self._words.say(self.language, key, **values)

    def emit(self, value: WindowEvent) -> None:
        tell([type(value).__name__, asdict(value)])


def line(id_: int, sender: int, name: str, text: str) -> Line:
    return Line(id_, 1_800_000_000.0 + id_, sender, name, Role.AGENT if sender else Role.CUSTOMER, text)


class Driver(QObject):
    """Calls the windows' methods as they are named on standard input."""

    told = Signal(object)

    def __init__(self, windows: object) -> None:
        super().__init__()
        self.windows = windows
        self.told.connect(self.act, Qt.ConnectionType.QueuedConnection)

    def act(self, order: list[object]) -> None:
        name, *given = order
        if name == "quit":
            self.windows.close()  # type: ignore[attr-defined]
            QApplication.exit()
        elif name == "add":
            self.windows.add(line(*given))  # type: ignore[attr-defined, arg-type]
        elif name == "show_conversation":
            self.windows.show_conversation(tuple(line(*one) for one in given))  # type: ignore[attr-defined, misc]
        elif name == "show_preview":
            self.windows.show_preview(is_on=given[0])  # type: ignore[attr-defined]
        elif name in ("show_waiting", "show_typing"):
            getattr(self.windows, str(name))(tuple(given))
        else:
            getattr(self.windows, str(name))(*given)
        tell(["did", name])

    def read(self) -> None:
        for text in sys.stdin:
            self.told.emit(json.loads(text))


def main() -> None:
    app = QApplication(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    windows = deskside_provide(WINDOW, Scope(sys.argv[1]))
    driver = Driver(windows)
    threading.Thread(target=driver.read, daemon=True).start()
    tell(["ready"])
    app.exec()


if __name__ == "__main__":
    main()
