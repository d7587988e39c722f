"""One session's control: takes the pages' messages, keeps the rules, drives the injector."""

import asyncio
import contextlib
import math
from collections.abc import Callable
from time import monotonic

import anyio
import anyio.abc
import anyio.to_thread
from attrs import define, field, frozen

from deskside.api import ALL, Channel, Message, NotGranted, Participant, PluginSession, Received
from deskside_control.driver import Driver
from deskside_control.geometry import Geometry, to_desktop
from deskside_control.injector import Injector, Watch
from deskside_control.messages import (
    ControllerChanged,
    GiveBack,
    PointerMoved,
    PromptSpared,
    Resumed,
    SecureAttention,
    StillHeld,
    Suspended,
    Take,
    WantState,
)
from deskside_control.plugin import GEOMETRY, KEYBOARD, MOUSE, SECURE_ATTENTION, SIMULTANEOUS
from deskside_control.rights import NOBODY, Helm, Rights
from deskside_control.suspension import Suspension

SOON_S = 0.01
"""The shortest wait for a deadline, which the next look may find not quite over."""
SILENT_S = 2.0
"""A page that holds something down and says nothing for so long is taken to be gone."""
FULL_S = 0.01
LET_GO_S = 3.0
"""How long a blocked machine may take to let go before its thread is left behind."""


@frozen
class Devices:
    """How to reach this machine's mouse and keyboard."""

    open_injector: Callable[[], Injector]
    new_watch: Callable[[], Watch]
    clock: Callable[[], float] = monotonic


