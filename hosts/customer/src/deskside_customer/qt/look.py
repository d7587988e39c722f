"""The one visual language in Qt: colours from the core's look.css, sizes in logical pixels."""

import re
from importlib.resources import files

from attrs import field, frozen
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette

WIDTH = 280
SHADE = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
USUAL_TEXT_PX = 12
LARGEST_SCALE = 2.0
FAMILIES = {
    "ko": ["Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo"],
    "zh-Hans": ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC"],
    "ja": ["Noto Sans CJK JP", "Yu Gothic UI", "Hiragino Sans"],
}
"""For text in one of these scripts the right shapes come first; elsewhere the system's own font does."""


@frozen
class Look:
    """Everything a surface is drawn with."""

    colours: dict[str, str]
    is_dark: bool
    scale: float = 1.0
    """Larger where the system's text is."""
    _sizes: dict[int, int] = field(factory=dict, init=False)

    def px(self, size: int) -> int:
        """Return a size in pixels at this scale."""
        return round(size * self.scale)

    def colour(self, name: str) -> QColor:
        """Return one of the named colours."""
        return QColor(self.colours[name])

    def palette(self) -> QPalette:
        """Return the colours for what Qt draws by itself."""
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, name in (
            (roles.Window, "surface-1"),
            (roles.Base, "surface-1"),
            (roles.Button, "surface-1"),
            (roles.WindowText, "text-1"),
            (roles.Text, "text-1"),
            (roles.ButtonText, "text-1"),
            (roles.Highlight, "accent"),
            (roles.HighlightedText, "on-accent"),
            (roles.ToolTipBase, "surface-2"),
            (roles.ToolTipText, "text-1"),
        ):
            palette.setColor(role, self.colour(name))
        return palette

    def sheet(self) -> str:
        """Return the style sheet of the notice window."""
        text = files(__package__).joinpath("notice.css").read_text(encoding="utf-8")
        text = re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: self.colours[found[1]], text)
        return re.sub(r"\b(\d+)px", lambda found: f"{self.px(int(found[1])) or 0}px", text)


def colours(*, dark: bool) -> dict[str, str]:
    """Read the named colours from the core's style sheet, for light or for dark."""
    css = files("deskside").joinpath("look", "look.css").read_text(encoding="utf-8")
    return {name: of_dark if dark else of_light for name, of_light, of_dark in SHADE.findall(css)}


def current() -> Look:
    """Return the look that fits the system's colours and text size."""
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = scheme is Qt.ColorScheme.Dark
    if scheme is Qt.ColorScheme.Unknown:
        dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    text_px = QFontInfo(QGuiApplication.font()).pixelSize()
    scale = min(max(text_px / USUAL_TEXT_PX, 1.0), LARGEST_SCALE)
    return Look(colours(dark=dark), dark, scale)


def font(language: str) -> QFont:
    """Return the system's font with the right shapes for the customer's script."""
    own = QGuiApplication.font()
    first = FAMILIES.get(language, [])
    others = [one for name, families in FAMILIES.items() if name != language for one in families]
    own.setFamilies([*first, *own.families(), *others])
    own.setFeature(QFont.Tag("tnum"), 1)
    return own
