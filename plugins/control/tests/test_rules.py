"""The rules without any machine: who controls, what waits, what is held, what stands on which key."""

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from deskside.api import Message
from deskside_control.geometry import to_desktop
from deskside_control.held import Held, out_of_step
from deskside_control.inbox import Inbox
from deskside_control.messages import (
    ButtonPressed,
    KeyPressed,
    Modifier,
    PointerMoved,
    SecureAttention,
    TextTyped,
    WheelTurned,
)
from deskside_control.rights import NOBODY, Helm, Rights
from deskside_control.suspension import Suspension
from deskside_control.x11 import keysyms
from deskside_control.x11.hand import source_of
from deskside_control.x11.keymap import Keymap, Place
from deskside_control.x11.spares import Spares


@frozen
class Box:
    left: int
    top: int
    width: int
    height: int


A = KeyPressed("a", "KeyA", is_down=True)
MOVE = PointerMoved(1, 2)
CLICK = ButtonPressed(0, is_down=True, x=1, y=2, modifiers=(Modifier.SHIFT,))
WHEEL = WheelTurned(1, 2, 0, 1, (Modifier.CONTROL,))
TEXT = TextTyped("é")
ALONE = [MOVE, ButtonPressed(0, is_down=True, x=1, y=2), WheelTurned(1, 2, 0, 1)]
"""The mouse without the keys held with it."""
DELETE = SecureAttention()


@pytest.mark.parametrize(
    ("rights", "admitted"),
    [
        (Rights(), []),
        (
            Rights(mouse=True),
            ALONE,
        ),
        (Rights(keyboard=True), [A, TEXT]),
        (Rights(mouse=True, keyboard=True), [MOVE, CLICK, WHEEL, A, TEXT]),
        (Rights(mouse=True, secure_attention=True), ALONE),
        (Rights(keyboard=True, secure_attention=True), [A, TEXT, DELETE]),
    ],
)  # fmt: skip
def test_only_what_is_allowed_is_admitted(rights: Rights, admitted: list[Message]) -> None:
    messages = (MOVE, CLICK, WHEEL, A, TEXT, DELETE)

    assert [one for message in messages if (one := rights.admit(message))] == admitted


def test_the_agent_who_asks_last_controls() -> None:
    helm, rights = Helm(), Rights(mouse=True)

    assert helm.take(1, rights)
    assert not helm.take(1, rights)
    assert helm.take(2, rights)
    assert not helm.give_back(1)
    assert helm.controller == 2
    assert helm.give_back(2)
    assert helm.controller == NOBODY


def test_without_any_right_nobody_controls() -> None:
    helm = Helm()

    assert not helm.take(1, Rights(secure_attention=True))
    assert helm.controller == NOBODY


def test_a_suspension_lasts_until_two_seconds_after_the_last_touch() -> None:
    now = [10.0]
    suspension = Suspension(lambda: now[0])

    assert not suspension.is_on
    assert suspension.touched()
    now[0] = 11.5
    assert not suspension.touched()
    now[0] = 13.4
    assert suspension.is_on
    now[0] = 13.6
    assert not suspension.is_on
    assert suspension.touched()


def test_moves_that_wait_are_merged_and_nothing_else_is() -> None:
    inbox = Inbox()

    for message in (MOVE, PointerMoved(3, 4), A, A, PointerMoved(5, 6), PointerMoved(7, 8), CLICK):
        assert inbox.put(message)

    taken = [inbox.take() for _ in range(5)]
    assert taken == [PointerMoved(3, 4), A, A, PointerMoved(7, 8), CLICK]


def test_a_full_inbox_refuses_keys_but_takes_a_newer_move() -> None:
    inbox = Inbox(most=2)

    assert inbox.put(A)
    assert inbox.put(MOVE)
    assert not inbox.put(A)
    assert inbox.put(PointerMoved(9, 9))
    assert [inbox.take(), inbox.take()] == [A, PointerMoved(9, 9)]


def test_letting_go_comes_before_what_waits_and_drops_it() -> None:
    inbox = Inbox()
    inbox.put(A)

    inbox.let_go()
    inbox.put(TEXT)

    assert inbox.is_interrupted
    assert inbox.take() is None
    assert not inbox.is_interrupted
    assert inbox.take() == TEXT


def test_a_closed_inbox_gives_nothing_more() -> None:
    inbox = Inbox()
    inbox.put(A)

    inbox.close()

    assert [inbox.take(), inbox.take()] == [None, None]


def test_what_two_names_hold_is_let_go_with_the_second() -> None:
    held: Held[str] = Held()
    held.press("Digit7", 16)
    held.press("Numpad7", 16)
    held.press("KeyA", 38)

    assert held.release("Digit7") is None
    assert held.release("Numpad7") == 16
    assert held.release("Numpad7") is None
    assert held.drain() == (38,)
    assert held.drain() == ()


@given(st.sets(st.sampled_from(Modifier)), st.sets(st.sampled_from(Modifier)))
def test_modifiers_come_into_step(held: set[Modifier], wanted: set[Modifier]) -> None:
    loose, missing = out_of_step(held, wanted)

    assert (held - set(loose)) | set(missing) == wanted
    assert not set(loose) & set(missing)


