"""Certificates for tests: good ones and bad ones, and an authority that programs can be told to trust."""

import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@frozen
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


@frozen
class Authority:
    """Signs certificates; its own stands in `file`, for SSL_CERT_FILE."""

    folder: Path
    name: x509.Name
    key: EllipticCurvePrivateKey

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Make a new one."""
        folder.mkdir(exist_ok=True)
        made = cls(folder, _name("Tests of Deskside"), generate_private_key(SECP256R1()))
        limits = x509.BasicConstraints(ca=True, path_length=None)
        builder = _builder(made.name, made.name, made.key, -1, 30).add_extension(limits, critical=True)
        _write(made.file, builder.sign(made.key, hashes.SHA256()))
        return made

    @property
    def file(self) -> Path:
        """Return where its certificate stands."""
        return self.folder / "authority.pem"

    def pair(self, host: str, *, begins: int = -1, ends: int = 30, signed_by_itself: bool = False) -> Pair:
        """Make a certificate for a host, good from so many days from now to so many days from now."""
        key = generate_private_key(SECP256R1())
        issuer, signer = (_name(host), key) if signed_by_itself else (self.name, self.key)
        builder = _builder(_name(host), issuer, key, begins, ends)
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(host)]), critical=False)
        stem = f"{host}{'-own' if signed_by_itself else ''}{ends}"
        made = Pair(self.folder / f"{stem}.pem", self.folder / f"{stem}.key")
        _write(made.certificate, builder.sign(signer, hashes.SHA256()))
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return made


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, begins: int, ends: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins * DAY)
        .not_valid_after(now + ends * DAY)
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
