"""The customer's own mouse on a virtual X screen.

The notice window takes no answer from XTEST's core devices (that is how an agent's clicks arrive), so
xdotool cannot answer its questions. This presses a button of the screen's own mouse device instead
(`Xvfb mouse`), which to every program is the hand of whoever sits there. The pointer is moved by warping.
"""

import argparse
import ctypes
import time

OPEN_POINTER = "mouse"
XTEST = "xtest"


class _Device(ctypes.Structure):
    """XDeviceInfo of Xlib."""

    _fields_ = [
        ("id", ctypes.c_ulong),
        ("type", ctypes.c_ulong),
        ("name", ctypes.c_char_p),
        ("num_classes", ctypes.c_int),
        ("use", ctypes.c_int),
        ("classes", ctypes.c_void_p),
    ]


class Hand:
    """Clicks on one display as its customer."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._xi = ctypes.CDLL("libXi.so.6")
        self._xtest = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._xi.XOpenDevice.restype = ctypes.c_void_p
        self._xi.XListInputDevices.restype = ctypes.POINTER(_Device)
        opened = self._x.XOpenDisplay(display.encode())
        if not opened:
            raise RuntimeError(f"cannot open display {display}")
        self._display = ctypes.c_void_p(opened)
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._mouse = ctypes.c_void_p(self._xi.XOpenDevice(self._display, ctypes.c_ulong(self._find())))

    def click(self, x: int, y: int) -> None:
        """Press and release the first button somewhere."""
        place = [ctypes.c_int(one) for one in (0, 0, 0, 0, x, y)]
        nowhere = ctypes.c_ulong(0)
        self._x.XWarpPointer(self._display, nowhere, self._root, *place[:2], 0, 0, *place[4:])
        self._x.XSync(self._display, 0)
        time.sleep(0.1)
        for is_down in (1, 0):
            self._xtest.XTestFakeDeviceButtonEvent(
                self._display, self._mouse, 1, is_down, None, 0, ctypes.c_ulong(0)
            )
            self._x.XSync(self._display, 0)
            time.sleep(0.05)

    def close(self) -> None:
        """Let go of the display."""
        self._x.XCloseDisplay(self._display)

    def _find(self) -> int:
        count = ctypes.c_int()
        listed = self._xi.XListInputDevices(self._display, ctypes.byref(count))
        devices = [(int(one.id), (one.name or b"").decode().lower()) for one in listed[: count.value]]
        for number, name in devices:
            if OPEN_POINTER in name and XTEST not in name:
                return number
        raise RuntimeError(f"this display has no mouse of its own: {devices}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("display")
    parser.add_argument("x", type=int)
    parser.add_argument("y", type=int)
    given = parser.parse_args()
    Hand(given.display).click(given.x, given.y)
