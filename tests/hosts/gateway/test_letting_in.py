"""`deskside let-in` and the mail settings, as whoever runs the server meets them."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from hosts.gateway.kit import Settled

from deskside.settings import BadSetting, read
from deskside_admin.service.mail import NoMailer, SmtpMailer, Tls
from deskside_gateway.mailing import mailer_of
from deskside_gateway.settings import DECLARED

from programs import DESKSIDE, clean_environment

WAIT_S = 60


def let_in(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(DESKSIDE), "let-in", "--data", str(data), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=WAIT_S, check=False, env=clean_environment()
    )


def test_the_link_lets_an_administrator_in_while_the_server_runs(settled: Settled) -> None:
    told = let_in(settled.server.data, "kim", "--company", "1")
    path = re.search(r"(/admin/let-in/\S+)", told.stdout)
    assert path is not None, told
    with httpx.Client(base_url=settled.address, timeout=WAIT_S) as browser:
        form = browser.get(path[1])
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', form.text)
        assert csrf is not None
        answer = browser.post(
            path[1],
            data={"csrf_token": csrf[1], "password": "Another-horse-8", "repeated": "Another-horse-8"},
        )
        home = browser.get("/admin/")

    assert answer.status_code == 303
    assert "Kim" in home.text
    assert httpx.get(settled.address + path[1], timeout=WAIT_S).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "--company", "1"), "there is no active user 'nobody' here"),
        (("kim",), "name the company with --company"),
        (("kim", "--database", "mysql://x"), "the database cannot be used"),
    ],
)
def test_what_is_wrong_is_one_sentence(settled: Settled, arguments: tuple[str, ...], said: str) -> None:
    told = let_in(settled.server.data, *arguments)

    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_without_a_database_it_makes_none(tmp_path: Path) -> None:
    told = let_in(tmp_path, "kim")

    assert told.returncode == 2
    assert "there is no database" in told.stderr
    assert list(tmp_path.iterdir()) == []


def given(**settings: str) -> object:
    return mailer_of(read(DECLARED, file=b"", environ={}, given=settings))


def test_mail_is_off_until_a_mail_server_is_set() -> None:
    assert isinstance(given(), NoMailer)


@pytest.mark.parametrize(
    ("address", "tls", "host", "port"),
    [
        ("mail.example.com:2525", "starttls", "mail.example.com", 2525),
        ("mail.example.com", "starttls", "mail.example.com", 587),
        ("mail.example.com", "tls", "mail.example.com", 465),
        ("[::1]:25", "off", "::1", 25),
    ],
)
def test_the_settings_name_the_mail_server(
    tmp_path: Path, address: str, tls: str, host: str, port: int
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush\n")

    mailer = given(
        smtp_address=address, smtp_from="help@example.com", smtp_tls=tls, smtp_password_file=str(secret)
    )

    assert isinstance(mailer, SmtpMailer)
    assert (mailer.host, mailer.port, mailer.tls, mailer.password) == (host, port, Tls(tls), "hush")
    assert "hush" not in repr(mailer)


@pytest.mark.parametrize(
    "settings",
    [
        {"smtp_from": ""},
        {"smtp_tls": "maybe"},
        {"smtp_address": "mail.example.com:x"},
        {"smtp_address": ":25"},
        {"smtp_password_file": "/nonexistent/file"},
    ],
)
def test_settings_that_do_not_fit_together_stop_the_start_with_a_sentence(settings: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        given(**{"smtp_address": "mail.example.com:25", "smtp_from": "help@example.com", **settings})
