"""The customer's real program in a real window, read in words and clicked with the real mouse."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from attrs import define, frozen
from screens import Hand, wait_until

WITNESS = Path(__file__).with_name("witness.py")
SETTLED_S = 0.2
TRIES = 3
READABLE_S = 0.8
"""A question that has just appeared takes no yes."""


@frozen
class Widget:
    """Something that can be seen in one of the program's windows."""

    name: str
    words: str
    title: str
    place: tuple[int, int]


@define
class Window:
    """A running customer program."""

    screen: Hand
    program: subprocess.Popen[str]
    folder: Path

    @classmethod
    def open(
        cls,
        screen: Hand,
        folder: Path,
        *arguments: str,
        python: Sequence[str] = (sys.executable,),
        **environ: str,
    ) -> "Window":
        """Start `deskside customer` with these arguments; its home is the folder."""
        folder.mkdir(exist_ok=True)
        given = screen.environment(HOME=str(folder), XDG_RUNTIME_DIR=str(folder), **environ)
        with (folder / "customer.log").open("wb") as out:
            program = screen.spawn(
                *python, str(WITNESS), str(folder), "customer", *arguments, stdout=out, stderr=out, env=given
            )
        return cls(screen, program, folder)

    def widgets(self) -> list[Widget]:
        """Return what is visible now."""
        try:
            seen = json.loads((self.folder / "seen.json").read_text())
        except FileNotFoundError:
            return []
        return [Widget(one["name"], one["words"], one["title"], tuple(one["place"])) for one in seen]

    def words(self) -> str:
        """Return all that can be read now, a line for each widget."""
        seen = self.widgets()
        return "\n".join([one.title for one in seen if one.title] + [one.words for one in seen if one.words])

    def says(self, pattern: str, limit_s: float = 40) -> re.Match[str]:
        """Wait until this can be read."""
        try:
            found: re.Match[str] = wait_until(lambda: re.search(pattern, self.words()), pattern, limit_s)
        except AssertionError:
            log = (self.folder / "customer.log").read_text(errors="replace")[-2000:]
            raise AssertionError(f"{pattern!r} cannot be read:\n{self.words()}\n---\n{log}") from None
        return found

    def has(self, name: str) -> bool:
        """Tell whether a widget of this name is visible."""
        return any(one.name == name for one in self.widgets())

    def click(self, name: str) -> None:
        """Click a widget, by its name, with the hand of the person who sits there."""
        self._click(lambda one: one.name == name, name)

    def answer(self, *, yes: bool, to: str = "") -> None:
        """Answer the question that stands there, and again if it was too early for a click.

        Where another may follow at once, `to` is something that only this one says.
        """
        name = "yes" if yes else "no"
        wait_until(lambda: self.has(name) and to in self.words(), "a question in the window", 40)
        time.sleep(READABLE_S)
        asked = self._asked()
        for left in reversed(range(TRIES)):
            self.click(name)
            try:
                wait_until(lambda: not (self.has(name) and to in self.words()), "the question to be gone", 10)
            except AssertionError:
                if not left or self._asked() != asked:
                    raise
            else:
                return

    def _asked(self) -> str:
        """Return what can be read but for what a clock changes."""
        return re.sub(r"[0-9]", "", self.words())

    def _click(self, fits: Callable[[Widget], Any], what: str) -> None:
        def places() -> list[tuple[int, int]]:
            return [one.place for one in self.widgets() if fits(one)]

        def still() -> bool:
            before = places()
            time.sleep(SETTLED_S)
            return bool(before) and places() == before

        wait_until(still, f"{what} to stand still", 20)
        x, y = places()[-1]
        self.screen.hand("mousemove", x - 7, y - 5)
        self.screen.hand("mousemove", x, y, "click", 1)
