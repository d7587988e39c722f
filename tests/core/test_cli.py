"""The command: helpful without arguments, one sentence when wrong."""

import subprocess
import sys
from pathlib import Path

DESKSIDE = Path(sys.executable).with_name("deskside")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DESKSIDE, *arguments], capture_output=True, text=True, check=False, timeout=30)


def test_help_lists_every_installed_command_with_one_line() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "  up " in done.stdout


def test_an_unknown_command_is_refused_in_one_sentence() -> None:
    done = run("frobnicate")

    assert done.returncode == 2
    assert done.stderr == "deskside: there is no command 'frobnicate'; see 'deskside --help'\n"
