"""The viewer's command."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from deskside.cli import installation
from deskside.settings import BadSetting, read
from deskside_viewer.settings import DECLARED


def viewer(arguments: Sequence[str]) -> int:
    """Run the agent's console and sessions as a program of their own."""
    parser = argparse.ArgumentParser(
        prog="deskside viewer",
        epilog="Each setting may also stand in the settings file, or in the environment as DESKSIDE_NAME.",
    )
    parser.add_argument("--settings", metavar="FILE", help="TOML file with settings")
    for setting in DECLARED:
        name = f"--{setting.name.replace('_', '-')}"
        told = f"{setting.help} (default: {setting.default!r})"
        if isinstance(setting.default, bool):
            parser.add_argument(name, nargs="?", const="true", metavar="VALUE", help=told)
        else:
            parser.add_argument(name, metavar="VALUE", help=told)
    given = parser.parse_args(arguments)
    try:
        file = Path(given.settings).read_bytes() if given.settings else b""
    except OSError as error:
        raise BadSetting(f"the settings file {given.settings} cannot be read: {error.strerror}") from None
    settings = read(DECLARED, installed=installation(), file=file, environ=os.environ, given=vars(given))
    from deskside_viewer.start import viewer as start  # noqa: PLC0415 - help is quick without it

    return start(settings)
