"""Watches for the customer's own mouse and keyboard: raw XInput2 events that are not XTEST's."""

import select
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from attrs import define, field
from Xlib.ext import xinput

from deskside_control.x11.connection import connect, declare_xinput

TOUCH_BEGIN, TOUCH_UPDATE, TOUCH_END = 22, 23, 24
RAW = frozenset(
    {
        xinput.RawKeyPress,
        xinput.RawKeyRelease,
        xinput.RawButtonPress,
        xinput.RawButtonRelease,
        xinput.RawMotion,
        TOUCH_BEGIN,
        TOUCH_UPDATE,
        TOUCH_END,
    }
)
INJECTED = "Virtual core XTEST "
"""How the server names the devices that programs inject through, ours and others'."""


def source_of(raw: bytes) -> int:
    """Return the source device of a raw event, which python-xlib leaves unparsed."""
    source: int = struct.unpack_from("<HIIH", raw)[3]
    return source


@define(eq=False)
class HandWatch:
    """Reads a connection of its own in the thread that runs it."""

    display: str | None = None
    _connection: Any = None
    _wake: tuple[socket.socket, socket.socket] = field(factory=socket.socketpair)
    _injected: frozenset[int] = frozenset()
    is_watching: bool = False
    _is_closed: bool = False

    def run(self, touched: Callable[[], None]) -> None:
        """Call `touched` whenever the customer uses his mouse or keyboard, until closed.

        :raises InputUnavailable: if the display does not tell who moved
        """
        self._connection = connect(self.display)
        try:
            self._select()
            self.is_watching = True
            while not self._is_closed:
                self._wait()
                if self._saw_hand() and not self._is_closed:
                    touched()
        finally:
            self._connection.close()
            for end in self._wake:
                end.close()

    def close(self) -> None:
        """Let `run` return; may be called from any thread."""
        if not self._is_closed:
            self._is_closed = True
            with suppress(OSError):
                self._wake[0].send(b"x")

    def _select(self) -> None:
        declare_xinput(self._connection)
        root = self._connection.screen().root
        raw_mask = sum(1 << kind for kind in RAW)
        root.xinput_select_events(
            [
                (xinput.AllMasterDevices, raw_mask),
                (xinput.AllDevices, xinput.HierarchyChangedMask),
            ]
        )
        self._learn_devices()

    def _learn_devices(self) -> None:
        devices = self._connection.xinput_query_device(xinput.AllDevices).devices
        self._injected = frozenset(one.deviceid for one in devices if _name(one).startswith(INJECTED))

    def _wait(self) -> None:
        # What an earlier answer brought along is in the library's queue, not in the socket.
        if not self._connection.pending_events():
            select.select([self._connection.display.socket, self._wake[1]], [], [])

    def _saw_hand(self) -> bool:
        found = False
        while self._connection.pending_events():
            event = self._connection.next_event()
            kind, raw = getattr(event, "evtype", None), getattr(event, "data", None)
            if kind == xinput.HierarchyChanged:
                self._learn_devices()
            elif kind in RAW and isinstance(raw, bytes):
                found = found or source_of(raw) not in self._injected
        return found


def _name(device: Any) -> str:
    return device.name if isinstance(device.name, str) else device.name.decode("utf-8", "replace")
