"""What the agent enters about his server and the way to it."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from deskside.settings import read
from deskside_line.proxies import AUTOMATIC, NONE, Proxies
from deskside_viewer.connection import Connection, Wrong, entered
from deskside_viewer.connection_file import ConnectionFile
from deskside_viewer.settings import DECLARED

NOWHERE = Connection()
KEPT = Connection("help.test", 443, tls=True, proxies=Proxies("http://proxy.test:3128", "kim", "secret"))


def form(**entries: object) -> dict[str, Any]:
    return {"host": "help.example.com", "port": "", "tls": True, "proxy": AUTOMATIC, **entries}


def address(**entries: object) -> str:
    found = entered(form(**entries), NOWHERE)
    assert isinstance(found, Connection), found
    return found.address


def problems(**entries: object) -> set[str]:
    found = entered(form(**entries), NOWHERE)
    return set(found.problems) if isinstance(found, Wrong) else set()


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ({}, "https://help.example.com"),
        ({"port": "8400"}, "https://help.example.com:8400"),
        ({"host": " HELP.Example.com "}, "https://help.example.com"),
        ({"host": "https://help.example.com:8443/"}, "https://help.example.com:8443"),
        ({"host": "http://help.example.com"}, "https://help.example.com"),
        ({"host": "::1", "port": "9"}, ""),
        ({"host": "[::1]", "port": "9", "tls": False}, "http://[::1]:9"),
        ({"host": "127.0.0.1", "port": "8400", "tls": False}, "http://127.0.0.1:8400"),
        ({"host": "지원.example"}, "https://xn--vk1bq2bx36b.example"),
        ({"tls": "off"}, "https://help.example.com"),
    ],
)
def test_server_and_port_become_an_address_and_only_the_switch_takes_protection_off(
    entries: dict[str, object], wanted: str
) -> None:
    if not wanted:
        assert problems(**entries) == {"host"}
    elif not str(entries.get("host", "a")).isascii():
        assert address(**entries).startswith("https://xn--")
    else:
        assert address(**entries) == wanted


@pytest.mark.parametrize(
    ("entries", "wrong"),
    [
        ({"host": ""}, {"host"}),
        ({"host": "help example"}, {"host"}),
        ({"host": "help.example.com/admin"}, {"host"}),
        ({"host": "kim:secret@help.example.com"}, {"host"}),
        ({"host": "ftp://help.example.com"}, {"host"}),
        ({"host": "help.example.com:99999"}, {"host"}),
        ({"host": 7}, {"host"}),
        ({"host": "x" * 300}, {"host"}),
        ({"port": "0"}, {"port"}),
        ({"port": "65536"}, {"port"}),
        ({"port": "-1"}, {"port"}),
        ({"port": "４４３"}, {"port"}),
        ({"tls": False}, {"plain"}),
        ({"tls": False, "plain": "yes"}, {"plain"}),
        ({"tls": False, "host": "127.0.0.1.example.com"}, {"plain"}),
        ({"proxy": "manual"}, {"proxy_host", "proxy_port", "proxy_password"}),
        (
            {"proxy": "manual", "proxy_host": "p", "proxy_port": "1", "proxy_password": "a\nb"},
            {"proxy_password"},
        ),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_entry(entries: dict[str, object], wrong: set[str]) -> None:
    assert problems(**entries) == wrong


def test_a_kept_password_goes_to_the_same_proxy_and_user_only() -> None:
    same = {"proxy": "manual", "proxy_host": "proxy.test", "proxy_port": "3128", "proxy_password": ""}

    def password(**entries: object) -> str:
        found = entered(form(**{**same, "proxy_user": "kim", **entries}), KEPT)
        assert isinstance(found, Connection)
        return found.proxies.password

    assert password() == "secret"
    assert password(proxy_password="new") == "new"
    assert password(proxy_host="elsewhere.test") == ""
    assert password(proxy_port="8080") == ""
    assert password(proxy_user="lee") == ""
    assert password(proxy=NONE) == ""


def settings(**given: str) -> Any:
    return read(DECLARED, environ={}, given=given)


def test_what_was_entered_is_kept_for_its_owner_and_counts_until_the_program_is_started_otherwise(
    tmp_path: Path,
) -> None:
    file = ConnectionFile.of(tmp_path, settings(gateway="https://a.test"))
    file.write(KEPT)

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["connection.json"]
    assert ConnectionFile.of(tmp_path, settings(gateway="https://a.test")).read() == KEPT
    assert ConnectionFile.of(tmp_path, settings(gateway="https://b.test")).read() is None
    assert ConnectionFile.of(tmp_path, settings(gateway="https://a.test", proxy="none")).read() is None
    assert "secret" not in repr(KEPT)


@pytest.mark.parametrize(
    "change", [{"port": 0}, {"port": "x"}, {"proxies": {}}, {"proxies": 7}, {"host": None}]
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, change: dict[str, object]) -> None:
    file = ConnectionFile.of(tmp_path, settings())
    file.write(KEPT)
    content = json.loads(file.path.read_text())
    for text in ("", "[]", "{", json.dumps({**content, **change})):
        file.path.write_text(text)
        found = file.read()
        assert found is None or change == {"host": None}
