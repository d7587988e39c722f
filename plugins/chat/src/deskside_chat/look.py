"""The one visual language in Qt: colours from the core's style sheet, fonts for every script."""

import re
from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette

SHADE = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
FAMILIES = {
    "ko": ["Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo"],
    "zh-Hans": ["Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC"],
    "ja": ["Noto Sans CJK JP", "Yu Gothic UI", "Hiragino Sans"],
}


def colours() -> dict[str, str]:
    """Return the named colours that fit the system's light or dark."""
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = scheme is Qt.ColorScheme.Dark
    if scheme is Qt.ColorScheme.Unknown:
        dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    css = files("deskside").joinpath("look", "look.css").read_text(encoding="utf-8")
    return {name: of_dark if dark else of_light for name, of_light, of_dark in SHADE.findall(css)}


def sheet(shades: dict[str, str]) -> str:
    """Return the style sheet of the chat's windows."""
    text = files("deskside_chat").joinpath("chat.qss").read_text(encoding="utf-8")
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: shades[found[1]], text)


def font(language: str) -> QFont:
    """Return the system's font, the right shapes for the customer's script first."""
    own = QGuiApplication.font()
    others = [one for name, families in FAMILIES.items() if name != language for one in families]
    own.setFamilies([*FAMILIES.get(language, []), *own.families(), *others])
    return own
