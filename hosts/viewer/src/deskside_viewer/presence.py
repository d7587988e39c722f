"""Agents who have touched no page for their minutes are away; the gateway is told of each change."""

import logging
from collections import OrderedDict
from collections.abc import Callable

import anyio
from attrs import define, evolve, field, frozen

from deskside_viewer.gateway import Gateway, GatewayRefused
from deskside_viewer.locking import passed_s

log = logging.getLogger(__name__)

MOST = 10_000
LOOK_S = 0.5


@frozen
class Use:
    """When the pages of a sign-in were last used, and what the gateway was told of it."""

    token: str = field(repr=False)
    minutes: int
    at: float
    was_told_away: bool | None = None
    """None: nothing yet; whatever the gateway has from before holds until there is something to tell."""
    is_used: bool = False


@define(eq=False)
class Presences:
    """Watches the sign-ins of this program's consoles; it begins with the first that it hears of."""

    gateway: Gateway
    start: Callable[..., None]
    now: Callable[[], float] = passed_s
    _uses: OrderedDict[int, Use] = field(factory=OrderedDict)
    _bell: anyio.Event = field(factory=anyio.Event)
    _runs: bool = False

    def know(self, sign_in: int, token: str, minutes: int) -> None:
        """Note after how many minutes without use an agent is away; 0 is never."""
        known = self._uses.get(sign_in)
        if known is None:
            self._keep(sign_in, Use(token, minutes, self.now()))
        elif known.minutes != minutes:
            self._keep(sign_in, evolve(known, minutes=minutes))
        if not self._runs:
            self._runs = True
            self.start(self.run)

    def used(self, sign_in: int) -> None:
        """Note that somebody uses a page: whoever was away is back at once."""
        if (known := self._uses.get(sign_in)) is not None:
            self._keep(sign_in, evolve(known, at=self.now(), is_used=True))
            if known.was_told_away is not False:
                bell, self._bell = self._bell, anyio.Event()
                bell.set()

    def is_away(self, sign_in: int) -> bool:
        """Tell whether nobody has used a sign-in's pages for its minutes."""
        known = self._uses.get(sign_in)
        return known is not None and 0 < known.minutes * 60 <= self.now() - known.at

    async def run(self) -> None:
        """Tell the gateway, as long as the program runs."""
        while True:
            bell = self._bell
            for sign_in in [one for one in self._uses if self._is_news(one)]:
                await self._tell(sign_in)
            with anyio.move_on_after(LOOK_S):
                await bell.wait()

    def _is_news(self, sign_in: int) -> bool:
        known = self._uses[sign_in]
        if known.was_told_away is None:
            return known.is_used or self.is_away(sign_in)
        return known.was_told_away != self.is_away(sign_in)

    async def _tell(self, sign_in: int) -> None:
        is_away, token = self.is_away(sign_in), self._uses[sign_in].token
        try:
            await self.gateway.call("presence_changed", token=token, presence="away" if is_away else "here")
        except GatewayRefused as no:
            if not no.is_passing:
                self._uses.pop(sign_in, None)
            return
        if (known := self._uses.get(sign_in)) is not None:
            self._keep(sign_in, evolve(known, was_told_away=is_away))

    def _keep(self, sign_in: int, use: Use) -> None:
        self._uses[sign_in] = use
        while len(self._uses) > MOST:
            self._uses.popitem(last=False)
