"""Holds a change of the desktop's look while another program wants it, and gives it back whatever happens.

    python -m deskside_screen.guard wallpaper

It is a process of its own: its standard input ends when whoever started it lets go, or dies. If it dies
itself, the note it leaves is read at the next start.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from attrs import define

from deskside_screen import outline, wallpaper
from deskside_screen.borrowed import CannotBorrow, Note, Way

WAYS: Mapping[str, Callable[[], Way]] = {"wallpaper": wallpaper.way, "outline": outline.way}
END_S = 30.0
LARGEST = 64 * 1024


def reason_against(what: str) -> str:
    """Return why this cannot be done here, nothing if it can; give back first what a crash left changed."""
    try:
        with locked(what) as is_alone:
            if is_alone:
                leftover(what)
        WAYS[what]().note()
    except (CannotBorrow, OSError) as error:
        return str(error) or "no"
    return ""


@define(eq=False)
class Guard:
    """The process that holds a change, seen from the one that wants it."""

    _process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, what: str) -> Self:
        """Change it; in a session of its own, so that no Ctrl+C or closed terminal ends it."""
        command = [sys.executable, "-P", "-m", "deskside_screen.guard", what]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True))  # noqa: S603

    def stop(self) -> None:
        """Have it given back, and wait for that."""
        with suppress(BrokenPipeError, subprocess.TimeoutExpired):
            self._process.communicate(timeout=END_S)


def main(what: str) -> int:
    """Hold a change until the standard input ends."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with locked(what) as is_alone:
        if not is_alone:
            # Another support has changed it already, and gives it back.
            sys.stdin.buffer.read()
            return 0
        try:
            leftover(what)
            hold(what, WAYS[what]())
        except CannotBorrow as error:
            sys.stderr.write(f"not changed: {what}: {error}\n")
            return 1
    return 0


def hold(what: str, way: Way) -> None:
    """Change, wait for the end, give back."""
    note = way.note()
    note_path(what).write_text(json.dumps(note))
    try:
        way.apply(note)
        sys.stdin.buffer.read()
    finally:
        way.give_back(note)
        note_path(what).unlink(missing_ok=True)


def leftover(what: str) -> None:
    """Give back what a guard that died has left changed."""
    path = note_path(what)
    with suppress(FileNotFoundError):
        note = _sound(path.read_text()[:LARGEST])
        with suppress(CannotBorrow):
            WAYS[what]().give_back(note)
        path.unlink()


@contextmanager
def locked(what: str) -> Iterator[bool]:
    """Tell whether nobody else holds this now, and keep it so."""
    path = note_path(what).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def note_path(what: str) -> Path:
    """Return where it is noted what there was."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "deskside" / f"{what}.json"


def _sound(text: str) -> Note:
    """Return a note as far as it is one."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    lines = found if isinstance(found, list) else []
    return [one for one in lines if isinstance(one, list) and len(one) == 3 and _are_words(one)]


def _are_words(line: list[object]) -> bool:
    place, key, value = line
    return isinstance(place, str) and isinstance(key, str) and (value is None or isinstance(value, str))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
