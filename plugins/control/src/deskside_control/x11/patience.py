"""Waits until the program in front has read the keys it was sent.

A key says only its number; the program looks up what is on it when it reads it. So a key may not get
another character before then. Programs answer the window manager's ping in the order of their events.
"""

import select
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from attrs import define
from Xlib import X, error
from Xlib.protocol import event

SILENT_S = 0.1
"""How long to wait for a program that answers no ping."""
LONGEST_S = 5.0
STEP_S = 0.1
ANSWERS = X.SubstructureNotifyMask | X.StructureNotifyMask
"""The standard says the first; Qt answers to the second."""


@define(eq=False)
class Patience:
    """Asks the focused window whether it has read everything."""

    _connection: Any
    _token: int = 0x4453_0000

    def wait(self, go_on: Callable[[], bool]) -> None:
        """Return once the program has caught up, or will not say."""
        root = self._connection.screen().root
        root.change_attributes(event_mask=ANSWERS)
        try:
            if not self._ping():
                sleep(SILENT_S)
                return
            end = monotonic() + LONGEST_S
            while go_on() and monotonic() < end and not self._answered():
                pass
        finally:
            root.change_attributes(event_mask=X.NoEventMask)
            self._connection.flush()

    def _ping(self) -> bool:
        protocols, ping = (self._connection.intern_atom(name) for name in ("WM_PROTOCOLS", "_NET_WM_PING"))
        try:
            window = self._window_that_answers(ping)
            if window is None:
                return False
            self._token += 1
            data = (32, [ping, self._token, window.id, 0, 0])
            window.send_event(event.ClientMessage(window=window, client_type=protocols, data=data))
            self._connection.flush()
        except error.XError:
            return False
        return True

    def _window_that_answers(self, ping: int) -> Any:
        window = self._connection.get_input_focus().focus
        while not isinstance(window, int):
            if ping in window.get_wm_protocols():
                return window
            window = window.query_tree().parent
        return None

    def _answered(self) -> bool:
        if not self._connection.pending_events():
            select.select([self._connection.display.socket], [], [], STEP_S)
        found = False
        while self._connection.pending_events():
            one = self._connection.next_event()
            if one.type == X.ClientMessage and one.data[0] == 32:
                found = found or one.data[1][1] == self._token
        return found
