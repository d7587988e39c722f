"""Secrets in the database, readable with the server's own key only."""

import base64
import secrets

from attrs import field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


@frozen
class Box:
    """Seals texts; each is bound to what it is for."""

    _cipher: ChaCha20Poly1305 = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "Box":
        """Return the box of a server's secret."""
        return cls(ChaCha20Poly1305(HKDF(SHA256(), 32, None, b"deskside sealed texts").derive(secret)))

    def seal(self, text: str, purpose: str) -> str:
        """Return a text that only this server can read, and only for this purpose."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), purpose.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, purpose: str) -> str | None:
        """Return the text, or None if it was sealed by another key, for another purpose, or changed."""
        try:
            raw = base64.urlsafe_b64decode(sealed)
            opened = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode())
            return opened.decode()
        except (InvalidTag, ValueError):
            return None
