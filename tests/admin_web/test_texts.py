"""Tests of the words: the same keys and fields in every language, and none that a template lacks."""

import re
import string
from importlib.resources import files
from pathlib import Path

import pytest

from deskside.texts import LANGUAGES, load

TEXTS = load("deskside_admin").by_language


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    assert TEXTS[language].keys() == TEXTS["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_fields(language: str) -> None:
    differing = [key for key, text in TEXTS["en"].items() if fields(TEXTS[language][key]) != fields(text)]

    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_holds_markup(language: str) -> None:
    odd = [key for key, text in TEXTS[language].items() if not text or re.search(r"<[a-z/]", text)]

    assert odd == []


def test_every_key_that_sources_name_has_a_text() -> None:
    folder = Path(str(files("deskside_admin")))
    sources = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    called = re.compile(r'(?:\bt|say|refused|Problem)\(\s*"([a-z]+\.[a-z_0-9]+)"(?!\s*~)')
    named = {key for path in sources for key in called.findall(path.read_text())}

    assert named - TEXTS["en"].keys() == set()
    assert len(named) > 80
