"""What waits to be done on the customer's machine: bounded, moves merged, keys never."""

from collections import deque
from threading import Condition

from attrs import define, field

from deskside.api import Message
from deskside_control.messages import PointerMoved

MOST_WAITING = 256


@define(eq=False)
class Inbox:
    """A queue between the session and the one thread that injects."""

    most: int = MOST_WAITING
    _waiting: deque[Message] = field(factory=deque)
    _changed: Condition = field(factory=Condition)
    _wants_release: bool = False
    is_closed: bool = False

    def put(self, message: Message) -> bool:
        """Add a message, or return False if there is no room for it now."""
        with self._changed:
            if isinstance(message, PointerMoved) and self._ends_in_move():
                self._waiting[-1] = message
            elif len(self._waiting) >= self.most:
                return False
            else:
                self._waiting.append(message)
            self._changed.notify()
            return True

    def let_go(self) -> None:
        """Drop everything that waits and ask for all held keys and buttons to be released."""
        with self._changed:
            self._waiting.clear()
            self._wants_release = True
            self._changed.notify()

    def close(self) -> None:
        """Let the reader end once it has released everything."""
        with self._changed:
            self._waiting.clear()
            self.is_closed = True
            self._changed.notify()

    @property
    def is_interrupted(self) -> bool:
        """Tell whether what is being done should be given up."""
        return self._wants_release or self.is_closed

    def take(self) -> Message | None:
        """Wait for the next message; None asks to release everything, for good if `is_closed`."""
        with self._changed:
            while not (self._waiting or self.is_interrupted):
                self._changed.wait()
            if self.is_interrupted:
                self._wants_release = False
                return None
            return self._waiting.popleft()

    def _ends_in_move(self) -> bool:
        return bool(self._waiting) and isinstance(self._waiting[-1], PointerMoved)
