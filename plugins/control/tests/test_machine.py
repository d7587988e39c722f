"""What a real desktop gets: clicks at the pixel, keys let go, questions spared."""

from collections.abc import Iterator

import pytest
from screens import Screen, wait_until
from Xlib import XK

from deskside_control.driver import Driver
from deskside_control.injector import InputUnavailable
from deskside_control.messages import ButtonPressed, KeyPressed, Modifier
from deskside_control.x11 import connection
from deskside_control.x11.injector import X11Injector

from .desktop import Target, buttons, down, in_thread, press

pytestmark = pytest.mark.screen

QT_CONTROL, QT_ALT = 0x04000000, 0x08000000
QT_CONTROL_KEY, QT_ALT_KEY, QT_DELETE_KEY = 0x01000021, 0x01000023, 0x01000007


@pytest.fixture
def injector(screen: Screen) -> Iterator[X11Injector]:
    injector = X11Injector.connect(screen.name)
    yield injector
    injector.let_go()
    injector.close()


@pytest.mark.feature("CTL-01")
def test_clicks_and_the_wheel_land_on_the_very_pixel(screen: Screen, injector: X11Injector) -> None:
    target = Target.on(screen)

    for button, (x, y) in enumerate([(300, 200), (301, 201), (657, 333), (400, 300), (410, 310)]):
        injector.move(x, y)
        assert injector.button(button, is_down=True)
        injector.button(button, is_down=False)
    injector.wheel(0, 2)
    injector.wheel(1, 0)

    wait_until(lambda: len(target.of("wheel")) == 3, "three notches")
    places = [(300, 200), (301, 201), (657, 333), (400, 300), (410, 310)]
    names = ["LeftButton", "MiddleButton", "RightButton", "BackButton", "ForwardButton"]
    wanted = [[name, *place, 0] for name, place in zip(names, places, strict=True)]
    assert target.of("press") == wanted
    assert target.of("release") == wanted
    assert [[x, y < 0] for x, y in target.of("wheel")] == [[0, True], [0, True], [-120, False]]


def test_a_click_brings_the_keys_that_are_held_with_it(screen: Screen, injector: X11Injector) -> None:
    target = Target.on(screen)

    injector.hold({Modifier.CONTROL})
    injector.move(300, 200)
    injector.button(0, is_down=True)
    injector.button(0, is_down=False)
    injector.hold(())

    wait_until(lambda: target.of("release"), "a click")
    assert target.of("press") == [["LeftButton", 300, 200, QT_CONTROL]]
    assert down(screen) == set()


@pytest.mark.feature("CTL-10")
def test_ctrl_alt_del_arrives_as_three_keys(screen: Screen, injector: X11Injector) -> None:
    target = Target.on(screen)

    injector.secure_attention()

    wait_until(lambda: len(target.of("key")) == 3, "three keys")
    assert [(key, modifiers) for key, _, modifiers in target.of("key")] == [
        (QT_CONTROL_KEY, QT_CONTROL),
        (QT_ALT_KEY, QT_CONTROL | QT_ALT),
        (QT_DELETE_KEY, QT_CONTROL | QT_ALT),
    ]
    assert down(screen) == set()


def test_whatever_is_held_at_the_end_is_let_go(screen: Screen) -> None:
    Target.on(screen)
    driver = Driver(lambda: X11Injector.connect(screen.name), lambda: False, lambda: None)
    ended = in_thread(driver.run)
    for message in (
        KeyPressed("Shift", "ShiftLeft", is_down=True),
        KeyPressed("F7", "F7", is_down=True, modifiers=(Modifier.SHIFT,)),
        KeyPressed("한", "KeyG", is_down=True, modifiers=(Modifier.SHIFT,)),
        ButtonPressed(0, is_down=True, x=300, y=200, modifiers=(Modifier.SHIFT,)),
    ):
        driver.inbox.put(message)
    shift = screen.connect().keysym_to_keycode(XK.XK_Shift_L)
    wait_until(lambda: len(down(screen)) == 3 and buttons(screen), "three keys and a button")
    assert shift in down(screen)

    driver.inbox.close()

    assert ended.get(timeout=10) is None
    assert down(screen) == set()
    assert buttons(screen) == 0


def test_what_is_asked_to_let_go_goes_before_what_waits(screen: Screen) -> None:
    Target.on(screen)
    driver = Driver(lambda: X11Injector.connect(screen.name), lambda: False, lambda: None)
    ended = in_thread(driver.run)
    driver.inbox.put(KeyPressed("a", "KeyA", is_down=True))
    wait_until(lambda: down(screen), "a key is down")

    driver.inbox.let_go()

    wait_until(lambda: not down(screen), "the key is up")
    driver.inbox.close()
    assert ended.get(timeout=10) is None


def test_a_window_of_deskside_itself_cannot_be_operated(
    screen: Screen, injector: X11Injector, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Target.on(screen)
    own = target.process.pid
    monkeypatch.setattr("deskside_control.x11.windows.is_own_process", lambda process_id: process_id == own)

    injector.move(300, 200)
    clicked = injector.button(0, is_down=True)
    turned = injector.wheel(0, 1)
    pressed = injector.key(KeyPressed("Enter", "Enter", is_down=True))
    typed = injector.type("yes", lambda: True)
    injector.move(301, 201)
    wait_until(lambda: [301, 201] in target.of("move"), "the pointer")

    assert [clicked, turned, pressed, typed] == [False] * 4
    assert target.of("press") + target.of("wheel") + target.of("key") + target.of("text") == []
    assert down(screen) == set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib's sockets
def test_where_there_is_no_display_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")

    assert connection.reason_against() == "control.unavailable.display"


@pytest.mark.parametrize(
    ("extension", "reason"), [("XTEST", "xtest"), ("XInputExtension", "xinput")], ids=["xtest", "xinput"]
)
def test_a_display_without_what_is_needed_is_refused_with_the_reason(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, extension: str, reason: str
) -> None:
    known = screen.connect().list_extensions()
    without = [name for name in known if name != extension]
    monkeypatch.setattr("Xlib.display.Display.list_extensions", lambda _: without)

    with pytest.raises(InputUnavailable, match=f"control.unavailable.{reason}"):
        connection.connect(screen.name)


def test_a_key_that_is_pressed_twice_goes_down_once(screen: Screen, injector: X11Injector) -> None:
    target = Target.on(screen)

    injector.key(KeyPressed("F6", "F6", is_down=True))
    injector.key(KeyPressed("F6", "F6", is_down=True))
    injector.key(KeyPressed("F6", "F6", is_down=False))
    press(injector, "x", "KeyX")

    wait_until(lambda: target.text == "x", "the next key")
    assert len(target.of("key")) == 2
