"""The one thread that injects: it owns the connection to the machine's input."""

from collections.abc import Callable

from attrs import define, field

from deskside.api import Message
from deskside_control.inbox import Inbox
from deskside_control.injector import Injector
from deskside_control.messages import (
    ButtonPressed,
    KeyPressed,
    PointerMoved,
    SecureAttention,
    TextTyped,
    WheelTurned,
)


@define(eq=False)
class Driver:
    """Does what is in the inbox, until that is closed."""

    open_injector: Callable[[], Injector]
    is_suspended: Callable[[], bool]
    spared: Callable[[], None]
    """Called, from this thread, when something was left undone to spare our own window."""
    to_desktop: Callable[[int, int], tuple[int, int]] = lambda x, y: (x, y)
    """Turns the picture's pixels into the desktop's."""
    inbox: Inbox = field(factory=Inbox)

    def run(self) -> None:
        """Open the injector and work; whatever happens, leave nothing held."""
        injector = self.open_injector()
        try:
            try:
                while not self.inbox.is_closed:
                    self._step(injector)
            finally:
                injector.let_go()
        finally:
            injector.close()

    def _step(self, injector: Injector) -> None:
        message = self.inbox.take()
        if message is None:
            injector.let_go()
        elif not self.is_suspended() and not self._perform(injector, message):
            self.spared()

    def _go_on(self) -> bool:
        return not self.inbox.is_interrupted and not self.is_suspended()

    def _perform(self, injector: Injector, message: Message) -> bool:
        """Do what one message says, and tell whether it was done."""
        match message:
            case PointerMoved(x, y):
                injector.move(*self.to_desktop(x, y))
            case ButtonPressed(button, is_down, x, y, modifiers):
                injector.hold(modifiers)
                injector.move(*self.to_desktop(x, y))
                return injector.button(button, is_down=is_down)
            case WheelTurned(x, y, right, down, modifiers):
                injector.hold(modifiers)
                injector.move(*self.to_desktop(x, y))
                return injector.wheel(right, down)
            case KeyPressed():
                return injector.key(message)
            case TextTyped(text):
                return injector.type(text, self._go_on)
            case SecureAttention():
                injector.secure_attention()
        return True
