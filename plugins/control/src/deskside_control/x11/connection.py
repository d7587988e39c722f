"""The connection to the customer's X server."""

import os
from typing import Any

from Xlib import display, error
from Xlib.ext import xinput

from deskside_control.injector import InputUnavailable

XINPUT = (2, 2)
"""From 2.1 on, raw events come even while a menu holds the mouse."""


def connect(name: str | None = None) -> Any:
    """Return a connection to a display, by default the one this program is on.

    :raises InputUnavailable: if there is none, or it takes no input from programs
    """
    try:
        connection = display.Display(name)
    except (error.DisplayError, error.XError, error.ConnectionClosedError, OSError):
        # The library leaves its sockets open inside the traceback.
        raise InputUnavailable("control.unavailable.display") from None
    if missing := _lacks(connection):
        connection.close()
        raise InputUnavailable(missing)
    return connection


def reason_against() -> str:
    """Return the text key of why there is no control here, or nothing."""
    try:
        connect().close()
    except InputUnavailable as refused:
        return str(refused)
    return ""


def declare_xinput(connection: Any) -> tuple[int, int]:
    """Say which XInput we speak and return what the server does; the library would say 2.0."""
    answer = xinput.XIQueryVersion(
        display=connection.display,
        opcode=connection.display.get_extension_major(xinput.extname),
        major_version=XINPUT[0],
        minor_version=XINPUT[1],
    )
    return answer.major_version, answer.minor_version


def is_own_process(process_id: int) -> bool:
    """Tell whether a window says that it is of this program."""
    return process_id == os.getpid()


def _lacks(connection: Any) -> str:
    known = set(connection.list_extensions())
    if "XWAYLAND" in known:
        return "control.unavailable.wayland"
    if "XTEST" not in known:
        return "control.unavailable.xtest"
    if xinput.extname not in known or declare_xinput(connection) < XINPUT:
        return "control.unavailable.xinput"
    return ""
