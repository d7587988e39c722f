"""The `deskside` command: each program brings its own commands through the entry-point group below."""

import logging
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from deskside.errors import DesksideError

GROUP = "deskside.command"
Command = Callable[[Sequence[str]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    commands = {one.name: one for one in entry_points(group=GROUP)}
    if not given or given[0] in ("-h", "--help"):
        sys.stdout.write(_usage(commands))
        return 0
    found = commands.get(given[0])
    if found is None:
        sys.stderr.write(f"deskside: there is no command '{given[0][:40]}'; see 'deskside --help'\n")
        return 2
    return _run(found, given[1:])


def installation() -> bytes:
    """Return the settings that whoever installed the programs has laid beside them; empty if none."""
    try:
        return Path(sys.prefix, "deskside.toml").read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DesksideError(f"the installation's settings cannot be read: {error}") from None


def _run(point: EntryPoint, arguments: Sequence[str]) -> int:
    command: Command = point.load()
    try:
        return command(arguments)
    except DesksideError as error:
        logging.getLogger(__name__).debug("command %s failed", point.name, exc_info=error)
        sys.stderr.write(f"deskside {point.name}: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _usage(commands: dict[str, EntryPoint]) -> str:
    lines = ["usage: deskside COMMAND [OPTIONS]", "", "commands:"]
    for name in sorted(commands):
        summary = (commands[name].load().__doc__ or "").strip().partition("\n")[0]
        lines.append(f"  {name:<12}{summary}")
    return "\n".join([*lines, "", "deskside COMMAND --help says more.", ""])
