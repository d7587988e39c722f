"""A click-through window over one screen that shows strokes."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QRegion, QScreen, QTransform
from PySide6.QtWidgets import QWidget

from deskside_drawing.ink import Ink, region_of
from deskside_drawing.messages import Point

FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.X11BypassWindowManagerHint
    | Qt.WindowType.Tool
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
BARELY = QColor(0, 0, 0, 1)
"""Windows lets clicks through where a window is wholly transparent."""


class Sheet(QWidget):
    """With a compositor it is translucent and smooth; without, it is cut to the strokes' pixels."""

    def __init__(self, screen: QScreen, *, is_composited: bool) -> None:
        super().__init__(None, FLAGS)
        self._screen = screen
        self._is_composited = is_composited
        self._inks: list[Ink] = []
        self.takes_mouse = False
        self.setWindowTitle("deskside drawing")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, is_composited)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    @property
    def area(self) -> QRect:
        """Return its place on the desktop in the customer's pixels."""
        size = self._screen.geometry().size() * self._screen.devicePixelRatio()
        return QRect(self._screen.geometry().topLeft(), size)

    def pixel_at(self, place: QPointF) -> Point:
        """Return the customer's pixel at a place in Qt's global coordinates."""
        origin = self._screen.geometry().topLeft()
        inside = (place - QPointF(origin)) * self._screen.devicePixelRatio()
        return round(inside.x() - 0.5) + origin.x(), round(inside.y() - 0.5) + origin.y()

    def let_mouse(self, *, takes: bool) -> None:
        """Take the mouse, or let it through."""
        self.takes_mouse = takes
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not takes)
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput, not takes)
        self.setCursor(Qt.CursorShape.CrossCursor if takes else Qt.CursorShape.ArrowCursor)
        self.show_inks(self._inks)

    def show_inks(self, inks: list[Ink], changed: QRect | None = None) -> None:
        """Show these strokes; only within `changed` do they differ from before."""
        self._inks = [ink for ink in inks if ink.bounds.intersects(self.area)]
        if not self._inks and not self.takes_mouse:
            self.hide()
            return
        if not self._is_composited:
            mask = self._local(region_of(self._inks))
            if mask.isEmpty():
                self.hide()
                return
            self.setMask(mask)
        if not self.isVisible():
            self.show()
            self.raise_()
        self.update() if changed is None else self.update(self._local(QRegion(changed)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what meets the part that is asked for."""
        painter = QPainter(self)
        if self._is_composited:
            self._paint_smoothly(painter, event.rect())
        else:
            for ink in self._inks:
                painter.setClipRegion(self._local(ink.region()))
                painter.fillRect(event.rect(), QColor(ink.stroke.colour))
        painter.end()

    def _paint_smoothly(self, painter: QPainter, wanted: QRect) -> None:
        ratio = self._screen.devicePixelRatio()
        origin = self._screen.geometry().topLeft()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(wanted, BARELY if self.takes_mouse else QColor(Qt.GlobalColor.transparent))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(1 / ratio, 1 / ratio)
        painter.translate(-origin)
        asked = QRect(wanted.topLeft() * ratio + origin, wanted.size() * ratio).adjusted(-2, -2, 2, 2)
        for ink in self._inks:
            if ink.bounds.intersects(asked):
                ink.draw(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave mouse events to whoever filters them."""
        event.accept()

    def _local(self, region: QRegion) -> QRegion:
        """Return a region of the customer's pixels in this window's coordinates; thin lines stay."""
        inside = region.translated(-self._screen.geometry().topLeft())
        ratio = self._screen.devicePixelRatio()
        if ratio == 1:
            return inside
        scaled = QTransform.fromScale(1 / ratio, 1 / ratio).map(inside)
        return scaled.united(scaled.translated(1, 0)).united(scaled.translated(0, 1))
