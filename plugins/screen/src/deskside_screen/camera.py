"""Grabs, compares and has encoded, in a thread of its own; sleeps while nothing changes."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from attrs import define, field

from deskside_screen.bell import Bell
from deskside_screen.capture import Desktop, ScreenLost
from deskside_screen.colours import Sight
from deskside_screen.flow import Shown
from deskside_screen.masks import Cover, Masks
from deskside_screen.messages import EVERYTHING, VideoCodec
from deskside_screen.quality import Settings, quality_for
from deskside_screen.sender import Need, Outlet, Sender, Shot
from deskside_screen.tiles import Box, Picture, blank

ENCODERS = 2
LAYOUT_CHECK_S = 1.0
LOST_PAUSE_S = 0.2
LONG_S = 30.0
AT_ONCE = 3


@define(eq=False)
class Camera:
    """One desktop, shown to up to three quality classes."""

    open_desktop: Callable[[], Desktop]
    outlet: Outlet
    settings: Settings = field(factory=Settings)
    """May be replaced from another thread, followed by a ring of the bell."""
    clock: Callable[[], float] = monotonic
    bell: Bell = field(factory=Bell)
    masks: Masks = field(factory=Masks)
    chosen: int = EVERYTHING
    """The monitor that is wanted; may be set from another thread, followed by a ring of the bell."""
    decodable: Collection[VideoCodec] = ()
    """The video that all pages can decode; may be set from another thread."""
    wants_key: bool = False
    """Set from another thread when a page lacks a picture of a video."""
    _is_over: bool = False

    def stop(self) -> None:
        """Make run() return soon; from any thread."""
        self._is_over = True
        self.bell.ring()

    def run(self) -> None:
        """Work until stopped."""
        with ThreadPoolExecutor(ENCODERS, "screen-encode") as pool:
            sender = Sender(self.outlet, pool, self.clock)
            while not self._is_over:
                self._look(sender)

    def _look(self, sender: Sender) -> None:
        """Look until stopped, or until changes are to be found in another way."""
        detection = self.settings.detection
        desktop = self.open_desktop()
        try:
            view = View(self, desktop, sender)
            while not self._is_over and self.settings.detection is detection:
                view.step()
        finally:
            desktop.close()


@define(eq=False)
class View:
    """What a camera sees; belongs to its thread."""

    camera: Camera
    desktop: Desktop
    sender: Sender
    shown: dict[int, Shown] = field(factory=dict)
    _box: Box = field(init=False)
    _picture: Picture = field(init=False)
    _sight: Sight = field(factory=Sight, init=False)
    _cover: Cover = field(factory=Cover, init=False)
    _number: int | None = field(default=None, init=False)
    _aimed: int = field(default=EVERYTHING, init=False)
    _wanted: str = field(default="", init=False)
    """The name of the monitor that somebody has chosen; empty for all."""
    _has_damage: bool = field(default=True, init=False)
    _checked_at: float = field(default=0.0, init=False)
    _taken_at: float = field(default=0.0, init=False)

    def step(self) -> None:
        """Send what can be sent now, then sleep until there is a reason to look again."""
        try:
            self._check_layout()
            self._serve(self.camera.outlet.needs)
        except ScreenLost:
            self._number, self._checked_at = None, 0.0
            self.camera.bell.sleep(LOST_PAUSE_S)
            return
        seconds, for_damage = self._rest(self.camera.outlet.needs)
        if self.desktop.watch.sleep(seconds, self.camera.bell, for_damage=for_damage):
            self._has_damage = True

    def _serve(self, needs: Mapping[int, Need]) -> None:
        for gone in self.shown.keys() - needs.keys() if needs else ():
            del self.shown[gone]
        now = self._taken_at = self.camera.clock()
        for quality in needs.keys() - self.shown.keys():
            self.shown[quality] = Shown(*self._sight.size(self._box.width, self._box.height))
        # After the time is taken: what is to be hidden by then is hidden in what is sent.
        self._heed_masks()
        ready = [one for one in sorted(needs) if needs[one].room_bytes > 0 and now >= self.shown[one].due]
        # Before anything is mended or kept, too: what has changed while a line was full comes first.
        calms = (self.shown[one].calm_at() for one in ready)
        grabbed = bool(ready) and (self._has_damage or any(at is not None and at <= now for at in calms))
        if grabbed:
            self._grab()
        if self.camera.wants_key:
            self.camera.wants_key = False
            for shown in self.shown.values():
                shown.reel.renew()
        for quality in ready:
            self._send(quality, needs[quality])
        if grabbed:
            self.desktop.watch.found(anything=any(self.shown[one].found_changes for one in ready))

    def _send(self, quality: int, need: Need) -> None:
        shown, now = self.shown[quality], self.camera.clock()
        calm_at = shown.calm_at()
        begins = need.refresh or not shown.is_begun
        if not begins and not shown.has_news() and (calm_at is None or now < calm_at):
            return
        settings, monitor = self.camera.settings, self._number or EVERYTHING
        size, scale = (self._box.width, self._box.height), self._sight.scale
        shot = Shot(self._picture, monitor, self._taken_at, size, scale, settings.is_plain)
        gap = settings.least_gap_s
        # A few may follow each other at once, so that one that comes early does not wait for its turn.
        shown.due = max(shown.due, now - AT_ONCE * gap) + gap
        if begins and not self.sender.begin(shown, shot, quality):
            return
        shown.reel.choose(() if shot.is_plain else self.camera.decodable)
        jpeg = 0 if shot.is_plain else quality_for(settings.photo_quality, quality, need.rate_bytes_s)
        self.sender.send(shown, shot, quality, shown.plan(self._picture, now, jpeg, need.room_bytes))

    def _rest(self, needs: Mapping[int, Need]) -> tuple[float, bool]:
        """Return how long to sleep, and whether damage may end the sleep."""
        if not needs:
            return LONG_S, False
        now, seconds, for_damage = self.camera.clock(), LAYOUT_CHECK_S, False
        for quality, need in needs.items():
            if need.room_bytes <= 0:
                continue
            shown = self.shown.get(quality)
            if shown is None:
                return 0.0, False
            gap = max(0.0, shown.due - now)
            calm_at = shown.calm_at()
            if self._has_damage or need.refresh or not shown.is_begun or shown.has_news():
                seconds = min(seconds, gap)
            elif calm_at is not None:
                seconds = min(seconds, max(gap, calm_at - now))
            for_damage = True
        return seconds, for_damage and not self._has_damage

    def _check_layout(self) -> None:
        now = self.camera.clock()
        if now >= self._checked_at + LAYOUT_CHECK_S:
            self._checked_at = now
            if self.desktop.look_again():
                self._number = None
        if self._number != self.camera.chosen or self._sight != self.camera.settings.sight:
            self._aim(self.camera.settings.sight)

    def _aim(self, sight: Sight) -> None:
        """Point at the chosen monitor, whatever its number is now, at all while it is gone; begin anew."""
        layout, chosen = self.desktop.layout, self.camera.chosen
        if chosen != self._aimed:
            self._wanted = layout.name_of(chosen)
        number = layout.number_of(self._wanted)
        self._box = layout.box_of(number)
        self._sight, self._cover = sight, self.camera.masks.cover
        self._picture = blank(*sight.size(self._box.width, self._box.height))
        self.shown.clear()
        self.desktop.watch.damage()
        self._copy(self._box)
        self._number = self._aimed = number
        if self.camera.chosen == chosen:
            self.camera.chosen = number
        self.camera.outlet.show_layout(layout, number)

    def _grab(self) -> None:
        self._has_damage = False
        for damage in self.desktop.watch.damage():
            if (box := damage.within(self._box)) is not None:
                place = self._copy(box)
                for shown in self.shown.values():
                    shown.note(place)

    def _heed_masks(self) -> None:
        """Hide what is to be hidden, and show again what no longer is."""
        cover = self.camera.masks.cover
        if cover is self._cover:
            return
        different, self._cover = cover.difference(self._cover), cover
        for box in different:
            if (part := box.within(self._box)) is not None:
                place = self._copy(part)
                for shown in self.shown.values():
                    shown.hide(place)

    def _copy(self, box: Box) -> Box:
        """Bring a box of the picture up to date; return its place there."""
        wide = self._sight.around(box, self._box)
        place = self._sight.place(wide.moved(-self._box.left, -self._box.top))
        place.of(self._picture)[:] = self._sight.seen(self._cover.painted(self.desktop.grab(wide), wide))
        return place
