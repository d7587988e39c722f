"""The few widgets everything is made of. All text is shown as text, whoever wrote it."""

from typing import TypeVar

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from deskside_customer.qt.icons import pixmap
from deskside_customer.qt.look import Look
from deskside_customer.words import breakable

ICON = 20
LONGEST_BELOW_ICON = 10
Layout = TypeVar("Layout", QHBoxLayout, QVBoxLayout)


def label(text: str = "", kind: str = "", *, wraps: bool = True) -> QLabel:
    """Return a label that never reads markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    made.setProperty("kind", kind)
    say(made, text)
    return made


def say(one: QLabel, text: str) -> None:
    """Change a label's text; very long words may break."""
    one.setText(breakable(text) if one.wordWrap() else text)
    one.setAccessibleName(text)


def mark(one: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet looks at."""
    if one.property(name) == value:
        return
    one.setProperty(name, value)
    one.style().unpolish(one)
    one.style().polish(one)


def column(owner: QWidget | None = None, *, space: int = 8, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout."""
    made = QVBoxLayout(owner) if owner is not None else QVBoxLayout()
    return _spaced(made, space, margin)


def row(owner: QWidget | None = None, *, space: int = 8, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout."""
    made = QHBoxLayout(owner) if owner is not None else QHBoxLayout()
    return _spaced(made, space, margin)


def _spaced(made: Layout, space: int, margin: int) -> Layout:
    made.setSpacing(space)
    made.setContentsMargins(margin, margin, margin, margin)
    return made


def rule() -> QFrame:
    """Return a thin line between two parts."""
    made = QFrame()
    made.setProperty("kind", "rule")
    made.setFixedHeight(1)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (inner := item.layout()) is not None:
            clear(inner)
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def put(layout: QBoxLayout, widget: QWidget) -> None:
    """Add to a layout that stands in a window, and show it now: Qt by itself would a moment later."""
    layout.addWidget(widget)
    widget.show()


class Button(QPushButton):
    """A button that the space bar and the enter key press."""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__(text.replace("&", "&&"))
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Press on enter, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)


class Tick(QCheckBox):
    """A tick drawn in the window's colours, in light and dark."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setChecked(True)
        self.setAccessibleName(name)
        self.setFixedSize(look.px(ICON), look.px(ICON))

    def hitButton(self, place: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Be pressed anywhere."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the box, the tick and the focus."""
        del event
        name = "ticked" if self.isChecked() else "unticked"
        colour = "accent" if self.hasFocus() else "text-1"
        QPainter(self).drawPixmap(0, 0, pixmap(name, self._look.colour(colour), self.width()))


class BareButton(Button):
    """A button that is only an icon; its name is in the tooltip and for screen readers."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__("", "bare")
        self._icon = icon
        self.rename(name)

    def rename(self, name: str) -> None:
        """Say what it does now."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def draw(self, look: Look, icon: str = "") -> None:
        """Draw it in this look."""
        self._icon = icon or self._icon
        side = look.px(28)
        self.setFixedSize(side, side)
        self.setIconSize(QSize(look.px(16), look.px(16)))
        self.setIcon(pixmap(self._icon, look.colour("text-2"), look.px(16)))


class ToolButton(Button):
    """An icon with its words below, which may take two lines."""

    def __init__(self, icon: str, text: str, look: Look) -> None:
        super().__init__("", "tool")
        self.setAccessibleName(text)
        self.setToolTip(text)
        picture, words = QLabel(), label()
        words.setText(breakable(text, LONGEST_BELOW_ICON))
        picture.setPixmap(pixmap(icon, look.colour("text-1"), look.px(ICON)))
        for one in (picture, words):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        inside = column(self, space=2, margin=look.px(2))
        inside.addWidget(picture)
        inside.addWidget(words, 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as large as what is inside."""
        inside = self.layout()
        return super().sizeHint() if inside is None else inside.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as large as what is inside."""
        inside = self.layout()
        return super().minimumSizeHint() if inside is None else inside.minimumSize()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Be higher where the words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height at this width."""
        inside = self.layout()
        return super().heightForWidth(width) if inside is None else inside.totalHeightForWidth(width)
