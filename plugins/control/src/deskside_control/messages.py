"""What crosses the wire between the agent's page and the customer's machine."""

from enum import StrEnum

from deskside.api import MOST_PARTICIPANTS, Length, Message, Range, field, frozen

MOST_TEXT = 2000
_PIXEL = Range(0, 65_535)
_TURNS = Range(-20, 20)


class Modifier(StrEnum):
    """Keys that change what others mean, by their names in browsers."""

    SHIFT = "Shift"
    CONTROL = "Control"
    ALT = "Alt"
    META = "Meta"


_MODIFIERS = Length(len(Modifier))


@frozen
class WantState(Message):
    """Page → host: tell me who controls."""


@frozen
class Take(Message):
    """Page → host: I control from now on."""


@frozen
class GiveBack(Message):
    """Page → host: I no longer control."""


@frozen
class StillHeld(Message):
    """Page → host, twice a second while keys or buttons are down: they still are."""


@frozen
class PointerMoved(Message):
    """Page → host: the mouse is here, in the customer's pixels from the picture's upper left."""

    x: int = field(validator=_PIXEL)
    y: int = field(validator=_PIXEL)


@frozen
class ButtonPressed(Message):
    """Page → host: a mouse button went down or up: left, middle, right, back, forward, as in browsers."""

    button: int = field(validator=Range(0, 4))
    is_down: bool
    x: int = field(validator=_PIXEL)
    y: int = field(validator=_PIXEL)
    modifiers: tuple[Modifier, ...] = field(default=(), validator=_MODIFIERS)


@frozen
class WheelTurned(Message):
    """Page → host: the wheel was turned by so many notches to the right and down."""

    x: int = field(validator=_PIXEL)
    y: int = field(validator=_PIXEL)
    right: int = field(validator=_TURNS)
    down: int = field(validator=_TURNS)
    modifiers: tuple[Modifier, ...] = field(default=(), validator=_MODIFIERS)


@frozen
class KeyPressed(Message):
    """Page → host: a key went down or up.

    `key` is what it means (`a`, `Enter`), `code` which key it is (`KeyA`), both as in browsers.
    `modifiers` are held besides it, so that both sides stay in step.
    """

    key: str = field(validator=Length(32, 1))
    code: str = field(validator=Length(32))
    is_down: bool
    modifiers: tuple[Modifier, ...] = field(default=(), validator=_MODIFIERS)


@frozen
class TextTyped(Message):
    """Page → host: text that no single key stands for: composed, pasted, dictated."""

    text: str = field(validator=Length(MOST_TEXT, 1))


@frozen
class SecureAttention(Message):
    """Page → host: Ctrl+Alt+Del."""


@frozen
class ControllerChanged(Message):
    """Host → pages: who controls what; nobody if `participant` is 0."""

    participant: int = field(validator=Range(0, MOST_PARTICIPANTS))
    has_mouse: bool
    has_keyboard: bool


@frozen
class Suspended(Message):
    """Host → pages: the customer uses his own mouse or keyboard, which comes first."""


@frozen
class Resumed(Message):
    """Host → pages: the customer has let go; the agent's input counts again."""


@frozen
class PromptSpared(Message):
    """Host → page: that would have operated Deskside's own window, which is for the customer alone."""


MESSAGES: tuple[type[Message], ...] = (
    WantState,
    Take,
    GiveBack,
    StillHeld,
    PointerMoved,
    ButtonPressed,
    WheelTurned,
    KeyPressed,
    TextTyped,
    SecureAttention,
    ControllerChanged,
    Suspended,
    Resumed,
    PromptSpared,
)
