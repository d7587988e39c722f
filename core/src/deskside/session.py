"""What both ends of a session have in common: people, features, channels, plugins, audit."""

import logging
import time
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any

import anyio
from attrs import define, field

from deskside.audit import LEFT_OUT, Event, Quota
from deskside.changes import Changes
from deskside.channel import Channel, is_media
from deskside.declare import Role
from deskside.errors import NotGranted
from deskside.grants import Grant, Refusal
from deskside.link import FeatureNow, FeatureState
from deskside.loader import Plugins
from deskside.port import Participant
from deskside.running import HUNG, HUNG_S, Runner, owner_of
from deskside.scoped import PluginSession
from deskside.services import Services, Supply
from deskside.session_streams import ENDS_AT, SessionStreams
from deskside.texts import Texts, plain

log = logging.getLogger(__name__)

MACHINE = Participant(0, "", Role.CUSTOMER)
RECONNECT_S = 120
"""How long a session waits for a lost line."""
MOST_REFUSALS_LOGGED = 100


@define(eq=False)
class Surroundings:
    """What a program gives to each of its sessions."""

    plugins: Plugins
    record: Callable[[Event], None]
    words: Texts
    language: str = "en"
    supply: Supply | None = None
    """A program's own way to supply a service before its plugins are asked."""
    supplies: Collection[str] = field(default=())
    """The keys that `supply` can answer for."""
    now: Callable[[], float] = time.time
    events_before: int = 0
    """How many events an earlier process of this side may have reported."""


