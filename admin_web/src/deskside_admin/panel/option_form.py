"""Form fields drawn from declared options: one place that knows the kinds."""

from collections.abc import Mapping

from attrs import field, frozen

from deskside.catalogue import Catalogue
from deskside.declare import Choice, Feature, Number, Option, Text
from deskside.texts import Texts

WHOLE_NUMBER_LENGTH = 18


@frozen
class Words:
    """One owner's words in the reader's language."""

    texts: Texts
    language: str

    @classmethod
    def of(cls, catalogue: Catalogue, owner: str, language: str) -> "Words":
        """Return the words that an owner brings."""
        return cls(catalogue.owners[owner].texts, language)

    def say(self, key: str, otherwise: str | None = None) -> str:
        """Return a text, or what to say where the owner has none."""
        found = self.texts.say(self.language, key)
        return otherwise if found == key and otherwise is not None else found


@frozen(kw_only=True)
class OptionField:
    """What a template needs to draw one option."""

    entry: str
    kind: str
    title: str
    help: str
    value: object
    limits: Mapping[str, int] = field(factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    locked: bool = False


def option_field(
    feature: Feature, option: Option, words: Words, value: object, *, locked: bool
) -> OptionField:
    """Return the field for an option with a present or entered value."""
    key = f"{feature.key}.{option.key}"
    return OptionField(
        entry=key,
        kind=_kind(option),
        title=words.say(f"{key}.title"),
        help=words.say(f"{key}.help", ""),
        unit=words.say(f"{key}.unit", ""),
        value=value,
        limits=_limits(option),
        choices=_choices(option, key, words),
        locked=locked,
    )


def entered_value(option: Option, text: str) -> object:
    """Turn what was typed or picked into a value; what is no number stays a text and is refused."""
    trimmed = text.strip()
    if isinstance(option, Number) and len(trimmed) <= WHOLE_NUMBER_LENGTH:
        digits = trimmed.removeprefix("-")
        return int(trimmed) if digits.isascii() and digits.isdigit() else trimmed
    return trimmed


def _kind(option: Option) -> str:
    match option:
        case Number():
            return "number"
        case Choice():
            return "choice"
        case Text():
            return "text"
    raise TypeError(f"the panel cannot draw options of the kind {type(option).__name__}")


def _limits(option: Option) -> dict[str, int]:
    match option:
        case Number():
            return {"min": option.minimum, "max": option.maximum}
        case Text():
            return {"maxlength": option.max_length}
    return {}


def _choices(option: Option, key: str, words: Words) -> tuple[tuple[str, str], ...]:
    if not isinstance(option, Choice):
        return ()
    return tuple((value, words.say(f"{key}.{value}", value)) for value in option.values)
