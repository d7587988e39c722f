"""Where each character is on the customer's keyboard. Pure."""

from collections.abc import Iterable, Sequence

from attrs import field, frozen

from deskside_control.x11.keysyms import UNICODE, to_character

LEVELS_OF_GROUP = ((0, 1, 4, 5), (2, 3, 6, 7))
"""Columns of the core keyboard mapping that hold plain, shifted, third-level and shifted third-level."""
MOST_BORROWED = 8
LETTERS = range(9, 95)
"""Key codes that layouts put letters of all scripts on."""
_VENDOR_KEYS = 0x1008_FF00


@frozen
class Place:
    """A key and what must be held with it."""

    code: int
    shift: bool = False
    level3: bool = False
    is_spare: bool = False


@frozen
class Keymap:
    """A snapshot of the server's keyboard mapping."""

    lowest: int
    rows: tuple[tuple[int, ...], ...]
    modifiers: frozenset[int] = field(default=frozenset())
    """Key codes that act as modifiers."""

    @classmethod
    def of(cls, lowest: int, rows: Sequence[Sequence[int]], modifiers: Iterable[int] = ()) -> "Keymap":
        """Take what the server says."""
        return cls(lowest, tuple(tuple(row) for row in rows), frozenset(modifiers))

    def character(self, character: str, group: int = 0, *, caps: bool = False) -> Place | None:
        """Return where a character is in a group of the layout, the fewest held keys first."""
        columns = LEVELS_OF_GROUP[group] if group < len(LEVELS_OF_GROUP) else ()
        for level, column in enumerate(columns):
            for code, row in enumerate(self.rows, self.lowest):
                if column < len(row) and row[column] and to_character(row[column]) == character:
                    shift = bool(level & 1) != (caps and _is_letter(row, columns, level))
                    return Place(code, shift, bool(level & 2))
        return None

    def named(self, keysym: int) -> int | None:
        """Return the key of a named keysym such as Return, where nothing need be held."""
        for column in (0, 2):
            for code, row in enumerate(self.rows, self.lowest):
                if column < len(row) and row[column] == keysym:
                    return code
        return None

    def modifier(self, keysym: int) -> int | None:
        """Return a key with this keysym that really acts as a modifier."""
        for code, row in enumerate(self.rows, self.lowest):
            if keysym in row and code in self.modifiers:
                return code
        return None

    def spare(self) -> dict[int, tuple[int, ...]]:
        """Return keys that nobody needs, with what is on them now.

        Empty ones, ones that an earlier run of ours left behind, and if those are few the vendor's
        keys from the end of the keyboard, which are given back in the end.
        """
        rows = dict(enumerate(self.rows, self.lowest))
        found: dict[int, tuple[int, ...]] = {code: () for code, row in rows.items() if _is_free(code, row)}
        for code in reversed(rows):
            if len(found) >= MOST_BORROWED:
                break
            if code not in found and code not in self.modifiers and _is_vendors(rows[code]):
                found[code] = rows[code]
        return found


def _is_letter(row: Sequence[int], columns: Sequence[int], level: int) -> bool:
    """Tell whether Caps Lock turns this level of a key into its neighbour."""
    lower, upper = columns[level & 2], columns[(level & 2) + 1]
    if upper >= len(row):
        return False
    small, large = to_character(row[lower]), to_character(row[upper])
    return small != large and small.upper() == large


def _is_free(code: int, row: Sequence[int]) -> bool:
    there = [keysym for keysym in row if keysym]
    is_ours = code not in LETTERS and all(keysym >> 24 == UNICODE >> 24 for keysym in there)
    return not there or is_ours


def _is_vendors(row: Sequence[int]) -> bool:
    there = [keysym for keysym in row if keysym]
    return bool(there) and all(keysym >= _VENDOR_KEYS for keysym in there)
