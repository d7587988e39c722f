"""What `deskside customer` says before it does anything."""

import subprocess

import pytest

from deskside.pairing import Code

from programs import DESKSIDE, clean_environment

WRONG = "123456780" if Code.read("123456780") is None else "123456781"


def start(*arguments: str, **environ: str) -> tuple[int, str]:
    kept = {
        key: value for key, value in clean_environment().items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    done = subprocess.run(
        [DESKSIDE, "customer", *arguments],
        env={**kept, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("typed", [[WRONG], ["123", "456", WRONG[-3:]], ["12-34"]])
def test_a_mistyped_number_is_refused_before_anything_is_sent(typed: list[str]) -> None:
    code, said = start(*typed, "--gateway", "https://help.example.invalid")

    assert code == 2
    assert "typing mistake" in said
    assert said.count("\n") == 1


def test_without_a_server_it_says_which_option_names_one() -> None:
    code, said = start()

    assert (code, said.count("\n")) == (2, 1)
    assert "--gateway" in said


def test_without_a_screen_it_says_what_to_use_instead() -> None:
    code, said = start("--gateway", "https://help.example.invalid")

    assert (code, said.count("\n")) == (2, 1)
    assert "--no-window" in said


def test_a_screen_that_does_not_answer_is_named() -> None:
    code, said = start("--gateway", "https://help.example.invalid", DISPLAY=":4242")

    assert (code, said.count("\n")) == (2, 1)
    assert ":4242" in said


def test_without_a_terminal_it_refuses_to_do_without_a_window() -> None:
    code, said = start("--no-window", "--gateway", "https://help.example.invalid")

    assert (code, said.count("\n")) == (2, 1)
    assert "needs a terminal" in said


def test_an_unknown_language_is_refused() -> None:
    code, said = start("--language", "tlh", "--gateway", "https://help.example.invalid")

    assert (code, said.count("\n")) == (2, 1)
