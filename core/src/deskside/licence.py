"""Signed licences and entitlements, and the chain between them. Pure, but for making keys.

A vendor signs a licence for a company; it names the company's gateway key. That gateway signs an
entitlement for each session. The host checks both, from the vendor key that it was built or
installed with, never with a key that came over the wire.
"""

import base64
import binascii
import json
from collections.abc import Collection
from typing import Any, TypeVar

from attrs import asdict, field, frozen
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deskside.errors import BadSignature
from deskside.grants import Gate, Refusal

Document = TypeVar("Document", "Licence", "Entitlement")

MAX_TOKEN = 64 * 1024
CLOCK_TOLERANCE_S = 600
"""How far the customer's clock may be off when a session starts."""
TRIAL_S = 30 * 24 * 3600


def _texts(values: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


@frozen(kw_only=True)
class Licence:
    """What a vendor sold to a company."""

    id: str
    company: str
    features: tuple[str, ...] = field(converter=_texts)
    seats: int
    concurrent: bool = False
    demo: bool = False
    starts: int
    """Seconds since 1970, like all times here."""
    ends: int
    gateway_key: str
    """The only key whose entitlements this licence stands behind, in hex."""


@frozen(kw_only=True)
class Entitlement:
    """What one session may use, said by the company's gateway; the highest serial stands."""

    session: str
    licence: str
    features: tuple[str, ...] = field(converter=_texts)
    serial: int
    starts: int
    ends: int


def sign(document: Licence | Entitlement, key: Ed25519PrivateKey) -> str:
    """Return the token of a document."""
    body = json.dumps(asdict(document), sort_keys=True, separators=(",", ":")).encode()
    signature = key.sign(_purpose(type(document)) + body)
    return f"{_b64(body)}.{_b64(signature)}"


def read_licence(token: str, key: str) -> Licence:
    """Return the licence in a token.

    :raises BadSignature: if this key did not sign exactly this
    """
    return _build(_verified(token, key, Licence), Licence)


def read_entitlement(token: str, key: str) -> Entitlement:
    """Return the entitlement in a token.

    :raises BadSignature: if this key did not sign exactly this
    """
    return _build(_verified(token, key, Entitlement), Entitlement)


@frozen
class Entitled:
    """What the chain proves: both documents, checked."""

    licence: Licence
    entitlement: Entitlement

    @property
    def features(self) -> frozenset[str]:
        """Return what both allow: a gateway cannot give what the vendor did not sell."""
        return frozenset(self.licence.features) & frozenset(self.entitlement.features)


def check_chain(
    licence_token: str, entitlement_token: str, vendor_keys: Collection[str], session: str, now: float
) -> Entitled | Refusal:
    """Check licence and entitlement of a session that is about to start."""
    licence = _licence_of(licence_token, vendor_keys)
    if licence is None:
        return Refusal(Gate.LICENCE, "refused.licence.vendor")
    try:
        entitlement = read_entitlement(entitlement_token, licence.gateway_key)
    except BadSignature:
        return Refusal(Gate.LICENCE, "refused.licence.gateway")
    if entitlement.session != session or entitlement.licence != licence.id:
        return Refusal(Gate.LICENCE, "refused.licence.session")
    for document in (licence, entitlement):
        if now < document.starts - CLOCK_TOLERANCE_S:
            return Refusal(Gate.LICENCE, "refused.licence.early")
        if now > document.ends + CLOCK_TOLERANCE_S:
            return Refusal(Gate.LICENCE, "refused.licence.expired")
    return Entitled(licence, entitlement)


@frozen
class Trust:
    """Whose licences a customer program stands by; fixed when it was built or installed."""

    vendor_keys: tuple[str, ...] = ()
    trial: bool = True
    """Accept a trial that a server signed for itself; a vendor's own build says no."""

    def check(self, licence: str, entitlement: str, session: str, now: float) -> Entitled | Refusal:
        """Check licence and entitlement of a session that is about to start."""
        found = check_chain(licence, entitlement, self.vendor_keys, session, now)
        if not isinstance(found, Refusal) or found.reason != "refused.licence.vendor" or not self.trial:
            return found
        own_key = _trial_key(licence)
        return check_chain(licence, entitlement, (own_key,), session, now) if own_key else found


def new_key() -> Ed25519PrivateKey:
    """Return a fresh signing key."""
    return Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> str:
    """Return the hex of a key's public half."""
    return key.public_key().public_bytes_raw().hex()


def _licence_of(token: str, vendor_keys: Collection[str]) -> Licence | None:
    for key in vendor_keys:
        try:
            return read_licence(token, key)
        except BadSignature:
            continue
    return None


def _trial_key(token: str) -> str:
    """Return the key of a trial that signed itself, marked as demo and short, else nothing."""
    try:
        content = json.loads(_unb64(token.split(".", maxsplit=1)[0])) if len(token) <= MAX_TOKEN else None
    except (ValueError, RecursionError):
        return ""
    key = content.get("gateway_key") if isinstance(content, dict) else None
    licence = _licence_of(token, (key,)) if isinstance(key, str) else None
    is_trial = licence is not None and licence.demo and licence.ends - licence.starts <= TRIAL_S
    return licence.gateway_key if licence is not None and is_trial else ""


def _purpose(kind: type) -> bytes:
    return f"deskside {kind.__name__} 1\n".encode()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)


def _verified(token: str, key: str, kind: type) -> dict[str, Any]:
    if len(token) > MAX_TOKEN or token.count(".") != 1:
        raise BadSignature("not a signed document")
    try:
        body, signature = (_unb64(part) for part in token.split("."))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, _purpose(kind) + body)
        content = json.loads(body)
    except (ValueError, binascii.Error, InvalidSignature, RecursionError):
        raise BadSignature(f"not signed by {key[:16]}") from None
    if not isinstance(content, dict):
        raise BadSignature("a signed document is an object")
    return content


def _build(content: dict[str, Any], kind: type[Document]) -> Document:
    try:
        return kind(**content)
    except (TypeError, ValueError):
        raise BadSignature(f"a signed {kind.__name__} with other fields than ours") from None
