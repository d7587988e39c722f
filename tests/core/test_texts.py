"""Texts: the right language, English as the fallback, never a crash on a missing key."""

from pathlib import Path

import pytest

from deskside.errors import TextError
from deskside.texts import Texts, choose, read

TEXTS = Texts({"en": {"hello": "Hello {name}", "only": "English only"}, "ko": {"hello": "{name} 님"}})


def test_a_text_is_said_in_the_readers_language_with_its_values() -> None:
    assert TEXTS.say("ko", "hello", name="민지") == "민지 님"
    assert TEXTS.say("fr", "hello", name="Ann") == "Hello Ann"


def test_a_missing_text_falls_back_to_english_then_to_its_key() -> None:
    assert TEXTS.say("ko", "only") == "English only"
    assert TEXTS.say("ko", "no.such.key") == "no.such.key"
    assert TEXTS.all("ko") == {"hello": "{name} 님", "only": "English only"}


def test_a_value_cannot_reach_into_objects() -> None:
    texts = Texts({"en": {"attack": "{name.__class__} {name[0]} {other}"}})

    assert "class 'str'" not in texts.say("en", "attack", name="x")
    assert "{other}" in texts.say("en", "attack", name="x")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("de, ja;q=0.5", "ja"),
        ("zh-TW", "en"),
        ("", "en"),
        ("*;q=x,;;,ko;q=0", "en"),
    ],
)
def test_the_language_follows_what_the_browser_asks_for(accepted: str, language: str) -> None:
    assert choose(accepted) == language


@pytest.mark.parametrize("content", ["a.b = 'nested'", "number = 7", "not toml", b"\xff\xfe"])
def test_a_text_file_that_is_not_flat_texts_is_refused(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "en.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(TextError, match=r"en\.toml"):
        read(path)
