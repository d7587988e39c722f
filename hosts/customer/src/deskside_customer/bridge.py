"""The only crossing between the session's loop and the Qt thread.

Calls to Qt are posted and run there in the order they were made; calls to the loop never wait. Each
side watches the other's heart: a clock reading that both write and only the other one judges.
"""

import logging
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from deskside.calls import Answer, Failure, guarded
from deskside.errors import DesksideError
from deskside_customer.inbox import Loop, Outcome, outcome_of

log = logging.getLogger(__name__)
Result = TypeVar("Result")
BEAT_S = 0.25
SILENT_S = 3.0
MOST_POSTED = 50_000


class QtSilent(DesksideError):
    """Raised when the Qt thread has not answered for 3 s, or more calls wait for it than may."""


class Bridge(QObject):
    """Made on the Qt thread; `post` and `call` may be used from the session's."""

    session_silent = Signal(bool)
    """True once the session's thread has been silent for 3 s, False when it is back."""
    _posted = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.loop = Loop()
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting = 0
        self._is_watching = self._is_silent = False
        self._qt_beat = self._session_beat = clock()
        # A bound method of an object that lives here: anything else would run in the emitting thread.
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(round(BEAT_S * 1000))
        self._timer.timeout.connect(self._beat_qt)
        self._timer.start()

    def post(self, call: Callable[[], object]) -> bool:
        """Run something on the Qt thread after everything posted before; False if too much waits."""
        with self._lock:
            if self._waiting >= MOST_POSTED:
                return False
            self._waiting += 1
        self._posted.emit(call)
        return True

    async def call(self, function: Callable[[], Result]) -> Result:
        """Run something on the Qt thread, in the same order, and return its result.

        :raises QtSilent: if the Qt thread does not run
        """
        outcome: Outcome[Answer | Failure] = Outcome(self.loop)
        if not self.post(lambda: outcome.settle(guarded("customer", "qt", function))):
            raise QtSilent("the window has stopped answering")
        answer = await self.result(outcome)
        if isinstance(answer, Failure):
            raise answer.error
        result: Result = answer.value
        return result

    async def result(self, outcome: Outcome[Result]) -> Result:
        """Wait for something that the Qt thread settles.

        :raises QtSilent: if the Qt thread stops running
        """
        while not await outcome.within(BEAT_S):
            if self.qt_is_silent():
                raise QtSilent("the window has stopped answering")
        return outcome.value()

    def qt_is_silent(self) -> bool:
        """Return whether the Qt thread has been silent for 3 s."""
        return self._clock() - self._qt_beat > SILENT_S

    async def run(self, main: Callable[[], Awaitable[Result]]) -> Result:
        """Run the session's part on this loop, with its heart beating, and return what it returns."""
        self.loop.attach()
        self._session_beat = self._clock()
        self._is_watching = True
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._beat_session)
                ending = await outcome_of(main())
                tasks.cancel_scope.cancel()
        finally:
            self._is_watching = False
        return ending()

    async def _beat_session(self) -> None:
        while True:
            self._session_beat = self._clock()
            await anyio.sleep(BEAT_S)

    @Slot(object)
    def _run(self, call: Callable[[], Any]) -> None:
        with self._lock:
            self._waiting -= 1
        call()

    @Slot()
    def _beat_qt(self) -> None:
        now = self._clock()
        # A machine that slept wakes both threads late; the session gets the same time to beat again.
        if now - self._qt_beat > SILENT_S / 2:
            self._session_beat = max(self._session_beat, now - SILENT_S / 2)
        self._qt_beat = now
        silent = self._is_watching and now - self._session_beat > SILENT_S
        if silent != self._is_silent:
            self._is_silent = silent
            log.warning("the session's thread is %s", "silent" if silent else "back")
            self.session_silent.emit(silent)
