"""Form fields drawn from declared options: one place that knows the kinds."""

from collections.abc import Mapping

from attrs import field, frozen
from werkzeug.datastructures import MultiDict

from deskside.catalogue import Catalogue
from deskside.declare import Feature
from deskside.options import Choice, List, Number, Option, Pattern, Text
from deskside.texts import Texts

Form = MultiDict[str, str]

WHOLE_NUMBER_LENGTH = 18
ENTRY_LENGTH = 64
MOST_SHOWN_BEYOND = 20
"""How many entries over the limit are shown again, so that a flood is not sent back whole."""


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


@frozen
class Listed:
    """One entry of a list, and whether it follows the pattern."""

    text: str
    is_good: bool


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
    listed: tuple[Listed, ...] = ()


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
        listed=_listed(option, value),
    )


def is_entered(option: Option, form: Form, entry: str) -> bool:
    """Tell whether a form holds an option: a list without entries has only its mark."""
    return f"{'listed' if isinstance(option, List) else 'value'}:{entry}" in form


def entered_value(option: Option, form: Form, entry: str) -> object:
    """Return what was typed or picked; what is no number, or no such text, stays and is refused."""
    if isinstance(option, List):
        texts = (option.pattern.tidied(text) for text in form.getlist(f"value:{entry}"))
        # Whoever enters the same twice means it once.
        return list(dict.fromkeys(text for text in texts if text))
    trimmed = form[f"value:{entry}"].strip()
    if isinstance(option, Number) and len(trimmed) <= WHOLE_NUMBER_LENGTH:
        digits = trimmed.removeprefix("-")
        return int(trimmed) if digits.isascii() and digits.isdigit() else trimmed
    return option.pattern.tidied(trimmed) if isinstance(option, Text) else trimmed


def _kind(option: Option) -> str:
    match option:
        case Number():
            return "number"
        case Choice():
            return "choice"
        case List():
            return "list"
        case Text(pattern=Pattern.LINK):
            return "url"
        case Text():
            return "text"
    raise TypeError(f"the panel cannot draw options of the kind {type(option).__name__}")


def _limits(option: Option) -> dict[str, int]:
    match option:
        case Number():
            return {"min": option.minimum, "max": option.maximum}
        case Text():
            return {"maxlength": option.max_length}
        case List():
            return {"maxlength": ENTRY_LENGTH}
    return {}


def _choices(option: Option, key: str, words: Words) -> tuple[tuple[str, str], ...]:
    if not isinstance(option, Choice):
        return ()
    return tuple((value, words.say(f"{key}.{value}", value)) for value in option.values)


def _listed(option: Option, value: object) -> tuple[Listed, ...]:
    if not isinstance(option, List) or not isinstance(value, list):
        return ()
    shown = value[: option.most + MOST_SHOWN_BEYOND]
    return tuple(Listed(text, not text or option.pattern.fits(text)) for text in shown)
