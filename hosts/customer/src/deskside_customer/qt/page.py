"""What every page of the notice window has in common."""

from PySide6.QtWidgets import QWidget

from deskside_customer.qt.look import Look
from deskside_customer.qt.widgets import column
from deskside_customer.words import Words


class Page(QWidget):
    """One content of the window, of the window's width and as high as it needs."""

    mood = "calm"
    """The colour of the strip at the top; the words say the same."""

    def __init__(self, words: Words, look: Look) -> None:
        super().__init__()
        self.setObjectName("page")
        self.words = words
        self.look = look
        self.inside = column(self, space=look.px(8), margin=look.px(12))

    def first(self) -> QWidget | None:
        """Return what should have the keyboard."""
        return None

    def height_in(self, width: int, room: int) -> int:
        """Return how high it is at this width; one that can be lower is, where there is less room."""
        del room
        self.inside.invalidate()
        return self.inside.totalHeightForWidth(width)
