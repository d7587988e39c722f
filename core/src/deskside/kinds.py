"""How one field of a message looks on the wire: pure conversions made from type annotations."""

import math
import types
import typing
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Union

import attrs
from attrs import frozen

from deskside.errors import BadMessage, DeclarationError
from deskside.limits import Length, Limit, OneOf, Range, limits_of

SAFE_INTEGER = 2**53 - 1
"""What a page's number holds without loss."""

MOST_FIELDS = 40
MOST_DEPTH = 8

Schema = dict[str, Any]


@frozen
class Kind:
    """One conversion: `pack` makes what msgpack takes, `unpack` checks what it gave."""

    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]
    schema: Schema


def _same(value: Any) -> Any:
    return value


def _expect(expected: str, raw: object) -> BadMessage:
    return BadMessage(f"expected {expected}, got {type(raw).__name__}")


def _bool(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise _expect("true or false", raw)
    return raw


def _int(raw: Any) -> int:
    if type(raw) is not int or abs(raw) > SAFE_INTEGER:
        raise _expect("a whole number below 2^53", raw)
    return raw


def _float(raw: Any) -> float:
    if type(raw) is int and abs(raw) <= SAFE_INTEGER:
        return float(raw)
    if type(raw) is not float or not math.isfinite(raw):
        raise _expect("a finite number", raw)
    return raw


def _text(raw: Any) -> str:
    if type(raw) is not str:
        raise _expect("a text", raw)
    return raw


def _bytes(raw: Any) -> bytes:
    if type(raw) is not bytes:
        raise _expect("bytes", raw)
    return raw


def kind_of(annotation: Any, limits: tuple[Limit, ...], where: str, depth: int = 0) -> Kind:
    """Make the conversion for one annotated field.

    :raises DeclarationError: if the type cannot cross the wire or has no bound
    """
    if depth > MOST_DEPTH:
        raise DeclarationError(f"{where} is nested more than {MOST_DEPTH} deep")
    if annotation in _PLAIN:
        unpack, name = _PLAIN[annotation]
        return Kind(_same, unpack, {"kind": name, **_range(limits)})
    if annotation in (str, bytes):
        return _sized(annotation, limits, where)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _enum(annotation)
    if isinstance(annotation, type) and attrs.has(annotation):
        return struct_kind(annotation, depth + 1)
    return _generic(annotation, limits, where, depth)


_PLAIN: dict[Any, tuple[Callable[[Any], Any], str]] = {
    bool: (_bool, "bool"),
    int: (_int, "int"),
    float: (_float, "float"),
}


def _generic(annotation: Any, limits: tuple[Limit, ...], where: str, depth: int) -> Kind:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
        inner = next(one for one in arguments if one is not type(None))
        return _maybe(kind_of(inner, limits, where, depth + 1))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _many(arguments[0], limits, where, depth)
    if origin is tuple and arguments:
        return _fixed([kind_of(one, limits, where, depth + 1) for one in arguments])
    raise DeclarationError(f"{where} has a type that cannot cross the wire: {annotation!r}")


def _range(limits: tuple[Limit, ...]) -> Schema:
    for limit in limits:
        if isinstance(limit, Range):
            return {"min": limit.minimum, "max": limit.maximum}
    return {}


def _length(limits: tuple[Limit, ...], where: str) -> Length:
    for limit in limits:
        if isinstance(limit, Length):
            return limit
    raise DeclarationError(f"{where} needs a Length: everything on the wire is bounded")


def _sized(annotation: type, limits: tuple[Limit, ...], where: str) -> Kind:
    unpack, name = (_text, "text") if annotation is str else (_bytes, "bytes")
    for limit in limits:
        if isinstance(limit, OneOf):
            return Kind(_same, unpack, {"kind": name, "values": list(limit.values)})
    length = _length(limits, where)
    return Kind(_same, unpack, {"kind": name, "min": length.minimum, "max": length.maximum})


def _enum(annotation: type[StrEnum]) -> Kind:
    values = {member.value: member for member in annotation}

    def unpack(raw: Any) -> StrEnum:
        if type(raw) is not str or raw not in values:
            raise _expect(f"one of {', '.join(values)}", raw)
        return values[raw]

    return Kind(lambda member: member.value, unpack, {"kind": "text", "values": list(values)})


def _maybe(inner: Kind) -> Kind:
    return Kind(
        lambda value: None if value is None else inner.pack(value),
        lambda raw: None if raw is None else inner.unpack(raw),
        {"kind": "maybe", "of": inner.schema},
    )


def _many(item: Any, limits: tuple[Limit, ...], where: str, depth: int) -> Kind:
    length = _length(limits, where)
    inner_limits = () if length.each is None else (length.each,)
    inner = kind_of(item, inner_limits, where, depth + 1)

    def unpack(raw: Any) -> tuple[Any, ...]:
        if type(raw) is not list:
            raise _expect("a list", raw)
        if not length.minimum <= len(raw) <= length.maximum:
            raise BadMessage(f"expected {length.minimum} to {length.maximum} items, got {len(raw)}")
        return tuple([inner.unpack(one) for one in raw])

    schema = {"kind": "list", "min": length.minimum, "max": length.maximum, "of": inner.schema}
    return Kind(lambda value: [inner.pack(one) for one in value], unpack, schema)


def _fixed(inner: list[Kind]) -> Kind:
    def unpack(raw: Any) -> tuple[Any, ...]:
        if type(raw) is not list or len(raw) != len(inner):
            raise _expect(f"a list of {len(inner)}", raw)
        return tuple([kind.unpack(one) for kind, one in zip(inner, raw, strict=True)])

    return Kind(
        lambda value: [kind.pack(one) for kind, one in zip(inner, value, strict=True)],
        unpack,
        {"kind": "tuple", "of": [kind.schema for kind in inner]},
    )


@frozen
class Struct:
    """The fields of one attrs class, in wire order."""

    cls: type
    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    required: int
    """How many leading fields have no default: an older sender must have sent these."""

    def pack(self, value: Any, known: int | None = None) -> list[Any]:
        """Return the fields of an instance, cut to what the far end knows."""
        pairs = zip(self.names[:known], self.kinds, strict=False)
        return [kind.pack(getattr(value, name)) for name, kind in pairs]

    def unpack(self, raw: list[Any]) -> Any:
        """Check fields from the wire and build the instance.

        :raises BadMessage: if a field is missing, of the wrong type or outside its limits
        """
        if not self.required <= len(raw) <= len(self.names):
            raise BadMessage(
                f"{self.cls.__name__} has {self.required} to {len(self.names)} fields, got {len(raw)}"
            )
        values = {}
        for name, kind, one in zip(self.names, self.kinds, raw, strict=False):
            try:
                values[name] = kind.unpack(one)
            except BadMessage as error:
                raise BadMessage(f"{self.cls.__name__}.{name}: {error}") from None
        try:
            return self.cls(**values)
        except (ValueError, TypeError) as error:
            raise BadMessage(f"{self.cls.__name__}: {error}") from None

    def schema(self) -> list[Schema]:
        """Return what a page needs to encode and check this."""
        pairs = zip(self.names, self.kinds, strict=True)
        return [{"name": name, **kind.schema} for name, kind in pairs]


def struct_of(cls: type, depth: int = 0) -> Struct:
    """Compile an attrs class.

    :raises DeclarationError: if a field is unbounded, of a foreign type, or required after an optional one
    """
    hints = typing.get_type_hints(cls)
    fields = attrs.fields(cls)
    if len(fields) > MOST_FIELDS:
        raise DeclarationError(f"{cls.__name__} has more than {MOST_FIELDS} fields")
    kinds = [kind_of(hints[one.name], limits_of(one), f"{cls.__name__}.{one.name}", depth) for one in fields]
    required = [one.default is attrs.NOTHING for one in fields]
    if sorted(required, reverse=True) != required:
        raise DeclarationError(f"{cls.__name__}: a field with a default stands before one without")
    return Struct(cls, tuple(one.name for one in fields), tuple(kinds), sum(required))


def struct_kind(cls: type, depth: int) -> Kind:
    """Make the conversion for a nested attrs class."""
    struct = struct_of(cls, depth)

    def unpack(raw: Any) -> Any:
        if type(raw) is not list:
            raise _expect("a list of fields", raw)
        return struct.unpack(raw)

    return Kind(struct.pack, unpack, {"kind": "struct", "fields": struct.schema()})
