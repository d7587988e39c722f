"""Who controls, and what of his input is let through. Pure."""

from attrs import define, evolve, frozen

from deskside.api import Message
from deskside_control.messages import (
    ButtonPressed,
    KeyPressed,
    PointerMoved,
    SecureAttention,
    TextTyped,
    WheelTurned,
)

NOBODY = 0


@frozen
class Rights:
    """What the customer and the settings allow now."""

    mouse: bool = False
    keyboard: bool = False
    secure_attention: bool = False

    def __bool__(self) -> bool:
        return self.mouse or self.keyboard

    def admit(self, message: Message) -> Message | None:
        """Return the message as far as it is allowed: a click loses its held keys without the keyboard."""
        match message:
            case PointerMoved():
                return message if self.mouse else None
            case ButtonPressed() | WheelTurned():
                kept = message.modifiers if self.keyboard else ()
                return evolve(message, modifiers=kept) if self.mouse else None
            case KeyPressed() | TextTyped():
                return message if self.keyboard else None
            case SecureAttention():
                return message if self.keyboard and self.secure_attention else None
        return None


@define
class Helm:
    """One controller at a time: the agent who asked last."""

    controller: int = NOBODY

    def take(self, participant: int, rights: Rights) -> bool:
        """Make someone the controller if anything is allowed, and tell whether that changed anything."""
        if not rights or participant == self.controller:
            return False
        self.controller = participant
        return True

    def give_back(self, participant: int) -> bool:
        """End someone's control, and tell whether he had it."""
        if participant != self.controller or participant == NOBODY:
            return False
        self.controller = NOBODY
        return True
