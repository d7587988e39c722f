"""Tells the customer's own hand from injected keys and clicks, where the window system can.

On X11 every key and click has a source device, which Qt does not tell but XInput2's raw events do; both
carry the server's time. XTEST, with which control injects, is a device of its own there. Not told apart:
other programs that use XTEST (an on-screen keyboard, a second remote tool) look like the agent. Not done:
Wayland, Windows and macOS, where `open_source` returns None and every key and click counts as the customer's;
and whoever may talk to the desktop's accessibility interface can still press a button through it.
"""

import logging
import select
import struct
import sys
import time
from collections import deque
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Slot
from PySide6.QtGui import QGuiApplication, QInputEvent

log = logging.getLogger(__name__)
REMEMBERED = 256
WAIT_S = 0.15
INJECTED = "xtest"


class Source(Protocol):
    """Judges events that Qt delivered."""

    def is_from_agent(self, event: QEvent) -> bool:
        """Return whether a key or click was injected, as far as can be told."""


class NoSource:
    """Stands where the window system does not tell."""

    def is_from_agent(self, event: QEvent) -> bool:
        """Return False: nothing is known."""
        del event
        return False


class XSource(QObject):
    """Listens to XInput2 raw events beside Qt."""

    def __init__(self, connection: Any, xinput: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._xinput = xinput
        self._names: dict[int, str] = {}
        self._seen: deque[tuple[int, bool]] = deque(maxlen=REMEMBERED)
        masks = xinput.RawKeyPressMask | xinput.RawButtonPressMask | xinput.RawButtonReleaseMask
        connection.screen().root.xinput_select_events([(xinput.AllMasterDevices, masks)])
        connection.sync()
        self._notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def is_from_agent(self, event: QEvent) -> bool:
        """Return whether the event's source was XTEST; an event that no device caused counts as injected."""
        if not isinstance(event, QInputEvent):
            return False
        stamp = event.timestamp()
        end = time.monotonic() + WAIT_S
        while not (found := [injected for when, injected in self._seen if when == stamp]):
            self._read()
            if time.monotonic() > end:
                return not any(when == stamp for when, _ in self._seen)
            select.select([self._connection.fileno()], [], [], 0.01)
        return any(found)

    @Slot()
    def _read(self) -> None:
        while self._connection.pending_events():
            data = getattr(self._connection.next_event(), "data", None)
            if isinstance(data, bytes):
                _, when, _, source = struct.unpack_from("<HIIH", data)
                self._seen.append((when, INJECTED in self._name_of(source)))

    def _name_of(self, device: int) -> str:
        if device not in self._names:
            found = self._connection.xinput_query_device(self._xinput.AllDevices).devices
            self._names = {one.deviceid: str(one.name).lower() for one in found}
        return self._names.get(device, "")


def open_source() -> Source:
    """Return what can judge events on this window system."""
    if sys.platform != "linux" or QGuiApplication.platformName() != "xcb":
        return NoSource()
    from Xlib import display, error  # noqa: PLC0415 - there only on X11
    from Xlib.ext import xinput  # noqa: PLC0415

    try:
        return XSource(display.Display(), xinput)
    except (error.DisplayError, error.XError, AttributeError, OSError) as problem:
        log.warning("cannot tell injected keys from the customer's: %s", problem)
        return NoSource()
