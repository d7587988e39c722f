"""A made-up customer inside the server, so that one person can see a whole session.

He has no machine: what plugins would take from one is supplied by their own demo parts, and what has
no such part is told as impossible. He says yes to every question, which puts nobody at risk.
"""

import functools
import logging
from collections.abc import Awaitable, Callable
from types import ModuleType

import anyio

from deskside.agree import Unavailable
from deskside.audit import Event
from deskside.calls import Answer as Given
from deskside.calls import guarded
from deskside.declare import Side
from deskside.grants import Answer
from deskside.host_ports import HostPorts
from deskside.host_session import HostSession
from deskside.loader import DEMO_GROUP, Allow, Plugins, load
from deskside.notice import Answered, NoticeState, Question
from deskside.restarting import left_out
from deskside.scoped import PluginSession
from deskside.session import Surroundings
from deskside.transport import Transport
from deskside_viewer.hub import Hub
from deskside_viewer.live import Live

log = logging.getLogger(__name__)

NAME = "Demo customer"
THINKS_S = 1.0


class DemoCustomer:
    """Takes part in a session from the other side of the same relay."""

    def __init__(self, dial: Callable[[str, str], Awaitable[Transport]], allow: Allow) -> None:
        self._dial = dial
        self._plugins: Plugins = load(Side.HOST, allow, without=left_out())
        self._parts: dict[str, ModuleType] = {}
        for one in self._plugins.loaded:
            point = one.points.get(DEMO_GROUP)
            answer = guarded(one.name, "import", point.load) if point else None
            if isinstance(answer, Given):
                self._parts[one.name] = answer.value

    async def help_me(self, hub: Hub, live: Live) -> None:
        """Come into the session as a customer does who types its code."""
        around = Surroundings(
            self._plugins, _forget, hub.words, supply=self._supply, supplies=self._supplies()
        )
        ports = HostPorts(
            dial=functools.partial(self._dial, live.session.id),
            consent=_yes,
            show=_unseen,
            program="demo",
            unavailable=self._missing(),
            person=NAME,
            system="",
        )
        await HostSession(live.session.id, around, ports, code=live.session.roads.code).run()

    async def _supply(self, key: str, scope: PluginSession) -> object | None:
        part = self._parts.get(scope.plugin)
        found: object | None = None if part is None else part.deskside_provide(key, scope)
        return found

    def _supplies(self) -> set[str]:
        owners = self._plugins.catalogue.owners
        return {key for name in self._parts for key in owners[name].info.provides}

    def _missing(self) -> tuple[Unavailable, ...]:
        catalogue = self._plugins.catalogue
        return tuple(
            Unavailable(feature.key, "refused.demo")
            for name in catalogue.owners
            if name not in self._parts
            for feature in catalogue.features_of(name)
        )


async def _yes(question: Question) -> Answered:
    await anyio.sleep(THINKS_S)
    return Answered(Answer.YES, question.features)


def _unseen(_: NoticeState) -> None:
    """Show nothing: he has no window."""


def _forget(_: Event) -> None:
    """Keep nothing: what happens to a made-up customer is no history."""
