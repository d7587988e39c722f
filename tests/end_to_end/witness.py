"""The customer program as it is, with somebody beside it who writes down what its windows show.

    python witness.py FOLDER customer 123456789 --gateway …

`FOLDER/seen.json` then holds every visible widget, from top to bottom: its name, its words, its place.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from deskside.cli import main

PAUSE_S = 0.15


def watch(folder: Path) -> None:
    """Wait for Qt, then look again and again, each time on Qt's own thread."""
    while (widgets := sys.modules.get("PySide6.QtWidgets")) is None or not hasattr(widgets, "QApplication"):
        time.sleep(PAUSE_S)
    while (qt := widgets.QApplication.instance()) is None:
        time.sleep(PAUSE_S)
    from PySide6.QtCore import QMetaObject, QObject, Qt, Slot  # noqa: PLC0415 - only where there is a window

    class Witness(QObject):
        @Slot()
        def look(self) -> None:
            shown = [one for one in widgets.QApplication.allWidgets() if one.isVisible()]
            write(folder, sorted((told(one, widgets) for one in shown), key=lambda one: one["place"][::-1]))

    witness = Witness()
    witness.moveToThread(qt.thread())
    while True:
        QMetaObject.invokeMethod(witness, "look", Qt.ConnectionType.QueuedConnection)
        time.sleep(PAUSE_S)


def told(one: Any, widgets: Any) -> dict[str, Any]:
    """Return what is known of a widget."""
    words = one.text() if isinstance(one, widgets.QLabel) else one.accessibleName()
    middle = one.mapToGlobal(one.rect().center())
    title = one.windowTitle() if one.isWindow() else ""
    return {
        "name": one.objectName(),
        "words": words.replace("\u200b", ""),
        "title": title,
        "place": [middle.x(), middle.y()],
    }


def write(folder: Path, seen: list[dict[str, Any]]) -> None:
    """Write it whole or not at all."""
    unfinished = folder / "seen.unfinished"
    unfinished.write_text(json.dumps(seen))
    os.replace(unfinished, folder / "seen.json")  # noqa: PTH105 - says that one takes the other's place


if __name__ == "__main__":
    threading.Thread(target=watch, args=(Path(sys.argv[1]),), daemon=True).start()
    sys.exit(main(sys.argv[2:]))
