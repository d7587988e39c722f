"""A viewer's connection: what it has proven, and which sessions it may touch."""

import hmac

from attrs import define, field

from deskside_admin.model import SignInKind
from deskside_admin.service import signins
from deskside_admin.service.signins import SignedIn
from deskside_gateway.hub import Hub, Known, Push
from deskside_gateway.refusals import Refused

LONGEST_TOKEN = 100


@define(eq=False)
class Caller:
    """One viewer's connection.

    A hosted viewer has shown the node secret and may act for every agent; a local one only for the
    agent whose token it has shown on this connection.
    """

    hub: Hub
    push: Push
    address: str = ""
    """Where the viewer is, or where its agent signs in from."""
    is_hosted: bool = False
    has_said_hello: bool = False
    token: str = field(default="", repr=False)

    @property
    def is_trusted(self) -> bool:
        """Tell whether the viewer has proven anything yet."""
        return self.is_hosted or bool(self.token)

    def hello(self, node_secret: str) -> None:
        """Note who this viewer is.

        :raises Refused: if it shows a wrong secret
        """
        if node_secret:
            if not hmac.compare_digest(node_secret.encode(), self.hub.node_secret.hex().encode()):
                raise Refused("refused.node_secret")
            self.is_hosted = True
        self.has_said_hello = True

    async def signed_in(self, token: str) -> SignedIn:
        """Return whose token this is; a local viewer acts for that agent from now on.

        :raises Refused: if the token is not good now
        """
        now = self.hub.store.now()
        found = await self.hub.store.run(lambda db: signins.look_up(db, token, now, SignInKind.CONSOLE))
        if found is None:
            why = await self.hub.store.run(lambda db: signins.why_ended(db, token, now))
            raise Refused("refused.signed_out", **({"why": why} if why else {}))
        self.hub.consoles[found.sign_in_id] = self
        if not self.is_hosted:
            self.token = token
        return found

    async def own(self, session: str) -> Known:
        """Return a session this viewer may act on, and remember that it holds it.

        :raises Refused: if it is not this viewer's; the same answer as for one that does not exist
        """
        known = await self.hub.known(session)
        # A support that runs outlives the sign-in it was begun with.
        has_it = self.hub.holders.get(session) is self and known.user.active
        if not self.is_hosted and not has_it:
            if not self.token:
                raise Refused("refused.session.unknown")
            me = await self.signed_in(self.token)
            if me.user.id != known.row.user_id:
                raise Refused("refused.session.unknown")
        return known

    async def hold(self, session: str) -> Known:
        """Return a live session this viewer may act on, and have its pushes sent here.

        :raises Refused: if it has ended or is not this viewer's
        """
        known = await self.own(session)
        if known.row.ended is not None:
            raise Refused("refused.session.ended")
        self.hub.holders[session] = self
        return known

    def close(self) -> None:
        """Forget this connection."""
        self.hub.let_go(self)