@define(eq=False)
class Steering:
    """Lives as long as the plugin's channel."""

    _session: PluginSession
    _channel: Channel
    _devices: Devices
    _helm: Helm = field(factory=Helm)
    _rights: Rights = field(factory=Rights)
    _driver: Driver | None = None
    _heard: float = 0.0
    _may_hold: bool = False
    _is_told_suspended: bool = False
    _spared: bool = False
    _news: anyio.Event = field(factory=anyio.Event)
    """Set when there is something to look after; then another takes its place."""
    _loop: asyncio.AbstractEventLoop | None = None
    _one_reign: anyio.Lock = field(factory=anyio.Lock)
    _suspension: Suspension = field()

    @_suspension.default
    def _new_suspension(self) -> Suspension:
        return Suspension(self._devices.clock)

    async def run(self) -> None:
        """Serve until the channel ends."""
        self._loop = asyncio.get_running_loop()
        async with anyio.create_task_group() as tasks:
            async for received in self._channel:
                await self._receive(received, tasks)
            tasks.cancel_scope.cancel()

    async def _receive(self, received: Received, tasks: anyio.abc.TaskGroup) -> None:
        sender = received.sender
        match received.message:
            case WantState():
                await self._tell(sender.id)
            case Take():
                await self._take(sender, tasks)
            case GiveBack():
                if self._helm.give_back(sender.id):
                    self._session.audit("control_given_back", by=sender.name)
                    self._stir()
                    await self._tell()
            case StillHeld():
                if sender.id == self._helm.controller:
                    self._heard = self._devices.clock()
            case message:
                await self._pass_on(message, sender)

    async def _take(self, sender: Participant, tasks: anyio.abc.TaskGroup) -> None:
        self._rights = self._rights_now()
        had = self._helm.controller
        if not self._helm.take(sender.id, self._rights):
            await self._tell(sender.id)
            return
        self._session.audit("control_taken", by=sender.name)
        if had != NOBODY and self._driver is not None:
            self._driver.inbox.let_go()
        else:
            self._driver = await self._new_driver()
            tasks.start_soon(self._reign, self._driver)
        await self._tell()

    async def _new_driver(self) -> Driver:
        def is_suspended() -> bool:
            return self._suspension.is_on

        try:
            geometry: Geometry = await self._session.provide(GEOMETRY)
        except NotGranted:
            # Nobody shows a part of the desktop, so the picture is all of it.
            return Driver(self._devices.open_injector, is_suspended, self._spare)
        return Driver(
            self._devices.open_injector,
            is_suspended,
            self._spare,
            lambda x, y: to_desktop(geometry.shown, x, y),
        )

    async def _pass_on(self, message: Message, sender: Participant) -> None:
        if sender.id != self._helm.controller:
            if not isinstance(message, PointerMoved):
                await self._tell(sender.id)
            return
        self._heard = self._devices.clock()
        admitted = self._rights_now().admit(message)
        if admitted is None:
            return
        if getattr(admitted, "is_down", False) and not self._may_hold:
            self._may_hold = True
            self._stir()
        if await self._put(admitted) and isinstance(admitted, SecureAttention):
            self._session.audit("secure_attention_sent", by=sender.name)

    async def _put(self, message: Message) -> bool:
        """Wait for room, while what the page then sends waits on its side; False if it is passed over."""
        while (driver := self._driver) is not None and not self._suspension.is_on:
            if driver.inbox.put(message):
                return True
            await anyio.sleep(FULL_S)
        return False

    async def _reign(self, driver: Driver) -> None:
        """Drive the machine for as long as somebody controls it, then leave nothing held."""
        watch = None if self._session.allows(SIMULTANEOUS) else self._devices.new_watch()
        lives = anyio.CancelScope(shield=True), anyio.CancelScope(shield=True)
        async with self._one_reign, anyio.create_task_group() as tasks:
            tasks.start_soon(_in_thread, lives[0], driver.run)
            if watch is not None:
                tasks.start_soon(_in_thread, lives[1], watch.run, lambda: self._touched(driver))
            tasks.start_soon(self._follow_rights, driver)
            try:
                while self._driver is driver and self._helm.controller != NOBODY:
                    news = self._news
                    await self._look_after(driver)
                    with anyio.move_on_after(self._next_s()):
                        await news.wait()
            finally:
                if self._driver is driver:
                    self._driver = None
                self._suspension.clear()
                self._is_told_suspended = False
                driver.inbox.close()
                if watch is not None:
                    watch.close()
                for life in lives:
                    life.deadline = anyio.current_time() + LET_GO_S
                tasks.cancel_scope.cancel()

    async def _follow_rights(self, driver: Driver) -> None:
        """Let go as soon as a right is taken back, or whoever controls is gone."""
        seen = 0
        while True:
            seen = await self._session.changed(seen)
            rights = self._rights_now()
            if rights != self._rights:
                self._rights = rights
                driver.inbox.let_go()
                if not rights:
                    self._helm.controller = NOBODY
                    self._session.audit("control_taken_back")
                    self._stir()
                await self._tell()
            if self._may_hold and not self._is_here():
                driver.inbox.let_go()
                self._may_hold = False

    async def _look_after(self, driver: Driver) -> None:
        """Do what only clocks and threads know of; whatever a deadline here depends on stirs."""
        if self._may_hold and self._devices.clock() - self._heard > SILENT_S:
            driver.inbox.let_go()
            self._may_hold = False
        if self._suspension.is_on != self._is_told_suspended:
            self._is_told_suspended = self._suspension.is_on
            self._may_hold = False
            await self._channel.send(Suspended() if self._is_told_suspended else Resumed())
        if self._spared:
            self._spared = False
            self._channel.offer(PromptSpared(), to=self._helm.controller)

    def _next_s(self) -> float:
        """Return how long nothing has to be looked after unless there is news."""
        ends = self._suspension.left_s if self._is_told_suspended else math.inf
        if self._may_hold:
            ends = min(ends, self._heard + SILENT_S - self._devices.clock())
        return max(SOON_S, ends)

    def _stir(self) -> None:
        self._news.set()
        self._news = anyio.Event()

    def _stir_from_thread(self) -> None:
        """Tell the session's loop, without waiting for it."""
        # A thread that was left behind may outlive the loop.
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stir)

    def _is_here(self) -> bool:
        there = self._session.participants.get(self._helm.controller)
        return there is not None and there.present

    def _touched(self, driver: Driver) -> None:
        """Let go at once; called from the watch's thread, which does not wait for the session."""
        if self._suspension.touched():
            driver.inbox.let_go()
            self._stir_from_thread()

    def _spare(self) -> None:
        self._spared = True
        self._stir_from_thread()

    def _rights_now(self) -> Rights:
        allows = self._session.allows
        return Rights(allows(MOUSE), allows(KEYBOARD), allows(SECURE_ATTENTION))

    async def _tell(self, to: int = ALL) -> None:
        now = self._helm.controller, self._rights
        await self._channel.send(ControllerChanged(now[0], now[1].mouse, now[1].keyboard), to=to)
        if self._is_told_suspended:
            await self._channel.send(Suspended(), to=to)


async def _in_thread(life: anyio.CancelScope, function: Callable[..., None], *arguments: object) -> None:
    """Run a thread that ends by itself once told to; at the deadline of its life it is left behind."""
    with life:
        await anyio.to_thread.run_sync(function, *arguments, abandon_on_cancel=True)
