"""The keyboard goes back to the customer's work once he has answered."""

import logging
import sys

from attrs import frozen
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

log = logging.getLogger(__name__)


@frozen
class Owner:
    """Who has the keyboard: the window that is active, and the one that gets the keys."""

    active: int
    focused: int


def keyboard_owner() -> Owner | None:
    """Return who has the keyboard now, as far as can be told."""
    if sys.platform != "linux" or QGuiApplication.platformName() != "xcb":
        return None
    from Xlib import X, display, error  # noqa: PLC0415 - exists there only

    try:
        screen = display.Display()
    except (error.DisplayError, OSError):
        return None
    try:
        root = screen.screen().root
        found = root.get_full_property(screen.intern_atom("_NET_ACTIVE_WINDOW"), X.AnyPropertyType)
        focused = screen.get_input_focus().focus
        active = int(found.value[0]) if found and len(found.value) else 0
        return Owner(active, getattr(focused, "id", 0))
    except (error.XError, error.ConnectionClosedError, OSError, IndexError) as problem:
        log.debug("nobody tells who has the keyboard: %s", problem)
        return None
    finally:
        screen.close()


def give_keyboard_to(owner: Owner) -> None:
    """Ask the window manager, or where there is none the server, to give the keyboard back."""
    from Xlib import X, display, error, protocol  # noqa: PLC0415 - an Owner exists only on X11

    try:
        screen = display.Display()
    except (error.DisplayError, OSError):
        return
    try:
        if owner.active:
            root = screen.screen().root
            message = protocol.event.ClientMessage(
                window=screen.create_resource_object("window", owner.active),
                client_type=screen.intern_atom("_NET_ACTIVE_WINDOW"),
                data=(32, [2, X.CurrentTime, 0, 0, 0]),
            )
            root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        elif owner.focused > X.PointerRoot:
            window = screen.create_resource_object("window", owner.focused)
            window.set_input_focus(X.RevertToParent, X.CurrentTime)
        screen.sync()
    except (error.XError, error.ConnectionClosedError, OSError) as problem:
        log.debug("the keyboard cannot be given back: %s", problem)
    finally:
        screen.close()


class Keyboard:
    """Remembers whose the keyboard was before a window got it."""

    def __init__(self, window: QWidget, answered: SignalInstance) -> None:
        self._window = window
        answered.connect(self.give_back)
        self._owner: Owner | None = None

    def remember(self) -> None:
        """Note who has it, unless the window has it already."""
        self._owner = None if self._window.isActiveWindow() else keyboard_owner()

    def give_back(self, *_: object) -> None:
        """Give it back, if the window has it now."""
        if self._owner is not None and self._window.isActiveWindow():
            give_keyboard_to(self._owner)
