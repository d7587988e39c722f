"""Our own line icons on a 20 pixel grid, drawn in the colour of the text beside them."""

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

GRID = 20
UNKNOWN = "more"
SHAPES = {
    "apps": "M3 3h6v6H3z M11 3h6v6h-6z M3 11h6v6H3z M11 11h6v6h-6z",
    "chat": "M3 4h14v10H9l-4 3v-3H3z M6.5 7.5h7 M6.5 10.5h4",
    "close": "M5 5l10 10 M15 5L5 15",
    "control": "M5 3l10 6.5-4.4 1 2.6 5-1.9 1-2.6-5L5 14.5z",
    "draw": "M3.5 16.5l1-4L13 4l3 3-8.5 8.5z M11 6l3 3",
    "expand": "M3 5h14v10H3z M10 10h7 M10 10v5",
    "file": "M5 2.5h7l3.5 3.5v11.5H5z M12 2.5V6h3.5 M10.25 9v6 M7.75 12.5l2.5 2.5 2.5-2.5",
    "folder": "M2.5 5h5l1.5 2h8.5v9h-15z",
    "hide": "M3 3h14v11H3z M5.5 14l9-11 M10 14l7-8.5 M3 9.5L8.5 3 M7 17.5h6",
    "minimise": "M5 10h10",
    "more": "M4.5 10h.1 M10 10h.1 M15.5 10h.1",
    "printer": "M6 8V3h8v5 M4 14H2.5V8h15v6H16 M6 12h8v5.5H6z",
    "restore": "M5 12.5l5-5 5 5",
    "screen": "M2.5 3.5h15v10h-15z M7 17h6 M10 13.5V17",
    "shield": "M10 2.5l6 2v5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8v-5z M7.5 9.5l2 2 3.5-3.5",
    "server": "M3 3.5h14v5H3z M3 11.5h14v5H3z M6 6h.1 M6 14h.1",
    "ticked": "M3.5 3.5h13v13h-13z M6.5 10l2.5 2.5 4.5-5",
    "unticked": "M3.5 3.5h13v13h-13z",
    "voice": "M8 4.5a2 2 0 0 1 4 0v5a2 2 0 0 1-4 0z M5 9.5a5 5 0 0 0 10 0 M10 14.5v3",
}
ALSO = {
    "blinder": "hide",
    "pen": "draw",
    "files": "file",
    "send": "file",
    "pause": "screen",
    "mouse": "control",
}


def pixmap(name: str, colour: QColor, size: int) -> QPixmap:
    """Draw an icon sharply for this screen; an unknown name gives the three dots."""
    shape = SHAPES.get(ALSO.get(name, name), SHAPES[UNKNOWN])
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {GRID} {GRID}"'
        f' fill="none" stroke="{colour.name()}" stroke-width="1.5"'
        ' stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{shape}"/></svg>'
    )
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
