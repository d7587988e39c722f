"""Finds the injector and the watch of this machine's operating system."""

import sys

from deskside_control.injector import Injector, Watch

if sys.platform == "linux":
    from deskside_control.x11.connection import reason_against
    from deskside_control.x11.hand import HandWatch as _OwnWatch
    from deskside_control.x11.injector import X11Injector as _OwnInjector
else:
    from deskside_control.elsewhere import PynputInjector as _OwnInjector
    from deskside_control.elsewhere import PynputWatch as _OwnWatch
    from deskside_control.elsewhere import reason_against

__all__ = ["new_watch", "open_injector", "reason_against"]


def open_injector() -> Injector:
    """Return this machine's injector.

    :raises InputUnavailable: if it has none
    """
    return _OwnInjector.connect()


def new_watch() -> Watch:
    """Return what will watch this machine's own mouse and keyboard."""
    return _OwnWatch()
