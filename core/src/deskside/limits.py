"""Limits of message fields: attrs validators that both ends and the page's schema read.

Everything that crosses the wire is bounded, so a text, bytes or tuple field without a Length is
refused when its message class is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Sized
from typing import Any

import attrs
from attrs import frozen


@frozen
class Range:
    """A number from `minimum` to `maximum`, both included."""

    minimum: float
    maximum: float

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: float) -> None:
        if not self.minimum <= value <= self.maximum:
            raise ValueError(
                f"{attribute.name} must lie from {self.minimum} to {self.maximum}, got {value!r}"
            )


@frozen
class Length:
    """A text, bytes or tuple of at most `maximum` characters, bytes or items.

    `each` bounds the items of a tuple of texts or bytes.
    """

    maximum: int
    minimum: int = 0
    each: Length | None = None

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: Sized | None) -> None:
        if value is None:
            return
        self.check(attribute.name, value)

    def check(self, name: str, value: Sized) -> None:
        """Raise ValueError unless the length fits, and that of every item."""
        if not self.minimum <= len(value) <= self.maximum:
            raise ValueError(
                f"{name} must have a length from {self.minimum} to {self.maximum}, got {len(value)}"
            )
        if self.each is not None and isinstance(value, tuple):
            for item in value:
                self.each.check(name, item)


@frozen
class OneOf:
    """One of a few fixed texts."""

    values: tuple[str, ...]

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: str) -> None:
        if value not in self.values:
            raise ValueError(f"{attribute.name} must be one of {', '.join(self.values)}")


Limit = Range | Length | OneOf


def limits_of(attribute: attrs.Attribute[Any]) -> tuple[Limit, ...]:
    """Return the limits among an attribute's validators."""
    validator = attribute.validator
    inside = getattr(validator, "_validators", (validator,))
    return tuple(one for one in inside if isinstance(one, Range | Length | OneOf))


def is_finite(value: float) -> bool:
    """Tell whether a number is neither infinite nor not-a-number."""
    return math.isfinite(value)
