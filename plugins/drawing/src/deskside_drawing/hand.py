"""The customer's own drawing: while it lasts, his mouse is a pen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from deskside_drawing.messages import (
    MOST_IN_PART,
    Point,
    Redo,
    Reset,
    Shape,
    StrokeBegun,
    StrokeEnded,
    StrokeGoesOn,
    Undo,
)
from deskside_drawing.overlay import OverlayEvent
from deskside_drawing.sheet import Sheet
from deskside_drawing.tools import Tools

TOLD_EVERY_MS = 30


class Hand(QObject):
    """Takes the mouse by the sheets where windows are translucent, else by a grab, and tells its strokes.

    A press on another of this program's windows ends it, so that the customer can always stop things.
    """

    left = Signal()

    def __init__(
        self,
        sheets: Sequence[Sheet],
        emit: Callable[[OverlayEvent], None],
        words: Callable[[str], str],
        colour: str,
    ) -> None:
        super().__init__()
        self._sheets = sheets
        self._emit = emit
        self._count = 0
        self._is_down = self._grabs = False
        self._points: list[Point] = []
        self._last: Point = (0, 0)
        self._tools = Tools(words, colour)
        self._tools.undone.connect(self._undo)
        self._tools.redone.connect(self._redo)
        self._tools.wiped.connect(self._wipe)
        self._tools.finished.connect(self.left)
        self._timer = QTimer(self)
        self._timer.setInterval(TOLD_EVERY_MS)
        self._timer.timeout.connect(self._tell)

    def take(self, *, is_composited: bool) -> None:
        """Take the mouse."""
        self._grabs = not is_composited
        if is_composited:
            for sheet in self._sheets:
                sheet.let_mouse(takes=True)
                sheet.installEventFilter(self)
        self._tools.stand()
        if self._grabs:
            self._tools.installEventFilter(self)
            # A window can hold the mouse only once it is on the screen.
            QTimer.singleShot(0, self._grab)

    def stay_on_top(self) -> None:
        """Keep the palette above the sheets."""
        self._tools.raise_()

    def close(self) -> None:
        """Give the mouse back."""
        self._timer.stop()
        if self._grabs:
            self._tools.releaseMouse()
        for sheet in self._sheets:
            sheet.removeEventFilter(self)
            if sheet.takes_mouse:
                sheet.let_mouse(takes=False)
        self._tools.removeEventFilter(self)
        self._tools.close()
        self._tools.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Draw with what comes from the mouse."""
        del watched
        if not isinstance(event, QMouseEvent):
            return False
        place = event.globalPosition()
        match event.type():
            case QEvent.Type.MouseButtonPress:
                self._press(event.button(), place)
            case QEvent.Type.MouseMove if self._is_down:
                self._move(place)
            case QEvent.Type.MouseButtonRelease if event.button() is Qt.MouseButton.LeftButton:
                self._release(place)
        return True

    def _press(self, button: Qt.MouseButton, place: QPointF) -> None:
        point = place.toPoint()
        if self._tools.geometry().contains(point):
            return
        if button is not Qt.MouseButton.LeftButton or self._is_on_own_window(point):
            self.left.emit()
            return
        self._count += 1
        self._is_down = True
        self._points.clear()
        self._last = self._pixel(place)
        x, y = self._last
        self._emit(
            StrokeBegun(self._count, self._tools.shape, self._tools.colour, self._tools.width_px, x, y)
        )
        self._timer.start()

    def _move(self, place: QPointF) -> None:
        point = self._pixel(place)
        if point == self._last:
            return
        self._last = point
        if self._tools.shape is not Shape.CURVE:
            self._points.clear()
        self._points.append(point)
        if len(self._points) == MOST_IN_PART:
            self._tell()

    def _release(self, place: QPointF) -> None:
        if self._is_down:
            self._move(place)
            self._tell()
            self._is_down = False
            self._timer.stop()
            self._emit(StrokeEnded(self._count))
        elif self._grabs and self._tools.geometry().contains(place.toPoint()):
            self._tools.press(place.toPoint())

    def _is_on_own_window(self, point: QPoint) -> bool:
        own = (self._tools, *self._sheets)
        return any(
            window.isVisible() and window not in own and window.frameGeometry().contains(point)
            for window in QApplication.topLevelWidgets()
            if isinstance(window, QWidget)
        )

    def _pixel(self, place: QPointF) -> Point:
        nearest = next(
            (one for one in self._sheets if one.geometry().contains(place.toPoint())), self._sheets[0]
        )
        return nearest.pixel_at(place)

    @Slot()
    def _grab(self) -> None:
        if self._tools.isVisible():
            self._tools.grabMouse(Qt.CursorShape.CrossCursor)

    @Slot()
    def _tell(self) -> None:
        if self._points:
            points, self._points = tuple(self._points), []
            self._emit(StrokeGoesOn(self._count, points))

    @Slot()
    def _undo(self) -> None:
        self._emit(Undo())

    @Slot()
    def _redo(self) -> None:
        self._emit(Redo())

    @Slot()
    def _wipe(self) -> None:
        self._emit(Reset())
