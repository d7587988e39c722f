"""Run by the screen tests: the overlay in a Qt program, driven by lines of JSON, telling events."""

import json
import sys
import threading

from attrs import asdict
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel

from deskside import texts
from deskside_drawing.messages import OVERLAY, Shape, Stroke
from deskside_drawing.overlay import OverlayEvent
from deskside_drawing.qt import Overlay, deskside_provide


def tell(event: list[object]) -> None:
    """Write one event as a line."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


class Scope:
    """Words of the plugin, and events as lines on standard output."""

    def __init__(self) -> None:
        self._words = texts.load("deskside_drawing")

    def text(self, key: str, **values: object) -> str:
        return self._words.say("en", key, **values)

    def emit(self, value: OverlayEvent) -> None:
        tell([type(value).__name__, asdict(value)])


class Driver(QObject):
    """Calls the overlay's methods as they are named on standard input; keeps it alive unless told not to."""

    told = Signal(object)

    def __init__(self, overlay: Overlay) -> None:
        super().__init__()
        self.overlay = overlay
        self.told.connect(self.act, Qt.ConnectionType.QueuedConnection)
        self.heart = QTimer(self)
        self.heart.setInterval(500)
        self.heart.timeout.connect(overlay.beat)
        self.heart.start()
        self.notice = QLabel("notice")
        self.notice.setWindowTitle("notice")

    def act(self, order: list[object]) -> None:
        name, *given = order
        match name, given:
            case "put", [id_, shape, colour, width, points]:
                stroke = Stroke(id_, 1, 0, Shape(shape), colour, width, tuple(map(tuple, points)))
                self.overlay.put(stroke)
            case "extend", [id_, start, points]:
                self.overlay.extend(id_, start, tuple(map(tuple, points)))
            case "remove", ids:
                self.overlay.remove(tuple(ids))
            case "die", _:
                self.heart.stop()
            case "notice", _:
                self.notice.setGeometry(1000, 600, 200, 100)
                self.notice.show()
            case _:
                getattr(self.overlay, str(name))(*given)
        tell(["did", name])

    def read(self) -> None:
        for text in sys.stdin:
            self.told.emit(json.loads(text))


def main() -> None:
    app = QApplication(sys.argv)
    app.setQuitOnLastWindowClosed(False)
    overlay = deskside_provide(OVERLAY, Scope())
    if not isinstance(overlay, Overlay):
        raise SystemExit("no overlay")
    driver = Driver(overlay)
    threading.Thread(target=driver.read, daemon=True).start()
    tell(["ready"])
    app.exec()


if __name__ == "__main__":
    main()
