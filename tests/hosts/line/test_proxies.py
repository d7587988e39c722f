"""Which proxy is taken on the way to a server."""

from pathlib import Path

import pytest

from deskside.errors import DesksideError
from deskside.settings import read
from deskside_line.proxies import NONE, SETTINGS, BadProxy, Proxies, credentials, given_in, shown

SERVER = "https://help.test"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_one_that_was_named_is_taken_with_user_and_password_and_shown_without() -> None:
    found = Proxies("proxy.test:3128", "kim", "a:b@c/ü").towards(SERVER)

    assert found == "http://kim:a%3Ab%40c%2F%C3%BC@proxy.test:3128"
    assert credentials(found) == ("kim", "a:b@c/ü")
    assert shown(found) == "proxy.test:3128"
    assert "a:b" not in repr(Proxies("proxy.test:3128", "kim", "a:b@c/ü"))


def test_the_systems_is_found_by_the_kind_of_line_and_left_where_the_system_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Proxies().towards(SERVER) == ""
    monkeypatch.setenv("https_proxy", "kim:secret@proxy.test:3128")
    monkeypatch.setenv("no_proxy", "inside.test")

    assert Proxies().towards(SERVER) == "http://kim:secret@proxy.test:3128"
    assert Proxies().towards("wss://help.test/v1/control") == "http://kim:secret@proxy.test:3128"
    assert Proxies().towards("http://help.test") == ""
    assert Proxies().towards("https://inside.test") == ""
    assert Proxies(NONE).towards(SERVER) == ""


@pytest.mark.parametrize(
    "named",
    [
        "",
        "http://",
        "ftp://proxy.test:1",
        "socks5://proxy.test:1",
        "proxy.test:x",
        "proxy.test/path",
        "a b:1",
    ],
)
def test_what_is_no_address_of_a_proxy_is_refused_in_words(named: str) -> None:
    with pytest.raises(BadProxy, match="the proxy must be auto, none, or an address"):
        Proxies(named)


def test_settings_bring_the_password_in_a_file_and_an_unreadable_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("se cret\n")
    given = {"proxy": "proxy.test:3128", "proxy_user": "kim", "proxy_password_file": str(path)}

    assert given_in(read(SETTINGS, environ={}, given=given)).password == "se cret"
    assert given_in(read(SETTINGS, environ={}, given={})) == Proxies()
    with pytest.raises(DesksideError, match="missing cannot be read"):
        given_in(
            read(SETTINGS, environ={}, given={**given, "proxy_password_file": str(tmp_path / "missing")})
        )
