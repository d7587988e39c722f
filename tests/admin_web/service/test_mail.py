"""Tests of letters, through a real SMTP server on loopback."""

import base64
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from certificates import Authority
from post_office import PostOffice, post_office

from deskside_admin.service.mail import Letter, NoMailer, SmtpMailer, Tls
from deskside_admin.service.outcome import Refused

LETTER = Letter(to="lee@hanbit.example", subject="로그인 코드", text="코드: 123456\n.\n..점\n")


def mailer(
    office: PostOffice, tls: Tls = Tls.OFF, trust: ssl.SSLContext | None = None, **more: object
) -> SmtpMailer:
    return SmtpMailer(
        host="127.0.0.1",
        port=office.port,
        sender="Help <help@hanbit.example>",
        tls=tls,
        trust=trust,
        **more,  # type: ignore[arg-type]
    )


def reason(outcome: Refused | None) -> str:
    assert outcome is not None
    return outcome.reason


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.make(tmp_path / "authority")


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.file))


@pytest.fixture
def of_server(authority: Authority) -> ssl.SSLContext:
    return server_context(authority, "127.0.0.1")


def server_context(authority: Authority, host: str, **more: bool) -> ssl.SSLContext:
    pair = authority.pair(host, **more)  # type: ignore[arg-type]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


def test_a_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    assert mailer(office).send(LETTER) is None

    letter = office.letter()
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "lee@hanbit.example",
        "Help <help@hanbit.example>",
        "로그인 코드",
    )
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    assert letter["Message-ID"].endswith("@hanbit.example>")
    assert letter["Date"]
    assert letter["Auto-Submitted"] == "auto-generated"


def test_starttls_protects_letter_and_password(of_server: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with post_office(tls=of_server) as office:
        sent = mailer(office, Tls.STARTTLS, trust, user="help", password="secret").send(LETTER)

        assert sent is None
        assert office.letter()["To"] == LETTER.to
        assert office.sealed == [True]
        assert base64.b64decode(office.logins[0]) == b"\0help\0secret"


def test_tls_from_the_first_byte_works_too(of_server: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    with post_office(tls=of_server, speaks_tls=True) as office:
        assert mailer(office, Tls.TLS, trust).send(LETTER) is None
        assert office.letter()["To"] == LETTER.to


def test_a_server_without_tls_gets_no_letter_where_tls_is_asked_for(office: PostOffice) -> None:
    assert reason(mailer(office, Tls.STARTTLS).send(LETTER)) == "mail.failed"
    assert office.letters.empty()


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("mail.elsewhere.example", False)])
def test_a_server_that_cannot_prove_its_name_gets_no_letter(
    authority: Authority, trust: ssl.SSLContext, host: str, own: bool
) -> None:
    with post_office(tls=server_context(authority, host, signed_by_itself=own)) as office:
        assert reason(mailer(office, Tls.STARTTLS, trust, user="help", password="secret").send(LETTER)) == (
            "mail.failed"
        )
        assert office.letters.empty()
        assert office.logins == []


def test_a_server_that_is_gone_is_a_sentence(office: PostOffice) -> None:
    with post_office() as gone:
        pass

    assert reason(mailer(gone).send(LETTER)) == "mail.failed"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("MAIL", "mail.failed"),
        ("RCPT", "mail.address_refused"),
        ("DATA", "mail.failed"),
        ("AUTH", "mail.failed"),
        ("EHLO", "mail.failed"),
    ],
)
def test_a_server_that_refuses_is_a_sentence(command: str, told: str) -> None:
    with post_office(refuses={command, "HELO"}) as office:
        assert reason(mailer(office, user="help", password="secret").send(LETTER)) == told


@pytest.mark.parametrize("command", ["HELO", "EHLO", "MAIL", "DATA"])
def test_a_silent_server_keeps_nobody_waiting(command: str) -> None:
    with post_office(silent_at=command) as office:
        assert reason(mailer(office, pause_s=0.3).send(LETTER)) == "mail.failed"


def test_a_server_that_dribbles_keeps_nobody_waiting() -> None:
    with post_office(dribbles=True) as office:
        began = time.monotonic()

        assert reason(mailer(office, pause_s=30, longest_s=0.5).send(LETTER)) == "mail.failed"

        assert time.monotonic() - began < 15


def test_no_clock_is_left_running_after_a_letter(office: PostOffice) -> None:
    mailer(office).send(LETTER)
    left = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]

    for one in left:
        one.join(10)

    assert not any(one.is_alive() for one in left)


@pytest.mark.parametrize(
    "to",
    [
        "lee@hanbit.example\nBcc: all@hanbit.example",
        "lee@hanbit.example\r\nSubject: Boo",
        "이준@hanbit.example",
    ],
)
def test_an_address_cannot_smuggle_headers_in_and_one_nobody_can_write_to_is_a_sentence(
    office: PostOffice, to: str
) -> None:
    outcome = mailer(office).send(Letter(to=to, subject="x", text="x"))

    assert reason(outcome) in ("mail.failed", "mail.address_refused")
    assert office.letters.empty()


def test_without_a_mail_server_the_reason_is_said() -> None:
    assert not NoMailer().is_on
    assert reason(NoMailer().send(LETTER)) == "mail.off"


def test_a_code_is_not_in_what_a_log_could_show() -> None:
    assert "123456" not in repr(LETTER)
