"""Questions are whole, however long their words and however large the text."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hosts.customer.theatre import ASK, SESSION, Stage
from screens import Screen, wait_until

pytestmark = pytest.mark.screen
ASK_MOOD = (0x7A, 0x4D, 0x00)
PADDING = 12
LONG = {
    "en": "Ihre Maus und Ihre Tastatur benutzen, um die Druckereinstellungen gemeinsam zu prüfen",
    "ko": "마우스와 키보드를 직접 사용하여 프로그램 설치와 프린터 설정 변경을 도와드립니다",
    "ja": "マウスとキーボードを操作して、プリンターの設定を一緒に確認します",
}
LARGE_TEXT = {"XDG_CURRENT_DESKTOP": "KDE", "KDE_SESSION_VERSION": "5"}


@pytest.fixture
def bare() -> Iterator[Screen]:
    """Return a screen without a window manager."""
    with Screen(1280, 1024, has_window_manager=False) as screen:
        yield screen


def question(language: str) -> dict[str, Any]:
    return {**ASK, "titles": [LONG[language], LONG[language][:40]], "detail": "보고서 report.pdf, 12 MB"}


def large_text(folder: Path) -> dict[str, str]:
    """Return the variables of a desktop whose text is twice as large as usual."""
    (folder / "kdeglobals").write_text("[General]\nfont=Sans Serif,18,-1,5,50,0,0,0,0,0\n")
    return {**LARGE_TEXT, "XDG_CONFIG_HOME": str(folder)}


def asked(stage: Stage, language: str) -> np.ndarray:
    """Ask in a window that shows a session already; return the question's pixels once it stands."""
    stage.play("show", **SESSION)
    stage.where("stop screen.view")
    stage.play("ask", **question(language))
    stage.where("yes")

    def is_asking() -> bool:
        left, top, width, _ = stage.window()
        return tuple(stage.screen.grab()[top + 2, left + width // 2]) == ASK_MOOD

    wait_until(is_asking, "the question")
    left, top, width, height = stage.window()
    pixels: np.ndarray = stage.screen.grab()[top : top + height, left : left + width]
    return pixels


def is_blank(pixels: np.ndarray) -> bool:
    return bool(np.all(pixels == pixels[0, 0]))


@pytest.mark.parametrize("size", ["usual", "scaled", "large text"])
@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_long_question_is_whole_without_a_window_manager(
    bare: Screen, start_stage: Callable[..., Stage], tmp_path: Path, artifacts: Path, language: str, size: str
) -> None:
    given = {"usual": {}, "scaled": {"QT_SCALE_FACTOR": "2"}, "large text": large_text(tmp_path)}[size]
    times = 1 if size == "usual" else 2
    stage = start_stage(bare, language, **given)

    pixels = asked(stage, language)

    bare.save(artifacts / f"question-{language}-{size.replace(' ', '-')}.png", stage.window())
    assert stage.cut() == []
    height, width = pixels.shape[:2]
    assert width == 280 * times
    band = PADDING * times - 2
    assert is_blank(pixels[height - band : height - 2, 2 : width - 2]), "room below the last line"
    assert is_blank(pixels[height // 2 : height - 2, width - band : width - 2]), "no bar at the side"
    assert not is_blank(pixels[height - 3 * band : height - band, 2 : width - 2]), "the last line itself"


def test_the_answers_stay_in_sight_on_a_low_screen(
    start_stage: Callable[..., Stage], artifacts: Path
) -> None:
    with Screen(1280, 720, has_window_manager=False) as low:
        stage = start_stage(low, "en", QT_SCALE_FACTOR="2")
        stage.play("guard", on=False)

        asked(stage, "en")

        low.save(artifacts / "question-low.png", stage.window())
        left, top, width, height = stage.window()
        assert top >= 0
        assert top + height <= 720
        assert not {"yes", "no"} & set(stage.cut())
        x, y = (2 * one for one in stage.where("yes"))
        assert left < x < left + width
        assert top < y < top + height
        assert stage.say_yes((x, y))["answer"] == "yes"


def test_the_bar_at_the_side_goes_when_there_is_room_again(
    bare: Screen, start_stage: Callable[..., Stage]
) -> None:
    stage = start_stage(bare, "en")
    many = [{"feature": f"a.b{number}", "title": f"line {number}"} for number in range(40)]
    stage.play("show", **{**SESSION, "lines": many})
    wait_until(stage.cut, "more lines than the screen is high")

    stage.play("show", **SESSION)

    wait_until(lambda: stage.cut() == [], "all of the few lines")
