"""The chain from a vendor over a company's gateway to one session. Pure.

The host checks it from the vendor key that it was built or installed with, never with a key that came
over the wire.
"""

from collections.abc import Collection, Mapping

from attrs import frozen

from deskside.catalogue import Catalogue
from deskside.declare import Feature
from deskside.errors import BadSignature
from deskside.grants import Gate, Refusal
from deskside.licence import Entitlement, Licence, read_entitlement, read_unchecked, signed_by
from deskside.options import Number, Option

CLOCK_TOLERANCE_S = 600
"""How far the customer's clock may be off when a session starts."""
TRIAL_S = 30 * 24 * 3600


@frozen
class Entitled:
    """What the chain proves: both documents, checked."""

    licence: Licence
    entitlement: Entitlement

    @property
    def features(self) -> frozenset[str]:
        """Return what both allow: a gateway cannot give what the vendor did not sell."""
        return frozenset(self.licence.features) & frozenset(self.entitlement.features)

    def options(self, catalogue: Catalogue) -> dict[str, Mapping[str, object]]:
        """Return the values in force of each feature, none larger than what was sold."""
        told = self.entitlement.options
        return {
            key: capped(catalogue.features[key], told.get(key, {}), self.licence.caps)
            for key in self.features & set(catalogue.features)
        }


def capped(feature: Feature, values: Mapping[str, object], caps: Mapping[str, int]) -> dict[str, object]:
    """Return a value for each option of a feature: the given one, else the default, within the licence."""
    found = {}
    for option in feature.options:
        value = values.get(option.key)
        found[option.key] = _within(
            option,
            value if option.accepts(value) else option.default,
            caps.get(f"{feature.key}.{option.key}"),
        )
    return found


def check_chain(
    licence_token: str,
    entitlement_token: str,
    vendor_keys: Collection[str],
    session: str,
    now: float,
    *,
    is_running: bool = False,
) -> Entitled | Refusal:
    """Check licence and entitlement of a session that is about to start.

    Of one that runs already, the licence may have ended meanwhile: a licence never ends a running session.
    """
    try:
        found = signed_by(licence_token, vendor_keys)
        if found is None:
            return Refusal(Gate.LICENCE, "refused.licence.vendor")
        licence = found[0]
    except BadSignature:
        return Refusal(Gate.LICENCE, "refused.licence.unreadable")
    try:
        entitlement = read_entitlement(entitlement_token, licence.gateway_key)
    except BadSignature:
        return Refusal(Gate.LICENCE, "refused.licence.gateway")
    if entitlement.session != session or entitlement.licence != licence.id:
        return Refusal(Gate.LICENCE, "refused.licence.session")
    if no := _out_of_time(entitlement, now) or ("" if is_running else _out_of_time(licence, now)):
        return Refusal(Gate.LICENCE, no)
    return Entitled(licence, entitlement)


@frozen
class Trust:
    """Whose licences a customer program stands by; fixed when it was built or installed."""

    vendor_keys: tuple[str, ...] = ()
    trial: bool = True
    """Accept a trial that a server signed for itself; a vendor's own build says no."""

    def check(
        self, licence: str, entitlement: str, session: str, now: float, *, is_running: bool = False
    ) -> Entitled | Refusal:
        """Check licence and entitlement of a session, as `check_chain` does."""
        found = check_chain(licence, entitlement, self.vendor_keys, session, now, is_running=is_running)
        if not isinstance(found, Refusal) or found.reason != "refused.licence.vendor" or not self.trial:
            return found
        own = (_trial_key(licence),)
        return (
            check_chain(licence, entitlement, own, session, now, is_running=is_running) if all(own) else found
        )


def _out_of_time(document: Licence | Entitlement, now: float) -> str:
    if now < document.starts - CLOCK_TOLERANCE_S:
        return "refused.licence.early"
    return "refused.licence.expired" if now > document.ends + CLOCK_TOLERANCE_S else ""


def _trial_key(token: str) -> str:
    """Return the key of a trial that signed itself, marked as demo and short, else nothing."""
    try:
        key = read_unchecked(token).gateway_key
        found = signed_by(token, (key,))
    except BadSignature:
        return ""
    is_trial = found is not None and found[0].demo and found[0].ends - found[0].starts <= TRIAL_S
    return key if is_trial else ""


def _within(option: Option, value: object, cap: int | None) -> object:
    if cap is None or not isinstance(option, Number) or not isinstance(value, int):
        return value
    # Below its smallest value an option means nothing: there the licence cannot say more than "the least".
    return max(option.minimum, min(value, cap))
