"""What Qt needs of the system, found out before Qt would end the process with a riddle."""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deskside.errors import DesksideError

PACKAGES = (
    "libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4"
    " libxcb-keysyms1 libxcb-shape0"
)
"""What a bare Debian or Ubuntu lacks; the rest comes with these."""


class NoWindows(DesksideError):
    """Raised when no window can be shown; says what to install or do instead."""


def check(environ: Mapping[str, str] = os.environ) -> None:
    """Find out whether windows can be shown.

    :raises NoWindows: naming what is missing
    """
    if sys.platform != "linux" or environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return
    name = environ.get("DISPLAY", "")
    if not name:
        raise NoWindows("there is no screen here (DISPLAY is not set); use --no-window in a terminal")
    if missing := missing_library():
        raise NoWindows(
            f"windows need {missing}, which is missing here; run 'apt install {PACKAGES}', or use --no-window"
        )
    if not _answers(name):
        raise NoWindows(f"the screen {name} does not answer; check DISPLAY, or use --no-window in a terminal")


def missing_library() -> str:
    """Return the name of a library that Qt's windows need and the system lacks, or nothing."""
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        return "PySide6"
    folder = Path(found.submodule_search_locations[0])
    qt = folder / "Qt"
    for library in (qt / "lib/libQt6Widgets.so.6", qt / "plugins/platforms/libqxcb.so"):
        try:
            ctypes.CDLL(str(library))
        except OSError as error:
            return str(error).partition(":")[0]
    return ""


def _answers(name: str) -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(name.encode(), None))
    works = not xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return works
