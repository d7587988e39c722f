"""Grabs, compares and has encoded, in a thread of its own; sleeps while nothing changes."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from attrs import define, field, frozen

from deskside_screen.bell import Bell
from deskside_screen.capture import Desktop, ScreenLost
from deskside_screen.flow import Shown, quality_for
from deskside_screen.messages import EVERYTHING
from deskside_screen.sender import Need, Outlet, Sender, Shot
from deskside_screen.tiles import Box, Picture, blank

ENCODERS = 2
LAYOUT_CHECK_S = 1.0
LOST_PAUSE_S = 0.2
LONG_S = 30.0
AT_ONCE = 3


@frozen
class Settings:
    """The option values that count here."""

    quality: int = 80
    least_gap_s: float = 1 / 30


@define(eq=False)
class Camera:
    """One desktop, shown to up to three quality classes."""

    open_desktop: Callable[[], Desktop]
    outlet: Outlet
    settings: Settings = field(factory=Settings)
    clock: Callable[[], float] = monotonic
    bell: Bell = field(factory=Bell)
    chosen: int = EVERYTHING
    """The monitor that is wanted; may be set from another thread, followed by a ring of the bell."""
    _is_over: bool = False

    def stop(self) -> None:
        """Make run() return soon; from any thread."""
        self._is_over = True
        self.bell.ring()

    def run(self) -> None:
        """Work until stopped."""
        desktop = self.open_desktop()
        try:
            with ThreadPoolExecutor(ENCODERS, "screen-encode") as pool:
                view = View(self, desktop, Sender(self.outlet, pool, self.clock))
                while not self._is_over:
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
    _number: int | None = field(default=None, init=False)
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
            self.shown[quality] = Shown(self._box.width, self._box.height)
        ready = [one for one in sorted(needs) if needs[one].room_bytes > 0 and now >= self.shown[one].due]
        grabbed = bool(ready) and self._has_damage
        if grabbed:
            self._grab()
        for quality in ready:
            self._send(quality, needs[quality])
        if grabbed:
            self.desktop.watch.found(anything=any(self.shown[one].found_changes for one in ready))

    def _send(self, quality: int, need: Need) -> None:
        shown, now = self.shown[quality], self.camera.clock()
        repair_at = shown.repair_at()
        begins = need.refresh or not shown.is_begun
        if not begins and not shown.has_news() and (repair_at is None or now < repair_at):
            return
        shot = Shot(self._picture, self._number or EVERYTHING, self._taken_at)
        gap = self.camera.settings.least_gap_s
        # A few may follow each other at once, so that one that comes early does not wait for its turn.
        shown.due = max(shown.due, now - AT_ONCE * gap) + gap
        if begins and not self.sender.begin(shown, shot, quality):
            return
        jpeg = quality_for(self.camera.settings.quality, quality, need.rate_bytes_s)
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
            repair_at = shown.repair_at()
            if self._has_damage or need.refresh or not shown.is_begun or shown.has_news():
                seconds = min(seconds, gap)
            elif repair_at is not None:
                seconds = min(seconds, max(gap, repair_at - now))
            for_damage = True
        return seconds, for_damage and not self._has_damage

    def _check_layout(self) -> None:
        now = self.camera.clock()
        if now >= self._checked_at + LAYOUT_CHECK_S:
            self._checked_at = now
            if self.desktop.look_again():
                self._number = None
        if self._number != self.camera.chosen:
            self._aim(self.camera.chosen)

    def _aim(self, number: int) -> None:
        """Point at a monitor and begin anew."""
        self._box = self.desktop.layout.box_of(number)
        self._picture = blank(self._box.width, self._box.height)
        self.shown.clear()
        self.desktop.watch.damage()
        self._copy(self._box)
        self._number = number
        self.camera.outlet.show_layout(self.desktop.layout, number)

    def _grab(self) -> None:
        self._has_damage = False
        damage = self.desktop.watch.damage()
        box = damage.within(self._box) if damage is not None else None
        if box is not None:
            place = self._copy(box)
            for shown in self.shown.values():
                shown.note(place)

    def _copy(self, box: Box) -> Box:
        """Bring a box of the picture up to date; return its place there."""
        place = box.moved(-self._box.left, -self._box.top)
        place.of(self._picture)[:] = self.desktop.grab(box)
        return place
