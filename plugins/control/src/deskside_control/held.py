"""What the agent holds down on the customer's machine. Pure."""

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

from attrs import define, field

from deskside_control.messages import Modifier

Name = TypeVar("Name", bound=Hashable)


@define
class Held(Generic[Name]):
    """Key codes or buttons that are down, by the agent's name for them."""

    _down: dict[Name, int] = field(factory=dict)

    def press(self, name: Name, code: int) -> None:
        """Note that a key is down."""
        self._down[name] = code

    def code_of(self, name: Name) -> int | None:
        """Return what a name holds down."""
        return self._down.get(name)

    def release(self, name: Name) -> int | None:
        """Forget a key and return the code to let go, or None if another name still holds it down."""
        code = self._down.pop(name, None)
        return None if code in self._down.values() else code

    def codes(self) -> frozenset[int]:
        """Return all codes that are down."""
        return frozenset(self._down.values())

    def drain(self) -> tuple[int, ...]:
        """Forget everything and return the codes to let go, last pressed first."""
        codes = tuple(dict.fromkeys(reversed(self._down.values())))
        self._down.clear()
        return codes


def out_of_step(
    held: Collection[Modifier], wanted: Collection[Modifier]
) -> tuple[list[Modifier], list[Modifier]]:
    """Return which modifiers to let go and which to press so that exactly the wanted ones are held."""
    order = list(Modifier)
    loose = [one for one in order if one in held and one not in wanted]
    missing = [one for one in order if one in wanted and one not in held]
    return loose, missing
