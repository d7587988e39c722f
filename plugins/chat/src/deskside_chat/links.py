"""Find addresses in a line; only http and https ones become links. Pure."""

import re
from urllib.parse import urlsplit

ADDRESS = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
TRAILING = ".,;:!?)]}…。、，！？）」』"


def pieces(text: str) -> list[tuple[str, bool]]:
    """Divide a text into pieces, each with whether it is an address to open."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(TRAILING)
        if not is_address(address):
            continue
        if match.start() > end:
            found.append((text[end : match.start()], False))
        found.append((address, True))
        end = match.start() + len(address)
    if end < len(text):
        found.append((text[end:], False))
    return found


def is_address(text: str) -> bool:
    """Tell whether a text is an address that may be opened."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
