"""The customer's small palette while he draws: shapes, colours, widths, undo, redo, reset, done."""

import re
from collections.abc import Callable
from importlib.resources import files

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeyEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from deskside_drawing.ink import Ink
from deskside_drawing.messages import Point, Shape, Stroke
from deskside_drawing.pens import PALETTE

WIDTHS = (3, 6, 12)
ICON = 20
MARGIN = 16
SHADE = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SHEET = """
#tools { background: @surface-1; border: 1px solid @line; }
#tools QPushButton {
  color: @text-1; background: @surface-1; border: 1px solid transparent; border-radius: 6px;
  padding: 5px 7px; font-size: 13px; outline: none;
}
#tools QPushButton:hover { background: @surface-2; }
#tools QPushButton:focus { border: 2px solid @accent; padding: 4px 6px; }
#tools QPushButton:checked { background: @accent-soft; border-color: @accent; }
#tools QPushButton[kind="primary"] { color: @on-accent; background: @accent; padding: 5px 14px; }
"""
FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.X11BypassWindowManagerHint
    | Qt.WindowType.Tool
)
Words = Callable[[str], str]


class Tools(QWidget):
    """Says what is chosen; decides nothing."""

    undone = Signal()
    redone = Signal()
    wiped = Signal()
    finished = Signal()

    def __init__(self, words: Words, colour: str) -> None:
        super().__init__(None, FLAGS)
        self.shape, self.colour, self.width_px = Shape.CURVE, colour, WIDTHS[1]
        shades = colours()
        self._ink = shades["text-1"]
        self.setObjectName("tools")
        self.setWindowTitle(words("drawing.tools"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(re.sub(r"@([a-z0-9-]+)", lambda found: shades[found[1]], SHEET))
        inside = QHBoxLayout(self)
        inside.setContentsMargins(8, 6, 8, 6)
        inside.setSpacing(2)
        self._choices(inside, [(shape, self._shape_icon(shape)) for shape in Shape], words, "shape")
        own = [colour, *(one for one in PALETTE if one != colour)][:6]
        self._choices(inside, [(one, dot(one, ICON // 2 - 3)) for one in own], words, "colour")
        self._choices(
            inside, [(one, dot(self._ink, one // 2 + 1)) for one in WIDTHS], words, "width_px", WIDTHS[1]
        )
        for key, signal in (("undo", self.undone), ("redo", self.redone), ("reset", self.wiped)):
            button = QPushButton(words(f"drawing.{key}"))
            button.clicked.connect(signal)
            inside.addWidget(button)
        done = QPushButton(words("drawing.done"))
        done.setProperty("kind", "primary")
        done.clicked.connect(self.finished)
        inside.addWidget(done)

    def stand(self) -> None:
        """Show at the top of the first screen, above everything."""
        place = QGuiApplication.primaryScreen().availableGeometry()
        self.adjustSize()
        self.move(place.center().x() - self.width() // 2, place.top() + MARGIN)
        self.show()
        self.raise_()
        self.activateWindow()

    def press(self, place: QPoint) -> None:
        """Press what lies at a place of the desktop, for a mouse that is held elsewhere."""
        found = self.childAt(self.mapFromGlobal(place))
        if isinstance(found, QPushButton):
            found.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take the keys of drawing."""
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
        elif is_control and event.key() == Qt.Key.Key_Z:
            self.undone.emit()
        elif is_control and event.key() == Qt.Key.Key_Y:
            self.redone.emit()
        else:
            super().keyPressEvent(event)

    def _choices(
        self,
        inside: QHBoxLayout,
        made: list[tuple[object, QIcon]],
        words: Words,
        name: str,
        first: object = None,
    ) -> None:
        group = QButtonGroup(self)
        for value, icon in made:
            button = QPushButton(icon, "")
            button.setIconSize(QSize(ICON, ICON))
            button.setCheckable(True)
            button.setChecked(value == first if first else value == made[0][0])
            kind = value if isinstance(value, Shape) else name.removesuffix("_px")
            button.setAccessibleName(words(f"drawing.{kind}"))
            button.setToolTip(words(f"drawing.{kind}"))
            button.toggled.connect(lambda on, chosen=value: setattr(self, name, chosen) if on else None)
            group.addButton(button)
            inside.addWidget(button)
        inside.addSpacing(8)

    def _shape_icon(self, shape: Shape) -> QIcon:
        corner = ICON - 4
        points: tuple[Point, ...] = ((3, corner), (corner, 3))
        if shape is Shape.CURVE:
            points = ((3, corner - 2), (6, 4), (12, corner), (corner, 4))
        return drawn(Ink(Stroke(1, 0, 0, shape, self._ink, 2, points)))


def drawn(ink: Ink) -> QIcon:
    """Return a stroke as an icon."""
    picture = QPixmap(ICON, ICON)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink.draw(painter)
    painter.end()
    return QIcon(picture)


def dot(colour: str, radius: int) -> QIcon:
    """Return a dot as an icon."""
    middle = ICON // 2
    return drawn(Ink(Stroke(1, 0, 0, Shape.CURVE, colour, 2 * radius, ((middle, middle),))))


def colours() -> dict[str, str]:
    """Return the named colours that fit the system's light or dark."""
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = scheme is Qt.ColorScheme.Dark
    if scheme is Qt.ColorScheme.Unknown:
        dark = (
            QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness()
            < QColor("gray").lightness()
        )
    css = files("deskside").joinpath("look", "look.css").read_text(encoding="utf-8")
    return {name: of_dark if dark else of_light for name, of_light, of_dark in SHADE.findall(css)}
