"""The customer program's command. Qt is imported only when a window is wanted."""

import argparse
import locale
import logging
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from deskside import texts
from deskside.cli import installation
from deskside.declare import Side
from deskside.errors import DesksideError
from deskside.loader import Plugins, allowed_by, load
from deskside.pairing import Code
from deskside.restarting import left_out
from deskside.settings import BadSetting, Settings, read
from deskside_customer.program import Order, run
from deskside_customer.settings import DECLARED
from deskside_customer.words import Words, choose
from deskside_line import proxies
from deskside_line.checks import words as line_words
from deskside_line.roads import hush_libraries

WRONG_CODE = "this number has a typing mistake: it must be nine digits, please compare it with the agent's"


def customer(arguments: Sequence[str]) -> int:
    """Share this machine with an agent whose number you have."""
    given = _parse(arguments)
    settings = _settings(given)
    code = _code(given.code)
    words = _words(settings.text("language"))
    logging.basicConfig(
        level=settings.text("log_level").upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    hush_libraries()
    if not settings.text("gateway"):
        raise DesksideError("say which server to use: --gateway https://… (the agent knows it)")
    order = Order(
        gateway=settings.text("gateway").rstrip("/"),
        proxies=proxies.given_in(settings),
        plugins=_plugins(settings.text("plugins")),
        code=code,
        trust=settings.text("trust"),
        name=settings.text("name"),
        has_windows=not given.no_window,
        opens_pages=settings.flag("open_pages"),
    )
    return _in_terminal(order, words) if given.no_window else _in_window(order, words)


def _in_window(order: Order, words: Words) -> int:
    from deskside_customer.qt.system import check  # noqa: PLC0415 - see above

    check()
    from deskside_customer.qt.app import run as run_in_window  # noqa: PLC0415

    return run_in_window(order.plugins, words, partial(run, order=order))


def _in_terminal(order: Order, words: Words) -> int:
    from deskside_customer.terminal import run as run_in_terminal  # noqa: PLC0415

    return run_in_terminal(words, partial(run, order=order))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="deskside customer",
        description="Get help on this machine: nothing is shared before you agree.",
        epilog="Each setting may also stand in the settings file, or in the environment as DESKSIDE_NAME.",
    )
    parser.add_argument("code", nargs="*", metavar="CODE", help="the nine digits your agent gave you")
    parser.add_argument("--no-window", action="store_true", help="stay in this terminal; for servers")
    parser.add_argument("--settings", metavar="FILE", help="TOML file with settings")
    for setting in DECLARED:
        name = f"--{setting.name.replace('_', '-')}"
        parser.add_argument(name, metavar="VALUE", help=f"{setting.help} (default: {setting.default!r})")
    return parser.parse_args(arguments)


def _settings(given: argparse.Namespace) -> Settings:
    try:
        file = Path(given.settings).read_bytes() if given.settings else b""
    except OSError as error:
        raise BadSetting(f"the settings file {given.settings} cannot be read: {error.strerror}") from None
    values = {name: value for name, value in vars(given).items() if name not in ("code", "no_window")}
    return read(DECLARED, installed=installation(), file=file, environ=os.environ, given=values)


def _code(typed: Sequence[str]) -> Code | None:
    if not typed:
        return None
    code = Code.read("".join(typed))
    if code is None:
        raise DesksideError(WRONG_CODE)
    return code


def _words(wanted: str) -> Words:
    system = locale.getlocale()[0] or ""
    own = texts.load("deskside_customer").with_more(line_words())
    return Words(own, choose(wanted, os.environ, system))


def _plugins(named: str) -> Plugins:
    return load(Side.HOST, allowed_by(named), without=left_out())
