"""Pages that open after a support: nothing but web addresses, by one fixed program, never by a shell."""

import os
import sys
from pathlib import Path

import pytest
from screens import wait_until

from deskside_customer.opening import addresses, is_good, open_page

BAD = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://example.com/",
    "--version",
    "https://",
    "//example.com",
    " https://example.com/a b",
    "https://example.com/\n--x",
    "https://example.com/" + "a" * 4000,
    "",
)


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a small program in the place of the browser; return where it writes what it is given."""
    seen = tmp_path / "seen"
    program = tmp_path / "xdg-open"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys\nfrom pathlib import Path\n"
        f"Path({str(seen)!r} + '.new').write_text(repr(sys.argv[1:]))\n"
        f"os.replace({str(seen)!r} + '.new', {str(seen)!r})\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":no-such-screen")
    return seen


@pytest.mark.feature("END-04")
def test_an_address_reaches_the_browser_as_one_argument_whatever_a_shell_would_make_of_it(
    browser: Path,
) -> None:
    address = "https://example.com/?a=1&b=$(touch%20x);'\"`id`"

    assert open_page(address)

    wait_until(browser.exists, "the browser to be called")
    assert browser.read_text() == repr([address])


@pytest.mark.feature("END-04")
@pytest.mark.parametrize("address", BAD)
def test_nothing_but_an_address_of_the_web_is_opened(browser: Path, address: str) -> None:
    assert not is_good(address)
    assert not open_page(address)
    assert addresses({"notice": address, "popup": {"address": address}}) == ()
    assert not browser.exists()


def test_without_a_screen_or_a_browser_nothing_opens_and_nobody_is_disturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":no-such-screen")
    assert not open_page("https://example.com/")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not open_page("https://example.com/")


@pytest.mark.parametrize("told", [None, [], "x", {}, {"notice": 5}, {"popup": "https://example.com/"}])
def test_what_a_gateway_says_in_another_way_is_passed_over(told: object) -> None:
    assert addresses(told) == ()
