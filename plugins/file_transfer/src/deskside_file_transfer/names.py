"""Names of files from outside: refused rather than cleaned; what was agreed to is what arrives. Pure."""

import re
import unicodedata
from pathlib import Path

LONGEST_BYTES = 240
"""In UTF-8; leaves room for ` (999)` in the 255 bytes that file systems give a name."""

_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_HIDDEN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
_TURNS_TEXT_ROUND = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


class BadName(ValueError):
    """Raised for a name that must not be used; `reason` is the text key that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def safe_name(name: str) -> str:
    """Return the name unchanged if it names a plain file on every system.

    :raises BadName: if it does not
    """
    if name in ("", ".", "..") or _FORBIDDEN.search(name):
        raise BadName("file_transfer.reason.name_path")
    if any(one in _TURNS_TEXT_ROUND or unicodedata.category(one) in _HIDDEN_CATEGORIES for one in name):
        raise BadName("file_transfer.reason.name_hidden")
    if name[-1] in ". " or name.startswith(" "):
        raise BadName("file_transfer.reason.name_edge")
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        raise BadName("file_transfer.reason.name_reserved")
    if len(name.encode("utf-8")) > LONGEST_BYTES:
        raise BadName("file_transfer.reason.name_long")
    return name


def safe_join(folder: Path, name: str) -> Path:
    """Return the path of a file directly in `folder`.

    :raises BadName: if the name is not a plain file's
    """
    path = folder / safe_name(name)
    if path.parent != folder or path.name != name:
        raise BadName("file_transfer.reason.name_path")
    return path


def numbered(name: str, number: int) -> str:
    """Return the name for another file of the same name: `report (2).pdf`."""
    suffix = Path(name).suffix
    return f"{name.removesuffix(suffix)} ({number}){suffix}"