@given(st.integers(0, 65_535), st.integers(0, 65_535))
def test_no_click_lands_beside_what_is_shown(x: int, y: int) -> None:
    left, top = to_desktop(Box(-1280, 40, 1280, 800), x, y)

    assert -1280 <= left < 0
    assert 40 <= top < 840
    assert to_desktop(Box(0, 0, 0, 0), x, y) == (x, y)


@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(1, 60)), max_size=80), max_size=4),
    st.sets(st.integers(0, 5), max_size=5),
    st.sampled_from([1, 2]),
)
def test_every_character_has_its_place_when_its_round_is_typed(
    texts: list[list[int | None]], busy: set[int], levels: int
) -> None:
    spares = Spares(tuple(range(6)), levels)
    keyboard: dict[int, tuple[int, ...]] = {}
    for needs in texts:
        start = 0
        for end in spares.rounds(needs, busy):
            wanted = [one for one in needs[start:end] if one is not None]
            rows, _ = spares.bind(wanted, busy)
            assert not set(rows) & busy
            keyboard.update(rows)
            for keysym in wanted:
                place = spares.place_of(keysym)
                assert place is not None
                assert keyboard[place.code][place.shift] == keysym
            start = end
        assert start == len(needs)


def test_a_key_takes_as_many_characters_as_it_has_levels_before_the_next() -> None:
    spares = Spares((10, 11), 2)

    rows, gave_way = spares.bind([1, 2, 3])

    assert rows == {10: (1, 2), 11: (3, 3)}
    assert not gave_way
    assert spares.place_of(2) == Place(10, shift=True, is_spare=True)


def test_the_characters_not_used_for_longest_give_way() -> None:
    spares = Spares((10, 11), 1)
    spares.bind([1])
    spares.bind([2])
    spares.place_of(1)

    rows, gave_way = spares.bind([3])

    assert rows == {11: (3, 3)}
    assert gave_way
    assert spares.place_of(2) is None
    assert spares.place_of(1) == Place(10, is_spare=True)


GERMAN = Keymap.of(
    24,
    [[0x71, 0x51, 0x71, 0x51, 0x40, 0x7D9], [0xE4, 0xC4, 0xE4, 0xC4], [], [0x1008FF11], [0x100D55C, 0]],
    {24},
)


@pytest.mark.parametrize(
    ("character", "caps", "place"),
    [
        ("q", False, Place(24)),
        ("Q", False, Place(24, shift=True)),
        ("q", True, Place(24, shift=True)),
        ("Q", True, Place(24)),
        ("@", False, Place(24, level3=True)),
        ("@", True, Place(24, level3=True)),
        ("Ä", False, Place(25, shift=True)),
        ("é", False, None),
    ],
)
def test_a_character_is_found_with_what_must_be_held(character: str, caps: bool, place: Place | None) -> None:
    assert GERMAN.character(character, caps=caps) == place


def test_spare_are_empty_keys_those_we_left_behind_and_borrowed_ones_with_what_is_on_them() -> None:
    assert Keymap(100, GERMAN.rows, frozenset({100})).spare() == {102: (), 104: (), 103: (0x1008FF11,)}
    assert set(GERMAN.spare()) == {26, 27}


@pytest.mark.parametrize(
    ("keysym", "character"),
    [(0x6C6, "ф"), (0x7E1, "α"), (0x1B1, "ą"), (0xCE0, "א"), (0x20AC, "€"), (0x100D55C, "한"), (0xFF0D, "")],
)
def test_old_keysyms_stand_for_their_characters(keysym: int, character: str) -> None:
    assert keysyms.to_character(keysym) == character


@given(st.characters(exclude_categories=("Cs", "Cc")))
def test_every_character_has_a_keysym_that_stands_for_it(character: str) -> None:
    keysym = keysyms.of_character(character)

    assert keysym is not None
    assert keysyms.to_character(keysym) == character


def test_control_characters_are_not_typed() -> None:
    assert [keysyms.of_character(one) for one in "\x00\x1b\x7f\x9f"] == [None] * 4
    assert keysyms.of_character("\n") == 0xFF0D


@pytest.mark.parametrize(
    ("key", "code", "keysym"),
    [
        ("Enter", "Enter", 0xFF0D),
        ("Enter", "NumpadEnter", 0xFF8D),
        ("Control", "ControlRight", 0xFFE4),
        ("F24", "F24", 0xFFD5),
        ("AltGraph", "AltRight", None),
        ("Dead", "Quote", None),
    ],
)
def test_named_keys_have_their_keysyms(key: str, code: str, keysym: int | None) -> None:
    assert keysyms.of_named_key(key, code) == keysym


@pytest.mark.parametrize(
    ("character", "code", "meant"),
    [("c", "KeyC", "c"), ("ㅊ", "KeyC", "c"), ("с", "KeyC", "c"), ("é", "", "é")],
)
def test_a_shortcut_means_a_latin_letter(character: str, code: str, meant: str) -> None:
    assert keysyms.of_shortcut(character, code) == meant


def test_a_raw_event_names_its_source() -> None:
    assert source_of(bytes.fromhex("0200 01000000 05000000 0700".replace(" ", ""))) == 7
