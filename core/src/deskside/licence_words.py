"""What a signed document says, in words for a vendor or an operator. Pure."""

from collections.abc import Collection
from datetime import UTC, datetime

from deskside.errors import BadDocument, BadSignature
from deskside.licence import Licence, Revocations, read_revocations, read_unchecked, signed_by

DAY_S = 24 * 3600


def in_words(token: str, keys: Collection[str], now: float) -> str:
    """Return what a licence or a list of withdrawn ones says, and whose signature it bears.

    :raises BadSignature: if it is neither, or none of the keys signed it
    """
    token = "".join(token.split())
    if (revocations := _revocations(token, keys)) is not None:
        return _of_list(revocations)
    licence = read_unchecked(token)
    if not keys:
        return _of_licence(licence, "not checked; name the vendor's key with --vendor-key", now)
    found = signed_by(token, keys)
    if found is None:
        raise BadSignature(
            "none of the given keys signed this licence: it is another vendor's, or was changed"
        )
    return _of_licence(found[0], f"good, by the key {found[1]}", now)


def _revocations(token: str, keys: Collection[str]) -> Revocations | None:
    for key in keys:
        try:
            return read_revocations(token, key)
        except BadDocument:
            raise
        except BadSignature:
            continue
    return None


def _of_licence(licence: Licence, signature: str, now: float) -> str:
    kind = "concurrent: so many agents signed in at once" if licence.concurrent else "named: so many users"
    lines = [
        ("licence", licence.id),
        ("signature", signature),
        ("vendor", licence.vendor or "not named (an older licence)"),
        ("tier", licence.tier or "not named (an older licence)"),
        ("company", licence.company),
        ("seats", f"{licence.seats} ({kind})"),
        ("from", _day(licence.starts)),
        ("until", f"{_day(licence.ends)} ({_state(licence, now)})"),
        ("demo", "yes: sessions carry a label" if licence.demo else "no"),
        ("server key", licence.gateway_key),
        ("features", ", ".join(licence.features) or "none"),
        (
            "at most",
            ", ".join(f"{key} = {most}" for key, most in sorted(licence.caps.items())) or "no limits",
        ),
    ]
    return "".join(f"{name:<12}{text}\n" for name, text in lines)


def _of_list(found: Revocations) -> str:
    lines = [
        ("withdrawn", ", ".join(found.licences) or "none"),
        ("vendor", found.vendor),
        ("serial", str(found.serial)),
        ("issued", _day(found.issued)),
        ("signature", "good"),
    ]
    return "".join(f"{name:<12}{text}\n" for name, text in lines)


def _state(licence: Licence, now: float) -> str:
    if now < licence.starts:
        return "has not begun"
    if now >= licence.ends:
        return "is over"
    return f"in force, {int((licence.ends - now) // DAY_S)} days left"


def _day(moment: int) -> str:
    try:
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return "a day beyond all calendars"
