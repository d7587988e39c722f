"""Lets windows be moved as outlines while somebody looks, where the window manager has such a setting."""

from collections.abc import Mapping

from Xlib import X

from deskside_screen.borrowed import CannotBorrow, Gsetting, Way, Xfconf
from deskside_screen.wallpaper import connected

MANAGERS: Mapping[str, Way] = {
    "METACITY": Gsetting("org.gnome.metacity", "reduced-resources", "true"),
    "MARCO": Gsetting("org.mate.Marco.general", "reduced-resources", "true"),
    "XFWM4": Xfconf("xfwm4", "/general/box_move", "bool", "true", is_made=True),
}
"""By the name by which a window manager calls itself, in capital letters."""


def way() -> Way:
    """Return how the window manager that runs is told.

    :raises CannotBorrow: if it has no such setting
    """
    name = manager()
    found = next((one for key, one in MANAGERS.items() if key in name.upper()), None)
    if found is None:
        raise CannotBorrow(f"the window manager {name!r} moves whole windows only")
    return found


def manager() -> str:
    """Return the name of the window manager that runs, nothing if none tells."""
    with connected() as display:
        check, title = display.intern_atom("_NET_SUPPORTING_WM_CHECK"), display.intern_atom("_NET_WM_NAME")
        found = display.screen().root.get_full_property(check, X.AnyPropertyType)
        if found is None or not len(found.value):
            return ""
        window = display.create_resource_object("window", int(found.value[0]))
        name = window.get_full_property(title, X.AnyPropertyType)
        value = b"" if name is None else name.value
        return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
