"""Limits of message fields: attrs validators that both ends and the page's schema read.

Everything that crosses the wire is bounded, so a text, bytes or tuple field without a Length is
refused when its message class is compiled. An optional field may be None whatever its limit.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import attrs
from attrs import frozen


@frozen
class Limit:
    """Base of limits."""

    def __call__(self, _: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        """Check a field, as attrs asks its validators to."""
        if value is not None:
            self.check(attribute.name, value)

    def check(self, name: str, value: Any) -> None:
        """Raise ValueError unless the value is within the limit."""
        raise NotImplementedError


@frozen
class Range(Limit):
    """A number from `minimum` to `maximum`, both included."""

    minimum: float
    maximum: float

    def check(self, name: str, value: float) -> None:
        """Raise ValueError unless the number lies in the range."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"{name} must lie from {self.minimum} to {self.maximum}")


@frozen
class Length(Limit):
    """A text, bytes or tuple of at most `maximum` characters, bytes or items.

    `each` limits every item of a tuple.
    """

    maximum: int
    minimum: int = 0
    each: Limit | None = None

    def check(self, name: str, value: Sized) -> None:
        """Raise ValueError unless the length fits, and every item."""
        if not self.minimum <= len(value) <= self.maximum:
            raise ValueError(
                f"{name} must have a length from {self.minimum} to {self.maximum}, got {len(value)}"
            )
        if self.each is not None and isinstance(value, tuple):
            for item in value:
                self.each.check(name, item)


@frozen
class OneOf(Limit):
    """One of a few fixed texts."""

    values: tuple[str, ...]

    def check(self, name: str, value: str) -> None:
        """Raise ValueError unless it is one of them."""
        if value not in self.values:
            raise ValueError(f"{name} must be one of {', '.join(self.values)}")


def limits_of(attribute: attrs.Attribute[Any]) -> tuple[Limit, ...]:
    """Return the limits among an attribute's validators."""
    validator = attribute.validator
    inside = getattr(validator, "_validators", (validator,))
    return tuple(one for one in inside if isinstance(one, Limit))
