"""What holds a page: as high as the page where the screen has room for it, else it scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

BAR = Qt.ScrollBarPolicy


class Scroll(QScrollArea):
    """Decides about its bar by what the page needs without one.

    Left to Qt, a bar that was there for a moment stays: beside it the page is narrower, so its words
    take a line more, so the bar seems to be needed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(BAR.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(BAR.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self, wanted: int, room: int) -> None:
        """Be as high as wanted, or as there is room."""
        fits = wanted <= room
        self.setVerticalScrollBarPolicy(BAR.ScrollBarAlwaysOff if fits else BAR.ScrollBarAlwaysOn)
        self.setFixedHeight(max(1, min(wanted, room)))
