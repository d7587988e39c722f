"""The mail server that the settings name."""

from pathlib import Path

from deskside.settings import BadSetting, Settings
from deskside_admin.service.mail import Mailer, NoMailer, SmtpMailer, Tls

PORTS = {Tls.STARTTLS: 587, Tls.TLS: 465, Tls.OFF: 25}


def mailer_of(settings: Settings) -> Mailer:
    """Return what takes this server's letters.

    :raises BadSetting: if the settings do not fit together
    """
    address, sender = settings.text("smtp_address"), settings.text("smtp_from")
    if not address:
        return NoMailer()
    if "@" not in sender:
        raise BadSetting("smtp_from must be a mail address, such as help@example.com, if smtp_address is set")
    if settings.text("smtp_tls") not in set(Tls):
        raise BadSetting(f"smtp_tls must be one of {', '.join(Tls)}")
    tls = Tls(settings.text("smtp_tls"))
    host, port = _parted(address, PORTS[tls])
    return SmtpMailer(
        host=host,
        port=port,
        sender=sender,
        user=settings.text("smtp_user"),
        password=_password(settings.text("smtp_password_file")),
        tls=tls,
    )


def _parted(address: str, otherwise: int) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]"):
        return address.strip("[]"), otherwise
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadSetting(f"smtp_address {address!r} must look like mail.example.com:587")
    return host.strip("[]"), int(port)


def _password(path: str) -> str:
    try:
        return Path(path).read_text().strip() if path else ""
    except OSError as error:
        raise BadSetting(f"smtp_password_file {path} cannot be read: {error.strerror}") from None
