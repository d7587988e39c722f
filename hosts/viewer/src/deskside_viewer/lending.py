"""A customer's page that the gateway serves because browsers cannot come here: facts for it, and its road."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import anyio

from deskside.declare import Role
from deskside.errors import BadMessage, TransportEnded
from deskside_viewer import boot
from deskside_viewer.gateway import Fields, GatewayRefused
from deskside_viewer.live import Live
from deskside_viewer.sockets import GONE, REFUSED

if TYPE_CHECKING:
    from deskside_viewer.hub import Hub

CODE_BYTES = 2
"""A last frame of this size says with what to close the page's line; no packet is as short."""
CODES = range(4000, 5000)


async def facts(hub: "Hub", live: Live, fields: Fields) -> Fields:
    """Return what the page has to know of the session, and of this program's messages."""
    del hub
    name, _ = _admitted(live, fields)
    return boot.facts(live.session, Role.CUSTOMER, name)


async def road(hub: "Hub", live: Live, fields: Fields) -> Fields:
    """Come to the page's road."""
    hub.start(_serve, hub, live, *_admitted(live, fields))
    return {}


CALLS: Mapping[str, Callable[["Hub", Live, Fields], Awaitable[Fields]]] = {
    "lend_facts": facts,
    "lend_road": road,
}


def code_in(frame: bytes) -> int:
    """Return the code that a frame closes the page's line with, 0 if it is none."""
    if len(frame) != CODE_BYTES:
        return 0
    code = int.from_bytes(frame, "big")
    return code if code in CODES else 0


def _admitted(live: Live, fields: Fields) -> tuple[str, str]:
    ticket, memory = str(fields.get("ticket", "")), live.session.memory
    if not ticket or ticket not in memory.admitted:
        raise GatewayRefused("refused.session.unknown")
    return memory.admitted[ticket] or memory.customer, ticket[:16]


async def _serve(hub: "Hub", live: Live, name: str, user: str) -> None:
    try:
        line = await hub.dial(live.session.memory, "page")
    except TransportEnded:
        return
    code = GONE
    try:
        code = await live.session.serve(line, name, Role.CUSTOMER, user)
    except BadMessage:
        code = REFUSED
    finally:
        with anyio.CancelScope(shield=True):
            with contextlib.suppress(TransportEnded):
                await line.send(code.to_bytes(CODE_BYTES, "big"))
            await line.aclose()
