"""Values that can be set beside a switch: the kinds of options, and the patterns their texts follow. Pure."""

import ipaddress
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import attrs
from attrs import field, frozen

from deskside.errors import DeclarationError

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SOURCE = re.compile(r"O-[0-9]{3}|")
MAC = re.compile(r"[0-9a-f]{12}")
PIN = re.compile(r"[0-9]{4}")

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]


def must_match(pattern: re.Pattern[str]) -> Check:
    """Return a check of a declared text."""

    def check(_: object, attribute: "attrs.Attribute[str]", value: str) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise DeclarationError(f"{attribute.name} {value!r} must look like {pattern.pattern}")

    return check


class Pattern(StrEnum):
    """What a text must look like."""

    LINE = "line"
    """Anything on one line."""
    NETWORK = "network"
    """One IP address, or a network of them such as 10.1.0.0/16."""
    MAC = "mac"
    """A network card's address: twelve hexadecimal digits without separators."""
    PIN = "pin"
    """Four digits."""
    LINK = "link"
    """An address that a browser opens; nothing but http and https."""

    def tidied(self, text: str) -> str:
        """Return a text in the one form in which it is stored and compared; what does not fit stays."""
        trimmed = text.strip()
        match self:
            case Pattern.NETWORK:
                return _address(trimmed) or _network(trimmed) or trimmed
            case Pattern.MAC:
                return trimmed.lower()
        return trimmed

    def fits(self, text: str) -> bool:
        """Tell whether a tidied text follows the pattern."""
        match self:
            case Pattern.NETWORK:
                return bool(text) and text in (_address(text), _network(text))
            case Pattern.MAC:
                return MAC.fullmatch(text) is not None
            case Pattern.PIN:
                return PIN.fullmatch(text) is not None
            case Pattern.LINK:
                return _is_link(text)
        return bool(text) and text.isprintable()


@frozen
class Number:
    """A whole number within limits, with its unit in words of the plugin's texts."""

    key: str = field(validator=must_match(NAME))
    default: int = field(kw_only=True)
    minimum: int = field(kw_only=True)
    maximum: int = field(kw_only=True)
    source: str = field(default="", kw_only=True, validator=must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(f"default of {self.key} must lie from {self.minimum} to {self.maximum}")

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        return type(value) is int and self.minimum <= value <= self.maximum


@frozen
class Choice:
    """One of a few named values."""

    key: str = field(validator=must_match(NAME))
    values: tuple[str, ...]
    default: str = field(kw_only=True)
    source: str = field(default="", kw_only=True, validator=must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(f"default of {self.key} must be one of {', '.join(self.values)}")

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        return isinstance(value, str) and value in self.values


@frozen
class Text:
    """A line of text of bounded length; an empty one says nothing, whatever the pattern."""

    key: str = field(validator=must_match(NAME))
    default: str = field(default="", kw_only=True)
    max_length: int = field(kw_only=True)
    pattern: Pattern = field(default=Pattern.LINE, kw_only=True)
    source: str = field(default="", kw_only=True, validator=must_match(SOURCE))

    def __attrs_post_init__(self) -> None:
        if not self.accepts(self.default):
            raise DeclarationError(
                f"default of {self.key} is longer than {self.max_length} or no {self.pattern}"
            )

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        if not isinstance(value, str) or len(value) > self.max_length or "\n" in value:
            return False
        return not value or self.pattern.fits(value)


@frozen
class List:
    """Some texts of one pattern, each once; nothing is listed until somebody lists it."""

    key: str = field(validator=must_match(NAME))
    pattern: Pattern = field(kw_only=True)
    most: int = field(default=100, kw_only=True)
    source: str = field(default="", kw_only=True, validator=must_match(SOURCE))

    @property
    def default(self) -> list[str]:
        """Return what is listed before anybody has listed something."""
        return []

    def accepts(self, value: object) -> bool:
        """Tell whether a stored or entered value is allowed."""
        if not isinstance(value, list) or len(value) > self.most:
            return False
        return all(isinstance(one, str) and self.pattern.fits(one) for one in value) and not _doubles(value)


Option = Number | Choice | Text | List
"""A value option: the group has a value, locked or not, and the user one where it is not."""


def _doubles(texts: list[str]) -> bool:
    return len(set(texts)) != len(texts)


def _address(text: str) -> str:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    is_scoped = isinstance(found, ipaddress.IPv6Address) and found.scope_id is not None
    return "" if is_scoped else str(found)


def _network(text: str) -> str:
    if "/" not in text:
        return ""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return ""


def _is_link(text: str) -> bool:
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
