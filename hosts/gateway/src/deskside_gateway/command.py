"""The gateway's commands. Heavy modules are imported when a command runs, so that help is quick."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from deskside.cli import installation
from deskside.settings import BadSetting, Settings, read
from deskside_gateway.settings import DECLARED

PASSWORD = re.compile(r"(://[^/@]*?:).*@")


def up(arguments: Sequence[str]) -> int:
    """Run the whole server in one process."""
    settings = _read("up", arguments)
    from deskside_gateway.start import up as start  # noqa: PLC0415 - see above

    return start(settings)


def gateway(arguments: Sequence[str]) -> int:
    """Run the server without a viewer; agents' programs connect to it."""
    settings = _read("gateway", arguments)
    from deskside_gateway.start import gateway as start  # noqa: PLC0415 - see above

    return start(settings)


def config(arguments: Sequence[str]) -> int:
    """Show every setting of the server, its value and where that came from."""
    settings = _read("config", arguments)
    for setting in DECLARED:
        value = settings.values[setting.name]
        sys.stdout.write(f"{setting.name} = {_shown(value.value)!r}  ({value.origin}; {setting.help})\n")
    secret = Path(settings.text("data"), "node.secret").resolve()
    sys.stdout.write(
        f"\nA hosted viewer proves itself with the secret in {secret}, made at the first start.\n"
    )
    return 0


def let_in(arguments: Sequence[str]) -> int:
    """Print a one-time link for somebody who cannot sign in any more."""
    parser = _parser("let-in")
    parser.add_argument("login_name", metavar="LOGIN_NAME", help="who is to be let in")
    parser.add_argument(
        "--company", type=int, metavar="NUMBER", help="where the server has several companies"
    )
    given = parser.parse_args(arguments)
    from deskside_gateway.letting_in import print_link  # noqa: PLC0415 - see above

    return print_link(_settings(given), given.login_name, given.company)


def _shown(value: object) -> object:
    """Return a value without the password of an address."""
    return PASSWORD.sub(r"\1***@", value) if isinstance(value, str) else value


def _read(command: str, arguments: Sequence[str]) -> Settings:
    return _settings(_parser(command).parse_args(arguments))


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"deskside {command}",
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
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    file = _file(given.settings) if given.settings else b""
    return read(DECLARED, installed=installation(), file=file, environ=os.environ, given=vars(given))


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadSetting(f"the settings file {path} cannot be read: {error.strerror}") from None
