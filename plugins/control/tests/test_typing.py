"""Real programs get exactly the text that was typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import Screen, wait_until
from Xlib import XK, X

from deskside_control.messages import Modifier
from deskside_control.x11.injector import X11Injector
from deskside_control.x11.keyboard import read_keymap

from .desktop import Editor, Target, layout, press, tap

pytestmark = pytest.mark.screen

EVERY_SCRIPT = "Az{~ é 한글 中文 かな 😀 € ñ ô ^`´¨\nß@µ {[]}\\|\tпривет λόγος"
MANY = "".join(chr(0xAC00 + number * 7) for number in range(150))


@pytest.fixture
def injector(screen: Screen) -> Iterator[X11Injector]:
    injector = X11Injector.connect(screen.name)
    yield injector
    injector.let_go()
    injector.close()


NEXT_GROUP = 0xFE08


def always() -> bool:
    return True


@pytest.mark.feature("CTL-01")
@pytest.mark.parametrize("name", ["us", "de", "fr", "us,ru"])
def test_an_editor_gets_every_script_whatever_the_customers_layout(
    screen: Screen, tmp_path: Path, name: str
) -> None:
    layout(screen, name)
    editor = Editor.on(screen, tmp_path)
    injector = X11Injector.connect(screen.name)

    assert injector.type(EVERY_SCRIPT, always)

    assert editor.saved(injector) == EVERY_SCRIPT
    injector.close()


def test_a_long_text_of_many_characters_is_still_right(
    screen: Screen, tmp_path: Path, injector: X11Injector
) -> None:
    editor = Editor.on(screen, tmp_path)

    injector.type(MANY + MANY[:50], always)

    assert editor.saved(injector) == MANY + MANY[:50]


def test_a_program_that_is_slow_to_read_its_keys_gets_them_right(
    screen: Screen, injector: X11Injector
) -> None:
    target = Target.on(screen, slow_ms=15)

    injector.type(MANY[:60], always)

    wait_until(lambda: len(target.text) == 60, "all characters")
    assert target.text == MANY[:60]


def test_caps_lock_and_the_second_layout_of_the_customer_change_nothing(screen: Screen) -> None:
    layout(screen, "us,ru", "-option", "grp:menu_toggle")
    target = Target.on(screen)
    tap(screen, NEXT_GROUP)
    tap(screen, XK.XK_Caps_Lock)
    injector = X11Injector.connect(screen.name)
    mask = screen.connect().screen().root.query_pointer().mask
    assert mask & X.LockMask
    assert mask >> 13 == 1

    injector.type("Latin и Кириллица äÄ ếẾ", always)
    press(injector, "q", "KeyQ")
    press(injector, "й", "KeyQ")
    press(injector, "ế", "KeyE")
    press(injector, "Q", "KeyQ", Modifier.SHIFT)

    injector.hold(())
    wait_until(lambda: len(target.text) == 27, "all characters")
    assert target.text == "Latin и Кириллица äÄ ếẾqйếQ"
    assert screen.connect().screen().root.query_pointer().mask == mask
    injector.close()


def test_keys_of_an_agent_with_another_layout_write_what_he_sees(screen: Screen) -> None:
    layout(screen, "de")
    target = Target.on(screen)
    injector = X11Injector.connect(screen.name)

    press(injector, "a", "KeyA")
    press(injector, "A", "KeyA", Modifier.SHIFT)
    press(injector, "/", "Slash")
    press(injector, "?", "Slash", Modifier.SHIFT)
    press(injector, "@", "KeyQ")
    press(injector, "€", "KeyE")
    press(injector, "^", "Digit6", Modifier.SHIFT)
    press(injector, "é", "Digit2")
    press(injector, "ㅎ", "KeyG")
    press(injector, "Enter", "Enter")
    press(injector, "x", "KeyX")
    press(injector, "Backspace", "Backspace")

    wait_until(lambda: len(target.of("text")) == 12, "twelve keys")
    assert target.text == "aA/?@€^éㅎ\n"
    assert ["aA/?@€^éㅎ\nx"] in target.of("text")
    injector.close()


def test_a_shortcut_means_its_letter_where_the_agent_writes_no_latin(
    screen: Screen, injector: X11Injector
) -> None:
    target = Target.on(screen)
    injector.type("all of it", always)

    press(injector, "ㅁ", "KeyA", Modifier.CONTROL)
    press(injector, "x", "KeyX")

    wait_until(lambda: target.text == "x", "everything is replaced")


def test_typing_stops_at_once_when_told_to(screen: Screen, injector: X11Injector) -> None:
    target = Target.on(screen)
    left = [True] * 5

    injector.type("abcdefghij", lambda: bool(left and left.pop()))

    wait_until(lambda: target.text == "abcde", "five characters")


def test_borrowed_keys_are_given_back(screen: Screen) -> None:
    target = Target.on(screen)
    before = read_keymap(screen.connect()).rows
    injector = X11Injector.connect(screen.name)

    injector.type("한글 中文 😀", always)
    assert read_keymap(screen.connect()).rows != before
    injector.close()

    assert read_keymap(screen.connect()).rows == before
    wait_until(lambda: target.text == "한글 中文 😀", "the text")


def test_a_layout_that_the_customer_changes_meanwhile_is_followed(
    screen: Screen, injector: X11Injector
) -> None:
    target = Target.on(screen)
    injector.type("y한", always)
    wait_until(lambda: target.text == "y한", "the first text")

    layout(screen, "de")
    injector.type("z@글", always)

    wait_until(lambda: target.text == "y한z@글", "both")
