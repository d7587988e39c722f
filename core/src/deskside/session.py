"""What both ends of a session have in common: people, features, channels, plugins, audit."""

import json
import logging
import secrets
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import anyio
from attrs import define, frozen

from deskside.agree import Agreement
from deskside.catalogue import Catalogue
from deskside.channel import Channel, is_media
from deskside.declare import ChannelSpec, Ends, Role, Side
from deskside.errors import NotGranted
from deskside.grants import Grant, Refusal
from deskside.link import Delivered, Far, FeatureNow, FeatureState, Resync, Value
from deskside.loader import Plugins
from deskside.media import MediaOwner
from deskside.messages import Codec
from deskside.port import Participant, Port, Wiring
from deskside.running import HUNG, HUNG_S, Runner
from deskside.scoped import PluginSession
from deskside.services import Services, Supply
from deskside.streams import Outgoing
from deskside.texts import Texts

log = logging.getLogger(__name__)

MACHINE = Participant(0, "", Role.CUSTOMER)
RECONNECT_S = 120
"""How long a session waits for a lost line."""
ENDS_AT: Mapping[Side, tuple[Ends, ...]] = {
    Side.HOST: (Ends.HOST_PAGE, Ends.HOST_VIEWER),
    Side.VIEWER: (Ends.VIEWER_PAGE, Ends.HOST_VIEWER),
}


@frozen(kw_only=True)
class Event:
    """Something that happened, reported by the side on which it did; stored once."""

    session: str
    side: Side
    number: int
    at: float
    plugin: str
    name: str
    values: Mapping[str, str | int]


@define(eq=False)
class Surroundings:
    """What a program gives to each of its sessions."""

    plugins: Plugins
    record: Callable[[Event], None]
    words: Texts
    language: str = "en"
    supply: Supply | None = None
    """A program's own way to supply a service before its plugins are asked."""
    now: Callable[[], float] = time.time
    events_before: int = 0
    """How many events an earlier process of this side may have reported."""


def new_boot() -> str:
    """Return a boot word: new whenever an end's memory is."""
    return secrets.token_hex(8)


class SessionEnd(Wiring):
    """One end of a session; HostSession and ViewerSession are the two kinds."""

    side: Side

    def __init__(self, id: str, around: Surroundings) -> None:  # noqa: A002 - the plugin's word for it
        self.id = id
        self.number = ""
        self.around = around
        self.boot = new_boot()
        self.people: dict[int, Participant] = {}
        self.features: dict[str, FeatureNow] = {}
        self.option_values: dict[str, Mapping[str, object]] = {}
        self.agreement: Agreement | None = None
        self.far_boots: dict[tuple[int, bool], str] = {}
        self.ports: dict[str, Port] = {}
        self.media: dict[str, MediaOwner] = {}
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
        for name, spec in self.catalogue.channels.items():
            if spec.ends in ENDS_AT[self.side] and not is_media(spec):
                self.ports[name] = self._port(name, spec)

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

    @property
    def catalogue(self) -> Catalogue:
        """Return everything declared."""
        return self.around.plugins.catalogue

    def allows(self, feature: str) -> bool:
        """Tell whether a feature is on or ready, and not paused."""
        now = self.features.get(feature)
        return now is not None and now.state in (FeatureState.ON, FeatureState.READY) and not now.is_paused

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

    def media_of(self, name: str, spec: ChannelSpec) -> MediaOwner:
        """Return the owner's end of a media channel."""
        if name not in self.media:

            def transmit(quality: int, mark: int, body: bytes) -> None:
                self.transmit_media(name, quality, mark, body)

            self.media[name] = MediaOwner(self.codec_of(name, spec), transmit)
        return self.media[name]

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

    def report(self, plugin: str, event: str, values: Mapping[str, str | int]) -> None:
        """Append an audit event."""
        self._events += 1
        self.around.record(
            Event(
                session=self.id, side=self.side, number=self._events, at=self.around.now(),
                plugin=plugin, name=event, values=dict(values),
            )
        )  # fmt: skip

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

    # Streams.

    def _port(self, name: str, spec: ChannelSpec) -> Port:
        return Port(name, spec, self.codec_of(name, spec), self, spec.ends is Ends.HOST_VIEWER)

    def codec_of(self, name: str, spec: ChannelSpec) -> Codec:
        """Return the codec of a channel towards what its far end knows."""
        codec = Codec.of(spec.messages)
        far = self.agreement.far_types.get(name) if self.agreement else None
        return codec if far is None or spec.ends is Ends.VIEWER_PAGE else codec.towards(far)

    def ports_of(self, participant: int, *, bulk: bool) -> list[Port]:
        """Return the ports that end at a participant, of the bulk lane or of all others."""
        return [
            port
            for port in self.ports.values()
            if port.to_machine == (participant == 0) and (port.spec.lane == "bulk") == bulk
        ]

    def resync_to(self, participant: int, far: Far, *, bulk: bool, is_answer: bool) -> Resync:
        """Return what to tell a far end about what was received."""
        delivered = tuple(
            Delivered(port.name, port.pair(participant).inc.received)
            for port in self.ports_of(participant, bulk=bulk)
        )
        return Resync(far, bulk, self.boot, self.far_boots.get((participant, bulk), ""), is_answer, delivered)

    def resynced(self, participant: int, told: Resync) -> None:
        """Take what a far end has received: begin anew where memory was lost, then repeat the rest."""
        key = participant, told.bulk
        is_new = self.far_boots.get(key, told.boot) != told.boot
        delivered = {one.channel: one.number for one in told.delivered} if told.knows == self.boot else {}
        for port in self.ports_of(participant, bulk=told.bulk):
            if is_new and participant:
                port.forget(participant)
            pair = port.pair(participant)
            if is_new:
                pair.inc.clear()
            pair.out.resync(delivered.get(port.name, 0))
            self.transmit(pair.out)
            port.stir()
        self.far_boots[key] = told.boot

    def unready(self, participant: int, *, bulk: bool) -> None:
        """Hold back what is for a participant until it has said what it received."""
        for port in self.ports_of(participant, bulk=bulk):
            port.pair(participant).out.is_ready = False

    @abstractmethod
    def transmit(self, stream: Outgoing) -> None:
        """Put a stream's next packets on the line to its participant."""

    # Plugins.

    def let_run(self) -> None:
        """Start and stop plugins as their features are on or off."""
        wanted = {key.split(".", 1)[0] for key in self.features if self.allows(key)}
        self.runner.want(wanted)
        for name, port in self.ports.items():
            if name.split(".", 1)[0] not in wanted:
                port.drain()

    def stop_hung(self) -> None:
        """Stop plugins that have had one message in hand for too long while others wait."""
        for name, port in self.ports.items():
            if port.hangs(HUNG_S):
                self.runner.fail(name.split(".", 1)[0], HUNG)


def refused_now(key: str, refusal: Refusal) -> FeatureNow:
    """Return the state of a feature that was refused."""
    values = tuple(Value(name[:64], str(value)[:200]) for name, value in refusal.values.items())
    return FeatureNow(key, FeatureState.REFUSED, str(refusal.gate), refusal.reason, values[:20])


def options_text(values: Mapping[str, Mapping[str, object]]) -> str:
    """Return option values as they cross the wire."""
    return json.dumps(values, separators=(",", ":"))
