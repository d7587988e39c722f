"""What a licence contains, in the reader's words."""

from collections.abc import Collection, Mapping

from attrs import frozen
from flask import g

from deskside.catalogue import Catalogue
from deskside_admin.panel.context import company, database, now, panel
from deskside_admin.panel.feature_form import Reader, owner_title, title_of
from deskside_admin.panel.option_form import Words
from deskside_admin.service import licences


@frozen
class Part:
    """The features of one plugin or program."""

    title: str
    features: tuple[str, ...]


def contained(missing: Collection[str]) -> list[Part]:
    """Return what is installed here and not missing, by plugin."""
    return _parts([key for key in _on_sale(panel().catalogue) if key not in missing])


def titles(keys: Collection[str]) -> tuple[str, ...]:
    """Return the names of features; what is not installed here has none but its key."""
    return tuple(title_of(panel().catalogue, key, g.language) for key in keys)


def parts(keys: Collection[str]) -> list[Part]:
    """Return features by plugin."""
    return _parts([key for key in panel().catalogue.features if key in keys])


def caps(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the largest numbers with their names, of options that are installed here."""
    return [(title, most) for key, most in sorted(found.items()) if (title := _option_title(key))]


def _on_sale(catalogue: Catalogue) -> list[str]:
    return [key for key, feature in catalogue.features.items() if not feature.is_rule]


def _parts(keys: list[str]) -> list[Part]:
    owners = list(dict.fromkeys(key.partition(".")[0] for key in keys))
    return [
        Part(
            owner_title(panel().catalogue, owner, g.language),
            titles([key for key in keys if key.partition(".")[0] == owner]),
        )
        for owner in owners
    ]


def _option_title(key: str) -> str:
    feature, _, option = key.rpartition(".")
    declared = panel().catalogue.features.get(feature)
    if declared is None or option not in {one.key for one in declared.options}:
        return ""
    words = Words.of(panel().catalogue, declared.owner, g.language)
    return f"{words.say(f'{feature}.title')} · {words.say(f'{key}.title')}"


def reader() -> Reader:
    """Return who reads a form of features, and what his company's licence does not contain."""
    missing = licences.missing(database(), company().id, panel().catalogue, now())
    return Reader(panel().catalogue, g.language, frozenset(missing))
