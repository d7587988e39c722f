"""Tickets: the right of one side of one session to the relay, until an end time. Pure, stateless."""

import base64
import hashlib
import hmac
import re

from attrs import field, frozen

from deskside.declare import Side

LASTS_S = 24 * 3600
SHAPE = re.compile(r"([A-Za-z0-9_-]{22})\.(host|viewer)\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)
PURPOSE = b"deskside ticket 1\n"


@frozen
class Ticket:
    """What a ticket says."""

    session: str
    side: Side
    ends: int


@frozen
class Tickets:
    """Makes and reads tickets with a secret that outlives the process."""

    _secret: bytes = field(repr=False)

    def make(self, session: str, side: Side, now: float) -> str:
        """Return a ticket that is good for a day."""
        body = f"{session}.{side}.{int(now) + LASTS_S}"
        return f"{body}.{self._seal(body)}"

    def read(self, text: str, now: float) -> Ticket | None:
        """Return what a ticket says, or None if it is not ours or over."""
        found = SHAPE.fullmatch(text)
        if found is None:
            return None
        body, _, seal = text.rpartition(".")
        if not hmac.compare_digest(seal, self._seal(body)) or int(found[3]) <= now:
            return None
        return Ticket(found[1], Side(found[2]), int(found[3]))

    def _seal(self, body: str) -> str:
        digest = hmac.new(self._secret, PURPOSE + body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
