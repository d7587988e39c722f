"""Finds out whether input would reach a window of this very program.

A question to the customer must be answered by the customer: the agent's clicks and keys spare it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define
from Xlib import X, Xatom, error

from deskside_control.x11.connection import is_own_process


@define(eq=False)
class OwnWindows:
    """Looks at windows on behalf of the injector."""

    _connection: Any

    @contextmanager
    def click(self) -> Iterator[bool]:
        """Tell whether a click may be made now, and let nothing move until it is."""
        with self._standing_still():
            yield not self.is_under_pointer()

    @contextmanager
    def stroke(self) -> Iterator[bool]:
        """Tell whether a key may be pressed now, and let nothing move until it is."""
        with self._standing_still():
            yield not self.is_focused()

    def is_under_pointer(self) -> bool:
        """Tell whether a click would go to us."""
        try:
            window = self._connection.screen().root.query_pointer().child
            while not isinstance(window, int):
                if self._is_own(window):
                    return True
                window = window.query_pointer().child
        except error.XError:
            return False
        return False

    def is_focused(self) -> bool:
        """Tell whether a key would go to us."""
        try:
            window = self._connection.get_input_focus().focus
            if window == X.PointerRoot:
                return self.is_under_pointer()
            while not isinstance(window, int):
                if self._is_own(window):
                    return True
                window = window.query_tree().parent
        except error.XError:
            return False
        return False

    @contextmanager
    def _standing_still(self) -> Iterator[None]:
        # Else a question could appear under a click that is on its way.
        self._connection.grab_server()
        try:
            yield
        finally:
            self._connection.ungrab_server()
            self._connection.flush()

    def _is_own(self, window: Any) -> bool:
        atom = self._connection.intern_atom("_NET_WM_PID")
        told = window.get_full_property(atom, Xatom.CARDINAL)
        return told is not None and len(told.value) > 0 and is_own_process(int(told.value[0]))
