"""Settings of the customer's desktop that are changed for a while: read, changed, and given back.

Only what stands in a fixed table (wallpaper.py, outline.py) is ever changed or given back, by commands with
fixed arguments. What the customer has set otherwise meanwhile stays as he set it.
"""

import subprocess
from collections.abc import Callable, Sequence
from typing import Protocol

from attrs import frozen

LONGEST_S = 10.0
LONGEST_VALUE = 4096

Note = list[list[str | None]]
"""What there was: place, key and value of each setting, None for a value that was not set."""
Run = Callable[[Sequence[str]], str]


class CannotBorrow(Exception):
    """This desktop has no such setting, or does not let it be changed."""


class Way(Protocol):
    """A way to change the look of a desktop for a while."""

    def note(self) -> Note:
        """Return what there is.

        :raises CannotBorrow: if it cannot be changed here
        """

    def apply(self, note: Note) -> None:
        """Change what was noted."""

    def give_back(self, note: Note) -> None:
        """Bring back what was noted, as far as it is still changed."""


def run(command: Sequence[str]) -> str:
    """Run a command and return what it prints.

    :raises CannotBorrow: if it is not there or fails
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST_S)  # noqa: S603
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        raise CannotBorrow(str(error)) from error
    return done.stdout.strip()


@frozen
class Gsetting:
    """One setting of a GNOME, Cinnamon or MATE desktop."""

    schema: str
    key: str
    value: str
    """What it is for a while."""
    run: Run = run

    def note(self) -> Note:
        """Return what there is."""
        if self.run(["gsettings", "writable", self.schema, self.key]) != "true":
            raise CannotBorrow(f"{self.schema} {self.key} is locked")
        return [[self.schema, self.key, self._now()]]

    def apply(self, note: Note) -> None:
        """Change it."""
        del note
        self._set(self.value)

    def give_back(self, note: Note) -> None:
        """Bring back what was noted."""
        for place, key, value in note:
            if (place, key) == (self.schema, self.key) and value is not None and self._now() == self.value:
                self._set(value)

    def _now(self) -> str:
        return self.run(["gsettings", "get", self.schema, self.key])

    def _set(self, value: str) -> None:
        self.run(["gsettings", "set", self.schema, self.key, value[:LONGEST_VALUE]])


@frozen
class Xfconf:
    """All settings of an Xfce desktop that end alike, or one of them that need not be there yet."""

    channel: str
    end: str
    kind: str
    value: str
    is_made: bool = False
    """Whether it is made where it is not."""
    run: Run = run

    def note(self) -> Note:
        """Return what there is."""
        there = [
            one
            for one in self.run(["xfconf-query", "-c", self.channel, "-l"]).split("\n")
            if self._is_ours(one)
        ]
        found: Note = [[self.channel, one, self._now(one)] for one in there]
        if not found and self.is_made:
            return [[self.channel, self.end, None]]
        if not found:
            raise CannotBorrow(f"{self.channel} has no {self.end}")
        return found

    def apply(self, note: Note) -> None:
        """Change them."""
        for _, key, _ in note:
            self._set(str(key), self.value)

    def give_back(self, note: Note) -> None:
        """Bring back what was noted."""
        for place, key, value in note:
            if place != self.channel or key is None or not self._is_ours(key) or self._now(key) != self.value:
                continue
            if value is None:
                self.run(["xfconf-query", "-c", self.channel, "-p", key, "-r"])
            else:
                self._set(key, value)

    def _is_ours(self, key: str) -> bool:
        return key.startswith("/") and key.endswith(self.end)

    def _now(self, key: str) -> str:
        return self.run(["xfconf-query", "-c", self.channel, "-p", key])

    def _set(self, key: str, value: str) -> None:
        made = ["-n", "-t", self.kind]
        self.run(["xfconf-query", "-c", self.channel, "-p", key, *made, "-s", value[:LONGEST_VALUE]])
