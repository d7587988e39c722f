import pytest

from deskside.errors import DesksideError
from deskside_customer.words import (
    breakable,
    choose,
    clock_of,
    fitting,
    person,
    phrases,
    printable,
    shortened,
)


@pytest.mark.parametrize(
    ("wanted", "environ", "expected"),
    [
        ("", {"LANG": "ko_KR.UTF-8"}, "ko"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ("", {"LC_ALL": "ja_JP.UTF-8", "LANG": "ko_KR.UTF-8"}, "ja"),
        ("", {"LANG": "de_DE.UTF-8"}, "en"),
        ("", {}, "en"),
        ("ko", {"LANG": "ja_JP.UTF-8"}, "ko"),
    ],
)
def test_the_language_is_what_was_asked_for_then_the_systems(
    wanted: str, environ: dict[str, str], expected: str
) -> None:
    assert choose(wanted, environ) == expected


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(DesksideError, match="zh-Hans"):
        choose("tlh", {})


def test_long_words_may_break_and_short_and_korean_ones_do_not() -> None:
    assert breakable("short words stay") == "short words stay"
    assert max(map(len, breakable("x" * 90).split("\u200b"))) == 16
    assert "\u200b" not in breakable("원격지원프로그램을설치하고실행하는방법안내")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("プリンターの設定を開いてください。", "プリンターの|設定を|開いてください。"),
        ("接続が切れました。再接続しています…", "接続が|切れました。|再接続しています…"),
        ("ご自身のマウス", "ご自身の|マウス"),
        ("あいうえおかきくけこさしすせそ", "あいうえおかきくけこ|さしすせそ"),
        ("", ""),
    ],
)
def test_japanese_breaks_between_phrases(text: str, cut: str) -> None:
    assert phrases(text, 10) == cut.split("|")
    assert breakable(text).replace("\u2060", "") == text


def test_control_characters_never_reach_a_terminal() -> None:
    assert printable("a\x1b[2Jb\u202ec\n") == "a·[2Jb·c·"


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0:00"), (59.9, "0:59"), (761, "12:41"), (3723, "1:02:03")]
)
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert clock_of(seconds) == text


def test_a_person_is_named_with_the_company() -> None:
    assert person("Lee Jun", "Hanbit Service") == "Lee Jun (Hanbit Service)"
    assert person("Lee Jun", "") == "Lee Jun"
    assert len(shortened("x" * 500)) == 22


def test_korean_takes_two_columns_of_a_terminal() -> None:
    assert fitting("원격지원 now", 9) == "원격지원 "
    assert fitting("short", 80) == "short"
