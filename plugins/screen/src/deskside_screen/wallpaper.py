"""Takes the wallpaper away while somebody looks: a picture of many colours costs time and bytes to show."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from attrs import define, field
from Xlib import X, Xatom
from Xlib import display as xlib
from Xlib.error import ConnectionClosedError, DisplayError, XError

from deskside_screen.borrowed import CannotBorrow, Gsetting, Note, Way, Xfconf

GROUND = 0x2E3A44
ROOT = "root window"
PROPERTIES = ("_XROOTPMAP_ID", "ESETROOT_PMAP_ID")
OURS = "_DESKSIDE_PLAIN_ROOT"
"""Names our own pixmap; outlives it."""

GNOME = Gsetting("org.gnome.desktop.background", "picture-options", "'none'")
DESKTOPS: Mapping[str, Way] = {
    "GNOME": GNOME,
    "UNITY": GNOME,
    "BUDGIE": GNOME,
    "X-CINNAMON": Gsetting("org.cinnamon.desktop.background", "picture-options", "'none'"),
    "MATE": Gsetting("org.mate.background", "picture-filename", "''"),
    "XFCE": Xfconf("xfce4-desktop", "/image-style", "int", "0"),
}
"""By what XDG_CURRENT_DESKTOP says, in capital letters."""


def way() -> Way:
    """Return how this desktop's wallpaper is taken away; where that is not known, on the root window."""
    names = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    return next((DESKTOPS[one] for one in names if one in DESKTOPS), RootWindow())


@define(eq=False)
class RootWindow:
    """The wallpaper that a program has laid on the X server's root window and named in a property."""

    _held: Any = field(default=None)
    """Keeps our own pixmap alive."""

    def note(self) -> Note:
        """Return what there is."""
        with connected() as display:
            named = [(name, _value(display, name)) for name in PROPERTIES]
            found: Note = [[ROOT, name, str(one)] for name, one in named if one and _exists(display, one)]
            if not found or _has_desktop_window(display):
                raise CannotBorrow("no wallpaper that is known here lies on the root window")
            return found

    def apply(self, note: Note) -> None:
        """Paint it in one colour; who looks at the properties finds a picture of it."""
        self._held = display = xlib.Display()
        screen = display.screen()
        width, height = screen.width_in_pixels, screen.height_in_pixels
        plain = screen.root.create_pixmap(width, height, screen.root_depth)
        context = plain.create_gc(foreground=GROUND)
        plain.fill_rectangle(context, 0, 0, width, height)
        context.free()
        _lay(display, plain.id, [OURS, *(str(name) for _, name, _ in note)])

    def give_back(self, note: Note) -> None:
        """Lay back what was there, if it still exists and no other has come."""
        with connected() as display:
            names = [str(name) for place, name, _ in note if place == ROOT and name in PROPERTIES]
            before = next((int(value) for _, _, value in note if value and value.isdecimal()), 0)
            ours = _value(display, OURS)
            is_ours = ours is not None and all(_value(display, name) == ours for name in names)
            if names and is_ours and _exists(display, before):
                _lay(display, before, names)
            display.screen().root.delete_property(display.intern_atom(OURS))
            display.sync()
        if self._held is not None:
            with suppress(OSError, ConnectionClosedError):
                self._held.close()
            self._held = None


@contextmanager
def connected() -> Iterator[Any]:
    """Open a connection to the X server for a moment.

    :raises CannotBorrow: if there is none, or it ends
    """
    try:
        display = xlib.Display()
    except (DisplayError, OSError) as error:
        raise CannotBorrow(str(error)) from error
    try:
        yield display
    except (ConnectionClosedError, XError, OSError) as error:
        raise CannotBorrow(str(error)) from error
    finally:
        with suppress(OSError, ConnectionClosedError):
            display.close()


def _value(display: Any, name: str) -> int | None:
    found = display.screen().root.get_full_property(display.intern_atom(name), X.AnyPropertyType)
    return int(found.value[0]) if found is not None and found.format == 32 and len(found.value) else None


def _exists(display: Any, pixmap: int) -> bool:
    try:
        depth = display.create_resource_object("pixmap", pixmap).get_geometry().depth
    except XError:
        return False
    return bool(depth == display.screen().root_depth)


def _lay(display: Any, pixmap: int, names: list[str]) -> None:
    """Lay a pixmap on the root window and name it there."""
    root = display.screen().root
    root.change_attributes(background_pixmap=pixmap)
    for name in names:
        root.change_property(display.intern_atom(name), Xatom.PIXMAP, 32, [pixmap])
    root.clear_area()
    display.sync()


def _has_desktop_window(display: Any) -> bool:
    """Tell whether a program lays a window of its own over the root window."""
    kind, desktop = (display.intern_atom(f"_NET_WM_WINDOW_TYPE{one}") for one in ("", "_DESKTOP"))
    listed = display.screen().root.get_full_property(
        display.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType
    )
    for number in listed.value if listed is not None else ():
        with suppress(XError):
            window = display.create_resource_object("window", number)
            found = window.get_full_property(kind, X.AnyPropertyType)
            if found is not None and desktop in found.value:
                return True
    return False
