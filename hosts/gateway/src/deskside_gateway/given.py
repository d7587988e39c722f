"""What somebody sent as JSON: objects of bounded size, read by name and kind, or refused. Pure."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Self

from attrs import frozen

from deskside_gateway.refusals import Refused


@frozen
class Given:
    """The fields of one JSON object."""

    fields: Mapping[str, Any]

    @classmethod
    def parse(cls, content: bytes | str) -> Self:
        """Read a JSON object.

        :raises Refused: if it is none
        """
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Refused("refused.request", field="JSON")
        return cls(found)

    def text(self, name: str, most: int = 80, otherwise: str | None = None) -> str:
        """Return a text field of at most so many characters."""
        value = self.fields.get(name, otherwise)
        if not isinstance(value, str) or len(value) > most or not _is_storable(value):
            raise Refused("refused.request", field=name)
        return value

    def choice(self, name: str, known: Collection[str]) -> str:
        """Return a text field that is one of a few."""
        value = self.fields.get(name)
        if not isinstance(value, str) or value not in known:
            raise Refused("refused.request", field=name)
        return value

    def number(self, name: str, least: int, most: int, otherwise: int | None = None) -> int:
        """Return a whole number within limits."""
        value = self.fields.get(name, otherwise)
        if type(value) is not int or not least <= value <= most:
            raise Refused("refused.request", field=name)
        return value

    def items(self, name: str, most: int) -> list[Any]:
        """Return a list of at most so many items."""
        value = self.fields.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise Refused("refused.request", field=name)
        return value

    def texts(self, name: str, most: int, longest: int = 64) -> tuple[str, ...]:
        """Return a list of short texts, empty if it is missing."""
        found = self.items(name, most) if name in self.fields else []
        if not all(isinstance(one, str) and len(one) <= longest and _is_storable(one) for one in found):
            raise Refused("refused.request", field=name)
        return tuple(found)

    def inner(self, name: str) -> "Given":
        """Return an object within, empty if it is missing."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise Refused("refused.request", field=name)
        return Given(value)


def _is_storable(text: str) -> bool:
    # PostgreSQL stores no zero, and a lone surrogate has no UTF-8.
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)
