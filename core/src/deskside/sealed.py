"""Sealed frames between host and viewer: what the relay carries and cannot read. Pure.

Both ends hold one session secret from pairing. Each transport mixes a fresh nonce of both ends into
its own keys, so frames of one transport mean nothing on another. Frames are counted and the count is
never sent: a frame that was changed, dropped, repeated or moved does not open, and that ends the
transport; the session resumes on a new one.
"""

import hmac
from enum import Enum

from attrs import define, field
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from deskside.errors import BadFrame, PairingFailed

NONCE_BYTES = 32
OVERHEAD = 16
MAX_FRAME = 1024 * 1024 + 64 * 1024
REKEY_FRAMES = 1 << 16


class End(Enum):
    """The two ends of a sealed transport."""

    HOST = b"host"
    VIEWER = b"viewer"

    @property
    def other(self) -> "End":
        """Return the far end."""
        return End.VIEWER if self is End.HOST else End.HOST


def derive(secret: bytes, info: bytes, salt: bytes = b"") -> bytes:
    """Return 32 bytes that follow from a secret for one purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"deskside 1 " + info).derive(secret)


@define
class Seal:
    """One direction of one transport: seals or opens frames in strict order."""

    _key: bytes
    _count: int = field(default=0, init=False)
    _cipher: ChaCha20Poly1305 = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._cipher = ChaCha20Poly1305(self._key)

    def seal(self, packet: bytes) -> bytes:
        """Return the frame that carries a packet."""
        frame = self._cipher.encrypt(self._nonce(), packet, None)
        self._step()
        return frame

    def open(self, frame: bytes) -> bytes:
        """Return the packet of the next frame.

        :raises BadFrame: if it is not exactly the next frame the far end sealed
        """
        if not OVERHEAD <= len(frame) <= MAX_FRAME:
            raise BadFrame(f"a frame of {len(frame)} bytes")
        try:
            packet = self._cipher.decrypt(self._nonce(), frame, None)
        except InvalidTag:
            raise BadFrame("a frame was changed, dropped, repeated or moved") from None
        self._step()
        return packet

    def _nonce(self) -> bytes:
        return self._count.to_bytes(12, "big")

    def _step(self) -> None:
        self._count += 1
        if self._count % REKEY_FRAMES == 0:
            self._key = derive(self._key, b"rekey")
            self._cipher = ChaCha20Poly1305(self._key)


@define
class SealedTransport:
    """Both directions of one transport, and the proof that the far end holds the secret."""

    sending: Seal
    receiving: Seal
    proof: bytes
    _expected: bytes

    def check_proof(self, proof: bytes) -> None:
        """Check what the far end sent to show that it holds the session secret.

        :raises PairingFailed: if it does not
        """
        if not hmac.compare_digest(proof, self._expected):
            raise PairingFailed("the other side does not hold this session's secret")


def open_transport(
    secret: bytes, end: End, road: bytes, own_nonce: bytes, far_nonce: bytes
) -> SealedTransport:
    """Make the keys of one transport from the session secret and both ends' fresh nonces.

    `road` names the transport's purpose (`main`, `bulk`), so that one cannot stand in for the other.
    """
    if len(own_nonce) != NONCE_BYTES or len(far_nonce) != NONCE_BYTES:
        raise BadFrame(f"a nonce has {NONCE_BYTES} bytes")
    if hmac.compare_digest(own_nonce, far_nonce):
        raise BadFrame("the far end sent our own nonce back")
    nonces = (own_nonce, far_nonce) if end is End.HOST else (far_nonce, own_nonce)
    salt = b"".join(nonces)
    own, far = (one.value + b" " + road for one in (end, end.other))
    return SealedTransport(
        Seal(derive(secret, b"frames from " + own, salt)),
        Seal(derive(secret, b"frames from " + far, salt)),
        derive(secret, b"proof of " + own, salt),
        derive(secret, b"proof of " + far, salt),
    )