class SessionEnd(SessionStreams):
    """One end of a session; HostSession and ViewerSession are the two kinds."""

    def __init__(self, id: str, around: Surroundings) -> None:  # noqa: A002 - the plugin's word for it
        super().__init__(around.plugins.catalogue)
        self.id = id
        self.number = ""
        self.around = around
        self.people: dict[int, Participant] = {}
        self.features: dict[str, FeatureNow] = {}
        self.changes = Changes()
        self.option_values: dict[str, Mapping[str, object]] = {}
        self.services = Services(around.plugins, self.side, around.supply, self.scope_of)
        self.runner = Runner(
            around.plugins,
            self.side,
            lambda name: PluginSession(name, self),
            self.plugin_failed,
            self.services.ended,
        )
        self.over = anyio.Event()
        self._events = around.events_before
        self._quota = Quota()
        self._refusals = 0

    # What the two kinds differ in.

    @abstractmethod
    def plugin_failed(self, name: str, reason: str) -> None:
        """Tell the far side that a plugin was stopped here."""

    def transmit_media(self, channel: str, quality: int, mark: int, body: bytes) -> None:
        """Put a media packet on the line; only a host has any."""
        del quality, mark, body
        raise NotGranted(f"{channel} carries media, which only the host sends")

    def notice_changed(self) -> None:
        """Draw the notice window anew; the viewer has none."""

    # What plugins see.

    def allows(self, feature: str) -> bool:
        """Tell whether a feature is on or ready, and not paused."""
        return self.is_granted(feature) and not self.features[feature].is_paused

    def is_granted(self, feature: str) -> bool:
        """Tell whether a feature is on or ready, paused or not."""
        now = self.features.get(feature)
        return now is not None and now.state in (FeatureState.ON, FeatureState.READY)

    def options_of(self, plugin: str) -> Mapping[str, object]:
        """Return a plugin's option values in force: declared defaults under what was entitled."""
        values: dict[str, object] = {}
        for feature in self.catalogue.features_of(plugin):
            told = self.option_values.get(feature.key, {})
            for option in feature.options:
                value = told.get(option.key)
                values[option.key] = value if option.accepts(value) else option.default
        return values

    def open_channel(self, plugin: str, channel: str) -> Channel:
        """Return a channel that the plugin may open now."""
        name = f"{plugin}.{channel}"
        spec = self.catalogue.channels.get(name)
        if spec is None or spec.ends not in ENDS_AT[self.side]:
            raise NotGranted(f"'{name}' is no channel of this plugin on the {self.side}")
        if not self.allows(spec.feature):
            raise NotGranted(f"cannot open '{name}': {spec.feature} is not granted; ask with request() first")
        if not is_media(spec):
            return Channel(name, self.ports[name], None, self.everyone)
        return Channel(name, None, self.media_of(name, spec), self.everyone)

    def scope_of(self, plugin: str) -> PluginSession:
        """Return the object of a plugin that runs, or a new one."""
        running = self.runner.running.get(plugin)
        return running.session if running else PluginSession(plugin, self)

    def everyone(self) -> list[int]:
        """Return the ids of all pages in the session."""
        return [one.id for one in self.people.values() if one.id]

    def person(self, participant: int) -> Participant:
        """Return who a participant is."""
        return self.people.get(participant, MACHINE)

    def say(self, plugin: str, key: str, values: Mapping[str, object]) -> str:
        """Return a text in the language of whoever sits here."""
        del plugin
        return self.around.words.say(self.around.language, key, **values)

    def now_on(self, features: dict[str, FeatureNow]) -> None:
        """Take the state of all features; plugins that wait for it are told what is different."""
        if features != self.features:
            self.features = features
            self.changes.note()

    def people_changed(self) -> None:
        """Tell plugins that somebody came or went, and whoever waits for room that there may be nobody."""
        self.changes.note()
        for port in self.ports.values():
            port.stir()

    def report(self, plugin: str, event: str, values: Mapping[str, str | int]) -> None:
        """Append an audit event, unless there are far too many of its name."""
        if self._quota.admits(plugin, event):
            self._record(plugin, event, values)

    def close_record(self) -> None:
        """Say how many events were not stored: once for each name, at the end."""
        for one in self._quota.close():
            self._record("", LEFT_OUT, one.values)

    def _record(self, plugin: str, event: str, values: Mapping[str, str | int]) -> None:
        self._events += 1
        self.around.record(
            Event(
                session=self.id, side=self.side, number=self._events, at=self.around.now(),
                plugin=plugin, name=event,
                values={key: plain(one) if isinstance(one, str) else one for key, one in values.items()},
            )
        )  # fmt: skip

    def refused(self, whose: str, why: object) -> None:
        """Say in the log what was wrong with something from a far end: what it was, never what it held."""
        self._refusals += 1
        if self._refusals <= MOST_REFUSALS_LOGGED:
            log.warning("session %s: refused from %s: %s", self.id, whose, str(why)[:200])
        if self._refusals == MOST_REFUSALS_LOGGED:
            log.warning("session %s: what else is refused is not logged", self.id)

    async def service(self, plugin: str, key: str) -> Any:
        """Return a service: of the program's windows first, then of a plugin of this side."""
        return await self.services.get(plugin, key)

    async def keep(self, plugin: str, state: bytes) -> None:
        """Store a plugin's state; the host's memory lives as long as its session."""

    def kept(self, plugin: str) -> bytes | None:
        """Return the state stored before a restart."""
        del plugin
        return None

    def pause(self, feature: str, *, is_paused: bool) -> None:
        """Show a feature as paused, or no longer."""

    @abstractmethod
    async def ask_for(
        self, plugin: str, features: tuple[str, ...], detail: str, who: Participant | None
    ) -> Grant | Refusal:
        """Get a grant."""

    @abstractmethod
    async def take_back(self, features: tuple[str, ...]) -> None:
        """Withdraw grants."""

    # Plugins.

    def let_run(self) -> None:
        """Start and stop plugins as their features are on or off."""
        granted = [key for key in self.features if self.allows(key)]
        self.runner.want(granted)
        wanted = {owner_of(key) for key in granted}
        for name, port in self.ports.items():
            if owner_of(name) not in wanted:
                port.drain()

    def stop_hung(self) -> None:
        """Stop plugins that have had one message in hand for too long while others wait."""
        for name, port in self.ports.items():
            if port.hangs(HUNG_S):
                self.runner.fail(name.split(".", 1)[0], HUNG)
