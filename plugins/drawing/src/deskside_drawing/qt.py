"""The windows over the customer's desktop, on the Qt thread."""

import time
from typing import Protocol

from attrs import evolve
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from deskside.api import hookimpl
from deskside_drawing.desktop import Desktop, program_of
from deskside_drawing.hand import Hand
from deskside_drawing.ink import Ink
from deskside_drawing.messages import OVERLAY, Point, Stroke
from deskside_drawing.overlay import OverlayEvent, PenDropped, SceneChanged
from deskside_drawing.sheet import Sheet

FRAME_MS = 16
LOOK_MS = 300
SILENT_S = 3.0


class Scope(Protocol):
    """What the customer program gives."""

    def emit(self, value: OverlayEvent) -> None:
        """Tell the host part."""

    def text(self, key: str, **values: object) -> str:
        """Return words in the customer's language."""


@hookimpl
def deskside_provide(service: str, scope: Scope) -> object | None:
    """Supply the overlay."""
    return Overlay(scope) if service == OVERLAY else None


class Overlay(QObject):
    """One sheet for each screen, and the customer's hand when he draws."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope
        self._inks: dict[int, Ink] = {}
        self._changed: QRect | None = QRect()
        self._desktop = Desktop()
        self._is_composited = self._desktop.is_composited()
        self._program = 0
        self._heard = time.monotonic()
        self._hand: Hand | None = None
        self._sheets: list[Sheet] = []
        self._make_sheets()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._screens_changed)
            app.screenRemoved.connect(self._screens_changed)
        self._frame = self._timer(FRAME_MS, self._show, is_single=True)
        self._look = self._timer(LOOK_MS, self._look_around)
        self._look.start()

    def put(self, stroke: Stroke) -> None:
        """Show a stroke on top of the others, instead of what it was before."""
        if not self._inks:
            self._look_for_compositor()
        old = self._inks.pop(stroke.id, None)
        ink = self._inks[stroke.id] = Ink(stroke)
        self._soon(ink.bounds if old is None else ink.bounds.united(old.bounds))

    def extend(self, id_: int, start: int, points: tuple[Point, ...]) -> None:
        """Let a stroke go on with these points from point number `start`."""
        old = self._inks.get(id_)
        if old is None:
            return
        ink = Ink(evolve(old.stroke, points=old.stroke.points[:start] + points))
        self._inks[id_] = ink
        self._soon(ink.bounds.united(old.bounds))

    def remove(self, ids: tuple[int, ...]) -> None:
        """Show these strokes no more."""
        for id_ in ids:
            old = self._inks.pop(id_, None)
            if old is not None:
                self._soon(old.bounds)

    def take_pen(self, colour: str) -> None:
        """Let the customer draw with his mouse."""
        self._look_for_compositor()
        if self._hand is None:
            self._hand = Hand(self._sheets, self._scope.emit, self._scope.text, colour)
            self._hand.left.connect(self._note_left)
            self._hand.take(is_composited=self._is_composited)

    def drop_pen(self) -> None:
        """Give the mouse back."""
        hand, self._hand = self._hand, None
        if hand is not None:
            hand.close()
            hand.deleteLater()

    def beat(self) -> None:
        """Hear that the session is alive; strokes vanish when this stops."""
        was_silent = self._is_silent()
        self._heard = time.monotonic()
        if was_silent:
            self._soon(None)

    def close(self) -> None:
        """Take everything away at the end of the session."""
        self.drop_pen()
        self._look.stop()
        self._frame.stop()
        for sheet in self._sheets:
            sheet.close()
            sheet.deleteLater()
        self._desktop.close()
        self._inks.clear()
        self.deleteLater()

    def _timer(self, interval_ms: int, act: object, *, is_single: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.setSingleShot(is_single)
        timer.timeout.connect(act)
        return timer

    def _make_sheets(self) -> None:
        for sheet in self._sheets:
            sheet.close()
            sheet.deleteLater()
        screens = QGuiApplication.screens()
        for screen in screens:
            screen.geometryChanged.connect(self._screens_changed, Qt.ConnectionType.UniqueConnection)
        self._sheets = [Sheet(screen, is_composited=self._is_composited) for screen in screens]

    def _soon(self, changed: QRect | None) -> None:
        """Draw within one frame; nothing stands for everything."""
        known = self._changed
        self._changed = None if changed is None or known is None else known.united(changed)
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _show(self) -> None:
        changed, self._changed = self._changed, QRect()
        inks = [] if self._is_silent() else list(self._inks.values())
        for sheet in self._sheets:
            sheet.show_inks(inks, changed)
        if self._hand is not None:
            self._hand.stay_on_top()

    def _is_silent(self) -> bool:
        return time.monotonic() - self._heard > SILENT_S

    @Slot()
    def _look_around(self) -> None:
        """Notice what nobody announces: silence, a compositor that comes or goes, another program."""
        if self._is_silent():
            self.drop_pen()
            self._soon(None)
        if not self._inks and self._hand is None:
            self._program = self._desktop.program_in_front()
            return
        self._look_for_compositor()
        for sheet in self._sheets:
            if sheet.isVisible():
                sheet.raise_()
        if self._hand is not None:
            self._hand.stay_on_top()
        self._look_for_program()

    def _look_for_compositor(self) -> None:
        if self._desktop.is_composited() != self._is_composited:
            self._is_composited = not self._is_composited
            self._begin_anew()

    def _look_for_program(self) -> None:
        now = self._desktop.program_in_front()
        own = program_of(int(self._sheets[0].winId())) if self._sheets else 0
        if now in (0, own):
            return
        before, self._program = self._program, now
        if before not in (0, own, now):
            self._scope.emit(SceneChanged())

    @Slot()
    def _screens_changed(self) -> None:
        self._begin_anew()
        self._scope.emit(SceneChanged())

    def _begin_anew(self) -> None:
        if self._hand is not None:
            self._note_left()
        self._make_sheets()
        self._soon(None)

    @Slot()
    def _note_left(self) -> None:
        self.drop_pen()
        self._scope.emit(PenDropped())
