"""Strokes as Qt draws them, in the customer's pixels."""

import math
from collections.abc import Iterable
from itertools import pairwise

from attrs import define, field
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBitmap, QColor, QPainter, QPainterPath, QPen, QRegion

from deskside_drawing.messages import Point, Shape, Stroke

HEAD_ANGLE = math.radians(26)
SHORTEST_HEAD = 14


def arrow_head(start: Point, end: Point, width: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the two ends of an arrow's head."""
    length = max(SHORTEST_HEAD, 4 * width)
    back = math.atan2(start[1] - end[1], start[0] - end[0])
    ends = [
        (end[0] + length * math.cos(back + turn), end[1] + length * math.sin(back + turn))
        for turn in (-HEAD_ANGLE, HEAD_ANGLE)
    ]
    return ends[0], ends[1]


def path_of(stroke: Stroke) -> QPainterPath:
    """Return the line a pen follows."""
    points = [QPointF(x + 0.5, y + 0.5) for x, y in stroke.points]
    first, last = points[0], points[-1]
    path = QPainterPath(first)
    if len(points) == 1:
        path.lineTo(first + QPointF(0.1, 0))
    elif stroke.shape is Shape.CURVE:
        _curve(path, points)
    elif stroke.shape is Shape.RECTANGLE:
        path.addRect(QRectF(first, last).normalized())
    elif stroke.shape is Shape.CIRCLE:
        path.addEllipse(QRectF(first, last).normalized())
    else:
        path.lineTo(last)
        if stroke.shape is Shape.ARROW:
            for x, y in arrow_head(stroke.points[0], stroke.points[-1], stroke.width):
                path.moveTo(last)
                path.lineTo(x + 0.5, y + 0.5)
    return path


def _curve(path: QPainterPath, points: list[QPointF]) -> None:
    """Bend through the middles between points, so that a quick hand leaves no corners."""
    for here, after in pairwise(points[1:]):
        path.quadTo(here, (here + after) / 2)
    path.lineTo(points[-1])


@define(eq=False)
class Ink:
    """A stroke ready to be drawn."""

    stroke: Stroke
    path: QPainterPath = field(init=False)
    bounds: QRect = field(init=False)
    _region: QRegion | None = None

    def __attrs_post_init__(self) -> None:
        self.path = path_of(self.stroke)
        around = self.stroke.width / 2 + 2
        box = self.path.controlPointRect().adjusted(-around, -around, around, around)
        self.bounds = box.toAlignedRect()

    def draw(self, painter: QPainter, colour: QColor | None = None) -> None:
        """Draw it; in its own colour unless told otherwise."""
        pen = QPen(colour or QColor(self.stroke.colour), self.stroke.width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path)

    def region(self) -> QRegion:
        """Return exactly the pixels that it covers, without smoothing."""
        if self._region is None:
            bitmap = QBitmap(self.bounds.size())
            bitmap.clear()
            painter = QPainter(bitmap)
            painter.translate(-self.bounds.topLeft())
            self.draw(painter, QColor(Qt.GlobalColor.color1))
            painter.end()
            self._region = QRegion(bitmap).translated(self.bounds.topLeft())
        return self._region


def region_of(inks: Iterable[Ink]) -> QRegion:
    """Return the pixels that any of them covers."""
    whole = QRegion()
    for ink in inks:
        whole = whole.united(ink.region())
    return whole
