"""Signed licences and entitlements. Pure, but for making keys.

A vendor signs a licence for a company; it names the company's gateway key. That gateway signs an
entitlement for each session. `chain` says how a host checks both.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import attrs
from attrs import asdict, field, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deskside.errors import BadDocument, BadSignature
from deskside.grants import Gate, Refusal
from deskside.signed import opened, seal, unchecked

Document = TypeVar("Document", "Licence", "Entitlement", "Revocations")

LONGEST_NAME = 80
MOST_SEATS = 1_000_000


def _texts(values: Collection[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(one, str) for one in values):
        raise TypeError("a list of texts")
    return tuple(sorted(set(values)))


def _name(_: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not (value.isprintable()):
        raise ValueError(f"{attribute.name} has one line of at most {LONGEST_NAME} characters")


def _whole(least: int, most: int) -> Callable[[object, "attrs.Attribute[int]", object], None]:
    def check(_: object, attribute: "attrs.Attribute[int]", value: object) -> None:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"{attribute.name} is a whole number from {least} to {most}")

    return check


def _yes_or_no(_: object, attribute: "attrs.Attribute[bool]", value: object) -> None:
    if type(value) is not bool:
        raise TypeError(f"{attribute.name} is yes or no")


def _caps(values: Mapping[str, int]) -> Mapping[str, int]:
    if not isinstance(values, Mapping) or any(type(one) is not int for one in values.values()):
        raise TypeError("caps give whole numbers")
    return dict(values)


def _options(values: Mapping[str, Mapping[str, object]]) -> Mapping[str, Mapping[str, object]]:
    if not isinstance(values, Mapping) or not all(isinstance(one, Mapping) for one in values.values()):
        raise TypeError("options give each feature's values by name")
    return {key: dict(one) for key, one in values.items()}


MOMENT = _whole(0, 2**53)


@frozen(kw_only=True)
class Licence:
    """What a vendor sold to a company.

    Of a licence that is older than some of these fields they are as their defaults say; one with
    fields that this version does not know is refused, since they might limit it.
    """

    id: str = field(validator=_name)
    company: str = field(validator=_name)
    features: tuple[str, ...] = field(converter=_texts)
    seats: int = field(validator=_whole(0, MOST_SEATS))
    concurrent: bool = field(default=False, validator=_yes_or_no)
    demo: bool = field(default=False, validator=_yes_or_no)
    starts: int = field(validator=MOMENT)
    """Seconds since 1970, like all times here."""
    ends: int = field(validator=MOMENT)
    gateway_key: str = field(validator=_name)
    """The only key whose entitlements this licence stands behind, in hex."""
    vendor: str = field(default="", validator=_name)
    """Who sold it, as people call him."""
    tier: str = field(default="", validator=_name)
    """The title of what was sold, in the vendor's words."""
    caps: Mapping[str, int] = field(factory=dict, converter=_caps)
    """The largest number that counts, by `<feature>.<option>`."""


@frozen(kw_only=True)
class Entitlement:
    """What one session may use, said by the company's gateway; the highest serial stands."""

    session: str = field(validator=_name)
    licence: str = field(validator=_name)
    features: tuple[str, ...] = field(converter=_texts)
    serial: int = field(validator=_whole(0, 2**53))
    starts: int = field(validator=MOMENT)
    ends: int = field(validator=MOMENT)
    options: Mapping[str, Mapping[str, object]] = field(factory=dict, converter=_options)
    """The values in force, by feature and option: a host takes them from here, not from the viewer."""


@frozen(kw_only=True)
class Revocations:
    """Licences that a vendor no longer stands behind; the list with the highest serial counts."""

    vendor: str = field(validator=_name)
    serial: int = field(validator=_whole(1, 2**53))
    issued: int = field(validator=MOMENT)
    licences: tuple[str, ...] = field(converter=_texts)


def sign(document: Licence | Entitlement | Revocations, key: Ed25519PrivateKey) -> str:
    """Return the token of a document."""
    return seal(asdict(document), type(document).__name__, key)


def read_licence(token: str, key: str) -> Licence:
    """Return the licence in a token.

    :raises BadSignature: if this key did not sign exactly this
    :raises BadDocument: if it did, but this version does not understand what
    """
    return _build(opened(token, "Licence", key), Licence)


def read_entitlement(token: str, key: str) -> Entitlement:
    """Return the entitlement in a token; raises like `read_licence`."""
    return _build(opened(token, "Entitlement", key), Entitlement)


def read_revocations(token: str, key: str) -> Revocations:
    """Return the list in a token; raises like `read_licence`."""
    return _build(opened(token, "Revocations", key), Revocations)


def read_unchecked(token: str) -> Licence:
    """Return what a licence says of itself, whoever signed it: to show, never to stand on.

    :raises BadSignature: if it is no licence at all
    """
    return _build(unchecked(token), Licence)


def signed_by(token: str, keys: Collection[str]) -> tuple[Licence, str] | None:
    """Return a licence and the one of these keys that signed it, None if none did.

    :raises BadDocument: if one did, but this version does not understand what
    """
    for key in keys:
        try:
            return read_licence(token, key), key
        except BadDocument:
            raise
        except BadSignature:
            continue
    return None


def not_sold(licence: Licence | None) -> Refusal:
    """Return the no to a feature that a licence does not contain, with whose licence that is."""
    if licence is None or not licence.tier or not licence.vendor:
        return Refusal(Gate.LICENCE, "refused.licence.unnamed")
    return Refusal(Gate.LICENCE, "refused.licence", {"tier": licence.tier, "vendor": licence.vendor})


def new_key() -> Ed25519PrivateKey:
    """Return a fresh signing key."""
    return Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> str:
    """Return the hex of a key's public half."""
    return key.public_key().public_bytes_raw().hex()


def _build(content: dict[str, Any], kind: type[Document]) -> Document:
    try:
        return kind(**content)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadDocument(f"a signed {kind.__name__} with other fields than ours: {error}") from None
