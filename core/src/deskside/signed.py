"""Signed documents as one line of text: their content, a point, the signature. Pure.

What a signature is for is part of what is signed, so that a document never passes as one of another kind.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deskside.errors import BadSignature

MAX_TOKEN = 64 * 1024


def seal(content: Mapping[str, Any], purpose: str, key: Ed25519PrivateKey) -> str:
    """Return the token of a document.

    :raises ValueError: if it is too long to be read again
    """
    body = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    token = f"{_b64(body)}.{_b64(key.sign(_marked(purpose, body)))}"
    if len(token) > MAX_TOKEN:
        raise ValueError(f"a signed document of {len(token)} characters; {MAX_TOKEN} is the most")
    return token


def opened(token: str, purpose: str, key: str) -> dict[str, Any]:
    """Return what this key signed for this purpose.

    :raises BadSignature: if it did not sign exactly this
    """
    body, signature = _halves(token)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, _marked(purpose, body))
    except (ValueError, InvalidSignature):
        raise BadSignature(f"not signed by {key[:16]}") from None
    return _object(body)


def unchecked(token: str) -> dict[str, Any]:
    """Return what a document says of itself, whoever signed it.

    :raises BadSignature: if it does not even look like a signed document
    """
    return _object(_halves(token)[0])


def _halves(token: str) -> tuple[bytes, bytes]:
    if len(token) > MAX_TOKEN or token.count(".") != 1:
        raise BadSignature("not a signed document")
    try:
        body, signature = (_unb64(part) for part in token.split("."))
    except (ValueError, binascii.Error):
        raise BadSignature("not a signed document") from None
    return body, signature


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadSignature("a signed document is an object")
    return content


def _marked(purpose: str, body: bytes) -> bytes:
    return f"deskside {purpose} 1\n".encode() + body


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
