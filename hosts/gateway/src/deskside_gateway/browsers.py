"""A browser's and a system's name, as far as a browser tells. Pure."""

import re

BROWSERS = (
    (r"Edg(?:e|A|iOS)?/([0-9]+)", "Edge"),
    (r"OPR/([0-9]+)", "Opera"),
    (r"Whale/([0-9]+)", "Whale"),
    (r"SamsungBrowser/([0-9]+)", "Samsung Internet"),
    (r"(?:Firefox|FxiOS)/([0-9]+)", "Firefox"),
    (r"(?:Chrome|CriOS|Chromium)/([0-9]+)", "Chrome"),
    (r"Version/([0-9]+)[0-9.]* (?:Mobile/\S+ )?Safari/", "Safari"),
)
SYSTEMS = (
    (r"Windows NT 10", "Windows 10 or 11"),
    (r"Windows NT", "Windows"),
    (r"Android ([0-9]+)", "Android"),
    (r"(?:iPhone|iPad)[^)]*? OS ([0-9]+)", "iOS"),
    (r"Mac OS X", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)
LONGEST = 500


def is_browser(user_agent: str) -> bool:
    """Tell whether a page was read by a browser rather than fetched by a program."""
    return user_agent.startswith("Mozilla/")


def named(user_agent: str) -> tuple[str, str]:
    """Return browser and system, each empty if unknown."""
    return _first(BROWSERS, user_agent[:LONGEST]), _first(SYSTEMS, user_agent[:LONGEST])


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    for pattern, name in known:
        if found := re.search(pattern, user_agent):
            return " ".join([name, *found.groups()])
    return ""
