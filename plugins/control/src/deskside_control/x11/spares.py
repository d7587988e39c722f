"""Which spare key has which characters now: those not used for longest give way. Pure.

A key holds one character, or one plain and one with Shift, for every change of a key makes all programs,
and the window manager above all, read the whole keyboard anew. More than two the core protocol cannot give.
"""

from collections.abc import Collection, Iterable, Sequence

from attrs import define, field

from deskside_control.x11.keymap import Place

Slot = tuple[int, int]
"""A key code and a level of it: 1 is with Shift."""

Row = tuple[int, int]
"""What is on a key, plain and with Shift."""


@define
class Spares:
    """Spare keys of a keyboard."""

    codes: tuple[int, ...]
    levels: int
    _slots: dict[int, Slot] = field(factory=dict)
    """Keysym → where it is, least recently used first."""

    def place_of(self, keysym: int) -> Place | None:
        """Return where a character is, noting its use."""
        slot = self._slots.pop(keysym, None)
        if slot is None:
            return None
        self._slots[keysym] = slot
        return Place(slot[0], shift=slot[1] == 1, is_spare=True)

    def rounds(self, needs: Sequence[int | None], busy: Collection[int] = ()) -> list[int]:
        """Divide a text into rounds that fit on the keys that may change; return where each ends.

        None stands for a character that needs no spare key.
        """
        room = self.levels * sum(1 for code in self.codes if code not in busy)
        ends, needed = [], set[int]()
        for place, keysym in enumerate(needs):
            if keysym is None or keysym in needed:
                continue
            if needed and len(needed) >= room:
                ends.append(place)
                needed = set()
            needed.add(keysym)
        return [*ends, len(needs)]

    def bind(self, wanted: Iterable[int], busy: Collection[int] = ()) -> tuple[dict[int, Row], bool]:
        """Give each character a place; return the new rows of keys, and whether a used one gave way."""
        keysyms = dict.fromkeys(wanted)
        missing = [one for one in keysyms if self.place_of(one) is None]
        changed, gave_way = dict[int, None](), False
        for keysym, slot in zip(missing, self._open_slots(keysyms, busy), strict=False):
            old = next((one for one, place in self._slots.items() if place == slot), None)
            if old is not None:
                del self._slots[old]
                gave_way = True
            self._slots[keysym] = slot
            changed[slot[0]] = None
        return {code: self._row(code) for code in changed}, gave_way

    def _open_slots(self, kept: Collection[int], busy: Collection[int]) -> list[Slot]:
        """Return slots to fill: free ones first, then key by key those not used for longest."""
        taken = {slot: keysym for keysym, slot in self._slots.items()}
        every = [(code, level) for code in self.codes if code not in busy for level in range(self.levels)]
        free = [slot for slot in every if slot not in taken]
        last_use = {slot[0]: age for age, slot in enumerate(self._slots.values())}
        used = [slot for slot in every if slot in taken and taken[slot] not in kept]
        return free + sorted(used, key=lambda slot: last_use[slot[0]])

    def _row(self, code: int) -> Row:
        on_key = {level: keysym for keysym, (where, level) in self._slots.items() if where == code}
        some = next(iter(on_key.values()))
        return on_key.get(0, some), on_key.get(1, some)
