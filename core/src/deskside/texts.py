"""Words people read: one TOML file per language, one loader for programs, panel and pages.

A file `texts/<language>.toml` holds flat keys; a key that a language lacks falls back to English.
Values are taken with `{name}` fields, filled by `Texts.say`.
"""

import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import field, frozen

from deskside.errors import TextError

LANGUAGES = ("en", "ko", "zh-Hans", "ja")
FALLBACK = "en"


@frozen
class Texts:
    """The words of one package in every language."""

    by_language: Mapping[str, Mapping[str, str]] = field(factory=dict)

    def say(self, language: str, key: str, **values: object) -> str:
        """Return the text of `key`, in English where the language lacks it, else the key itself."""
        for name in (language, FALLBACK):
            found = self.by_language.get(name, {}).get(key)
            if found is not None:
                return _Filler().vformat(found, (), values)
        return key

    def has(self, key: str) -> bool:
        """Tell whether there are words for a key."""
        return key in self.by_language.get(FALLBACK, {})

    def all(self, language: str) -> dict[str, str]:
        """Return every text of a language, English filling the gaps."""
        return {**self.by_language.get(FALLBACK, {}), **self.by_language.get(language, {})}

    def with_more(self, other: "Texts") -> "Texts":
        """Return both sets as one; keys of `other` win."""
        names = {*self.by_language, *other.by_language}
        merged = {
            name: {**self.by_language.get(name, {}), **other.by_language.get(name, {})} for name in names
        }
        return Texts(merged)


class _Filler(string.Formatter):
    """Fill `{name}` fields only: no attribute or index access, and an unknown name stays as it is."""

    def get_field(self, field_name: str, args: object, kwargs: Mapping[str, object]) -> tuple[object, str]:
        del args
        return kwargs.get(field_name, "{" + field_name + "}"), field_name


def plain(text: str) -> str:
    """Return a text from outside without what moves a cursor or turns the reading direction."""
    return "".join(one for one in text if one.isprintable())


@cache
def load(package: str) -> Texts:
    """Read `texts/*.toml` of an installed package, once.

    :raises TextError: if a file is not flat TOML with text values
    """
    folder = files(package) / "texts"
    if not folder.is_dir():
        return Texts()
    found = {
        item.name.removesuffix(".toml"): read(item)
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    return Texts(found)


def read(item: Traversable) -> dict[str, str]:
    """Read one text file."""
    try:
        content = tomllib.loads(item.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TextError(f"cannot read {item.name}: {error}") from error
    for key, value in content.items():
        if not isinstance(value, str):
            raise TextError(f"{item.name}: '{key}' is not a text; quote keys that hold a dot")
    return content


def choose(accepted: str, available: Iterable[str] = LANGUAGES) -> str:
    """Return the available language an `Accept-Language` header asks for most, else English."""
    wanted = sorted(_weights(accepted), key=lambda pair: -pair[1])
    names = list(available)
    for tag, _ in wanted:
        for name in names:
            if _matches(tag, name):
                return name
    return FALLBACK


def _weights(accepted: str) -> list[tuple[str, float]]:
    pairs: list[tuple[str, float]] = []
    for part in accepted[:1000].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            pairs.append((tag.lower(), float(weight or 1)))
        except ValueError:
            continue
    return [pair for pair in pairs if pair[0] and pair[1] > 0]


def _matches(tag: str, name: str) -> bool:
    if name == "zh-Hans":
        return tag in {"zh", "zh-cn", "zh-sg"} or tag.startswith("zh-hans")
    return tag == name.lower() or tag.partition("-")[0] == name.lower()
