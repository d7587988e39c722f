"""Words people read: complete, of the right script, and with the same fields in every language."""

import re
import string
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path for path in ROOT.glob("*/**/src/*/texts") if ".venv" not in path.parts)
SCRIPTS = {
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "zh-Hans": re.compile(r"[\u4e00-\u9fff]"),
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
}
CASES = [(folder, language) for folder in FOLDERS for language in SCRIPTS]


def words(folder: Path, language: str) -> dict[str, str]:
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("folder", "language"), CASES, ids=str)
def test_every_language_says_everything_with_the_same_fields(folder: Path, language: str) -> None:
    english, other = words(folder, "en"), words(folder, language)

    assert set(other) == set(english)
    assert {key: fields(text) for key, text in other.items()} == {
        key: fields(text) for key, text in english.items()
    }


@pytest.mark.parametrize(("folder", "language"), CASES, ids=str)
def test_every_text_is_written_in_its_script_and_hardly_any_is_left_english(
    folder: Path, language: str
) -> None:
    english, other = words(folder, "en"), words(folder, language)
    foreign = [key for key, text in other.items() if not SCRIPTS[language].search(text)]
    untranslated = [key for key, text in other.items() if text == english[key]]

    assert len(foreign) <= 0.03 * len(other), foreign
    assert len(untranslated) <= 0.02 * len(other), untranslated


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_korean_holds_no_kana_and_chinese_no_hangul_or_kana(folder: Path) -> None:
    assert not [text for text in words(folder, "ko").values() if re.search(r"[\u3040-\u30ff]", text)]
    assert not [
        text for text in words(folder, "zh-Hans").values() if re.search(r"[\u3040-\u30ff\uac00-\ud7a3]", text)
    ]
