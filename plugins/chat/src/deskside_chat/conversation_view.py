"""Shows lines in the customer's chat window: everything is text, nothing is markup."""

from datetime import datetime

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser

from deskside_chat.links import is_address, pieces
from deskside_chat.messages import Line

GAP = 6


class ConversationView(QTextBrowser):
    """Grows at the end and stays there unless the reader has scrolled up."""

    def __init__(self, shades: dict[str, str], you: str) -> None:
        super().__init__()
        self._shades = shades
        self._you = you
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._open)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show exactly these lines."""
        self.clear()
        for line in lines:
            self._append(line)
        self._to_end()

    def add(self, line: Line) -> None:
        """Show one more line."""
        bar = self.verticalScrollBar()
        was_at_end = bar.value() >= bar.maximum() - GAP
        self._append(line)
        if was_at_end or not line.sender:
            self._to_end()

    def _append(self, line: Line) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        block = QTextBlockFormat()
        block.setTopMargin(GAP)
        if self.document().isEmpty():
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)
        name = line.name if line.sender else self._you
        moment = datetime.fromtimestamp(line.at).astimezone()
        cursor.insertText(
            name, self._shape("text-1" if line.sender else "accent", weight=QFont.Weight.DemiBold)
        )
        cursor.insertText(f"  {moment:%H:%M}\u2028", self._shape("text-2", size=12))
        for text, is_link in pieces(line.text.replace("\n", "\u2028")):
            shape = self._shape("accent" if is_link else "text-1")
            if is_link:
                shape.setAnchor(True)
                shape.setAnchorHref(text)
                shape.setFontUnderline(True)
            cursor.insertText(text, shape)

    def _shape(
        self, colour: str, *, weight: QFont.Weight = QFont.Weight.Normal, size: int = 14
    ) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(QColor(self._shades[colour]))
        shape.setFontWeight(weight)
        shape.setProperty(QTextCharFormat.Property.FontPixelSize, size)
        return shape

    def _to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    @Slot(QUrl)
    def _open(self, address: QUrl) -> None:
        if is_address(address.toString()):
            QDesktopServices.openUrl(address)
