"""Who has which colour. Pure."""

import json
from collections.abc import Collection

from attrs import define, field

PALETTE = ("#d3302f", "#1e66d0", "#1f8a4c", "#e07b00", "#8a3fc2", "#00838f", "#c2185b", "#6d4c41")
"""The first is the customer's own; all of them show on light and on dark."""


@define
class Pens:
    """Gives everyone a colour of his own; repeats one only when there are more people."""

    colours: dict[int, str] = field(factory=lambda: {0: PALETTE[0]})

    def of(self, participant: int) -> str:
        """Return a person's colour."""
        if participant not in self.colours:
            taken = list(self.colours.values())
            self.colours[participant] = min(PALETTE, key=lambda one: (taken.count(one), PALETTE.index(one)))
        return self.colours[participant]

    def keep_only(self, people: Collection[int]) -> None:
        """Forget those who will not come again."""
        self.colours = {one: colour for one, colour in self.colours.items() if one == 0 or one in people}

    def state(self) -> bytes:
        """Return everything as bytes for a checkpoint."""
        return json.dumps(sorted(self.colours.items())).encode()

    @classmethod
    def restore(cls, state: bytes) -> "Pens":
        """Return what was stored."""
        return cls(dict(json.loads(state)))
