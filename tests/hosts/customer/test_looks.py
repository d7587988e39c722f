"""Every state in light and dark and in several languages, for people to look at, and never cut off."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hosts.customer.theatre import ASK, SESSION, TITLE, Stage
from screens import Screen

pytestmark = pytest.mark.screen
DRAWN_S = 0.35
WORDS: dict[str, dict[str, list[str]]] = {
    "en": {
        "lines": ["sees your screen", "uses your mouse and keyboard", "draws on your screen"],
        "buttons": ["Chat", "Draw", "Hide areas", "Send file", "Open folder", "Voice"],
        "titles": ["Use your mouse", "Use your keyboard"],
        "messages": ["Lee Jun: could you open the printer settings?"],
    },
    "ko": {
        "lines": ["화면을 보고 있습니다", "마우스와 키보드를 사용합니다", "화면에 그립니다"],
        "buttons": ["채팅", "그리기", "영역 숨기기", "파일 보내기", "폴더 열기", "음성"],
        "titles": ["마우스 사용", "키보드 사용"],
        "messages": ["이준: 프린터 설정을 열어 주시겠어요?"],
    },
    "zh-Hans": {
        "lines": ["正在查看您的屏幕", "正在使用您的鼠标和键盘", "正在您的屏幕上绘图"],
        "buttons": ["聊天", "绘图", "隐藏区域", "发送文件", "打开文件夹", "语音"],
        "titles": ["使用您的鼠标", "使用您的键盘"],
        "messages": ["李俊：请打开打印机设置。"],
    },
    "ja": {
        "lines": ["画面を見ています", "マウスとキーボードを使います", "画面に描いています"],
        "buttons": ["チャット", "描く", "範囲を隠す", "ファイル送信", "フォルダーを開く", "音声"],
        "titles": ["マウスの操作", "キーボードの操作"],
        "messages": ["イ・ジュン：プリンターの設定を開いてください。"],
    },
}
ICONS = ["chat", "draw", "hide", "file", "folder", "voice"]
WORST = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def session(words: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    lines = [{"feature": f"a.b{n}", "title": title} for n, title in enumerate(words["lines"])]
    lines[0]["can_pause"] = True  # type: ignore[assignment]
    buttons = [
        {"id": icon, "title": title, "icon": icon}
        for icon, title in zip(ICONS, words["buttons"], strict=True)
    ]
    shown = {"lines": lines, "buttons": buttons, "messages": words["messages"], "label": "demo"}
    return {**SESSION, **shown, "accepts_files": True, **more}


def states(words: dict[str, list[str]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "code", "code", {}
    yield "progress", "progress", {"step": "connecting"}
    yield "problem", "progress", {"step": "connecting", "problem": "help.example.com: 443"}
    yield "agreeing", "show", session(words, state="agreeing", lines=[], buttons=[], messages=[])
    yield "session", "show", session(words)
    yield "sealed", "show", session(words, label="", sealed_to_agent=True, messages=[])
    yield "suspended", "show", session(words, state="suspended", messages=[])
    yield "question", "ask", {**ASK, "titles": words["titles"]}
    yield "ended", "show", session(words, state="ended")


@pytest.mark.parametrize(
    ("language", "is_dark"), [("en", False), ("en", True), ("ko", False), ("zh-Hans", True), ("ja", False)]
)
def test_every_state_is_whole_on_the_screen(
    screen: Screen, start_stage: Callable[..., Stage], artifacts: Path, language: str, is_dark: bool
) -> None:
    stage = start_stage(screen, language)
    if is_dark:
        stage.play("dark")
    for name, do, values in states(WORDS[language]):
        stage.play(do, **values)
        time.sleep(DRAWN_S)
        left, top, width, height = screen.place_of(screen.window(TITLE))
        screen.save(
            artifacts / f"customer-{name}-{language}-{'dark' if is_dark else 'light'}.png",
            (left, top, width, height),
        )

        assert width == 280
        assert left >= 0
        assert top >= 0
        assert top + height <= 800


def test_words_that_are_too_long_never_widen_it_nor_push_an_answer_away(
    screen: Screen, start_stage: Callable[..., Stage], artifacts: Path
) -> None:
    stage = start_stage(screen)
    words = {**WORDS["en"], "lines": [WORST, "x" * 300, "<b>&amp;</b>"], "messages": [WORST * 9]}
    stage.play("show", **session(words, agents=[WORST, "Kim"], company=WORST))
    time.sleep(DRAWN_S)
    screen.save(artifacts / "customer-session-long.png", screen.place_of(screen.window(TITLE)))
    stage.play("ask", **{**ASK, "who": WORST, "titles": [WORST, "x" * 300], "detail": WORST * 3})

    for name in ("yes", "no"):
        left, top = stage.where(name)
        window = stage.window()
        assert window[0] < left < window[0] + window[2]
        assert window[1] < top < window[1] + window[3]
    assert stage.window()[2] == 280
