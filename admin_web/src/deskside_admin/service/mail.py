"""Letters of this server, by SMTP: a failure is a sentence for the person, not a fault."""

import contextlib
import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from typing import Protocol

from attrs import field, frozen

from deskside_admin.service.outcome import Refused, refused

log = logging.getLogger(__name__)

PAUSE_S = 10.0
"""How long the mail server may be silent."""
LONGEST_S = 20.0
"""How long a letter may take altogether: a server that dribbles must not hold a page for ever."""
LONGEST_SUBJECT = 200


class Tls(StrEnum):
    """How the line to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    OFF = "off"


@frozen(kw_only=True)
class Letter:
    """One letter of plain text."""

    to: str
    subject: str
    text: str = field(repr=False)


class Mailer(Protocol):
    """Whatever takes letters."""

    @property
    def is_on(self) -> bool:
        """Tell whether letters can go out at all."""

    def send(self, letter: Letter) -> Refused | None:
        """Hand a letter over, or say why not; never inside a transaction, since it takes its time."""


@frozen
class NoMailer:
    """A server whose operator has set no mail server up."""

    @property
    def is_on(self) -> bool:
        """Tell that letters cannot go out."""
        return False

    def send(self, letter: Letter) -> Refused | None:
        """Refuse."""
        del letter
        return refused("mail.off")


@frozen(kw_only=True)
class SmtpMailer:
    """A mail server."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.STARTTLS
    trust: ssl.SSLContext | None = None
    pause_s: float = PAUSE_S
    longest_s: float = LONGEST_S

    @property
    def is_on(self) -> bool:
        """Tell that letters can go out."""
        return True

    def send(self, letter: Letter) -> Refused | None:
        """Hand a letter over to the mail server."""
        try:
            message = self._message(letter)
            with self._line() as line:
                if self.user:
                    line.login(self.user, self.password)
                line.send_message(message, self.sender, [letter.to])
        except (smtplib.SMTPRecipientsRefused, UnicodeEncodeError) as error:
            log.warning("the mail server takes no letter for this address: %s", type(error).__name__)
            return refused("mail.address_refused")
        except smtplib.SMTPNotSupportedError as error:
            log.warning("the mail server cannot do what its settings ask for: %s", error)
            return refused("mail.failed")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            log.warning("a letter could not be handed over to %s:%d: %s", self.host, self.port, error)
            return refused("mail.failed")
        return None

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())[:LONGEST_SUBJECT]
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].rstrip("> ") or None)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    @contextlib.contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        trust = self.trust or ssl.create_default_context()
        line = (
            smtplib.SMTP_SSL(timeout=self.pause_s, context=trust)
            if self.tls is Tls.TLS
            else smtplib.SMTP(timeout=self.pause_s)
        )
        # Python checks a certificate against this name.
        line._host = self.host  # type: ignore[attr-defined]
        over = threading.Timer(self.longest_s, _cut, [line])
        over.daemon = True
        over.start()
        try:
            line.connect(self.host, self.port)
            if self.tls is Tls.STARTTLS:
                line.starttls(context=trust)
            yield line
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()
        finally:
            over.cancel()
            line.close()


def _cut(line: smtplib.SMTP) -> None:
    if line.sock is not None:
        with contextlib.suppress(OSError):
            line.sock.shutdown(socket.SHUT_RDWR)
