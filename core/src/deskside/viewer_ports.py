"""What a viewer program gives to its sessions."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import define

from deskside.grants import Grant, Refusal
from deskside.transport import Transport


@define(kw_only=True)
class Entitlement:
    """What the gateway said about this session's features."""

    licence: str
    entitlement: str
    label: str
    features: Mapping[str, Grant | Refusal]


@define(eq=False, kw_only=True)
class ViewerPorts:
    """What the viewer program gives to its session."""

    dial: Callable[[str], Awaitable[Transport]]
    burnt: Callable[[], Awaitable[str]]
    """Called after a wrong guess: returns the secret digits of a new code."""
    paired: Callable[[], Awaitable[None]]
    save: Callable[[bytes], Awaitable[None]]
    changed: Callable[[], None]
    """Called when anything that a console shows has changed."""
    program: str = "viewer"
    sealed_to_agent: bool = False
