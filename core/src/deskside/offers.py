"""What a vendor sells, from a file of his own: tiers, and extras that are sold beside them. Pure.

No tier and no edition is known to any program: a licence carries what the vendor put together here.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from attrs import field, frozen

from deskside.declare import KEY
from deskside.errors import DesksideError
from deskside.licence import LONGEST_NAME

CAP = re.compile(rf"{KEY.pattern}\.[a-z][a-z0-9_]{{0,39}}")
FIELDS = {"title", "contains", "features", "caps"}


class BadOffer(DesksideError):
    """Raised when a vendor's file does not say what can be sold."""


@frozen
class Offer:
    """One tier or one extra."""

    title: str
    contains: tuple[str, ...] = ()
    """Tiers whose features and caps it takes over."""
    features: tuple[str, ...] = ()
    caps: Mapping[str, int] = field(factory=dict)


@frozen
class Offers:
    """Everything that a vendor sells."""

    vendor: str
    tiers: Mapping[str, Offer]
    extras: Mapping[str, Offer]

    @classmethod
    def read(cls, text: str) -> "Offers":
        """Read the vendor's file.

        :raises BadOffer: if something in it cannot be meant
        """
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise BadOffer(f"the tiers are no TOML: {error}") from None
        if unknown := set(content) - {"vendor", "tiers", "extras"}:
            raise BadOffer(f"'{min(unknown)}' stands where only vendor, tiers and extras may stand")
        tiers, extras = (_offers(content.get(kind, {}), kind) for kind in ("tiers", "extras"))
        if not tiers:
            raise BadOffer("there is no tier; begin one with [tiers.standard]")
        for kind, offers in (("tiers", tiers), ("extras", extras)):
            for name, one in offers.items():
                if missing := set(one.contains) - set(tiers):
                    raise BadOffer(f"{kind}.{name} contains '{min(missing)}', which is no tier")
        return cls(_title(content.get("vendor"), "vendor"), tiers, extras)

    def put_together(self, tier: str, extras: Collection[str] = ()) -> Offer:
        """Return one tier with some extras: all their features, and of each cap the one named last.

        :raises BadOffer: if one of them is not sold, or a tier contains itself
        """
        if tier not in self.tiers:
            raise BadOffer(f"there is no tier '{tier}'; there are {', '.join(sorted(self.tiers))}")
        if missing := set(extras) - set(self.extras):
            raise BadOffer(f"there is no extra '{min(missing)}'")
        parts = [self._with_contents(self.tiers[tier], (tier,))]
        parts += [self._with_contents(self.extras[name], ()) for name in extras]
        return _joined(self.tiers[tier].title, parts)

    def _with_contents(self, offer: Offer, above: tuple[str, ...]) -> Offer:
        if circle := set(offer.contains) & set(above):
            raise BadOffer(f"the tier '{min(circle)}' contains itself")
        inside = [self._with_contents(self.tiers[name], (*above, name)) for name in offer.contains]
        return _joined(offer.title, [*inside, offer])


def _joined(title: str, parts: Collection[Offer]) -> Offer:
    features = {key for one in parts for key in one.features}
    caps = {key: number for one in parts for key, number in one.caps.items()}
    return Offer(title, (), tuple(sorted(features)), caps)


def _offers(found: object, kind: str) -> dict[str, Offer]:
    if not isinstance(found, dict):
        raise BadOffer(f"{kind} has a table for each of them, such as [{kind}.standard]")
    return {name: _offer(one, f"{kind}.{name}") for name, one in found.items()}


def _offer(found: object, where: str) -> Offer:
    if not isinstance(found, dict):
        raise BadOffer(f"{where} is no table")
    if unknown := set(found) - FIELDS:
        raise BadOffer(f"{where} has '{min(unknown)}'; known are {', '.join(sorted(FIELDS))}")
    return Offer(
        _title(found.get("title"), f"{where}.title"),
        _texts(found.get("contains", []), f"{where}.contains"),
        _texts(found.get("features", []), f"{where}.features", KEY),
        _caps(found.get("caps", {}), f"{where}.caps"),
    )


def _title(found: object, where: str) -> str:
    if (
        not isinstance(found, str)
        or not found.strip()
        or len(found) > LONGEST_NAME
        or not found.isprintable()
    ):
        raise BadOffer(f"{where} needs a name of at most {LONGEST_NAME} characters")
    return found.strip()


def _texts(found: object, where: str, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadOffer(f"{where} is a list of texts")
    for one in found:
        if pattern is not None and not pattern.fullmatch(one):
            raise BadOffer(f"{where} holds '{one[:90]}', which is no feature such as kites.fly")
    return tuple(found)


def _caps(found: Any, where: str) -> dict[str, int]:
    if not isinstance(found, dict):
        raise BadOffer(f"{where} is a table of numbers")
    for key, number in found.items():
        if not CAP.fullmatch(key) or type(number) is not int or number < 0:
            raise BadOffer(
                f'{where} holds {key[:120]} = {number}; it takes the like of "kites.fly.strokes" = 5'
            )
    return dict(found)
