"""The agent's page in a real browser: what keys and input methods send."""

from time import monotonic
from typing import Any

import pytest

from .agent_page import Agent

pytestmark = pytest.mark.browser


def test_keys_go_down_and_up_with_their_meaning_and_place(agent: Agent) -> None:
    agent.page.keyboard.press("a")
    agent.page.keyboard.press("Shift+B")
    agent.page.keyboard.press("Control+c")
    agent.page.keyboard.press("Tab")

    assert agent.strokes() == [
        ("a", True), ("a", False), ("Shift", True), ("B", True), ("B", False), ("Shift", False),
        ("Control", True), ("c", True), ("c", False), ("Control", False), ("Tab", True), ("Tab", False),
    ]  # fmt: skip
    by_key = {fields["key"]: fields for _, fields in agent.sent("key_pressed") if fields["is_down"]}
    assert by_key["a"] == {"key": "a", "code": "KeyA", "is_down": True, "modifiers": []}
    assert by_key["B"]["modifiers"] == ["Shift"]
    assert by_key["c"]["modifiers"] == ["Control"]


def test_a_key_that_repeats_is_sent_once(agent: Agent) -> None:
    for _ in range(4):
        agent.page.keyboard.down("ArrowDown")
    agent.page.keyboard.up("ArrowDown")

    assert agent.strokes() == [("ArrowDown", True), ("ArrowDown", False)]


def test_keys_held_when_the_page_loses_the_keyboard_are_let_go(agent: Agent) -> None:
    agent.page.keyboard.down("Control")
    agent.page.keyboard.down("x")

    agent.page.focus("#other")

    assert agent.strokes() == [("Control", True), ("x", True), ("Control", False), ("x", False)]


def test_what_the_customers_hand_has_let_go_is_not_sent_again(agent: Agent) -> None:
    agent.page.keyboard.down("x")
    agent.receive("suspended")
    agent.receive("resumed")
    agent.page.keyboard.up("x")

    assert agent.strokes() == [("x", True)]


def test_the_page_says_that_keys_are_still_held_while_they_are(agent: Agent) -> None:
    agent.page.wait_for_timeout(700)
    assert agent.sent("still_held") == []

    agent.page.keyboard.down("x")
    begun = monotonic()
    agent.until(lambda: len(agent.sent("still_held")) >= 2, "that the key is still held")

    assert monotonic() - begun > 0.4, "not more often than needed"


@pytest.mark.parametrize("keys", ["Control+t", "Control+Shift+N", "F11", "Control+Tab", "Control+w"])
def test_the_browsers_own_keys_stay_with_the_browser(agent: Agent, keys: str) -> None:
    kept = agent.page.evaluate(
        """(keys) => {
            const parts = keys.split("+");
            const event = new KeyboardEvent("keydown", {
                key: parts.at(-1), code: "X", ctrlKey: parts.includes("Control"),
                shiftKey: parts.includes("Shift"), bubbles: true, cancelable: true,
            });
            document.querySelector("textarea").dispatchEvent(event);
            return !event.defaultPrevented;
        }""",
        keys,
    )

    assert kept
    assert agent.strokes() == []


def test_the_keyboard_is_no_trap(agent: Agent) -> None:
    agent.page.keyboard.press("Control+Alt+Home")
    agent.page.keyboard.press("a")

    assert ("Home", True) not in agent.strokes()
    assert ("a", True) not in agent.strokes()
    assert [is_down for _, is_down in agent.strokes()].count(True) == 2
    assert [is_down for _, is_down in agent.strokes()].count(False) == 2


def test_hangul_is_sent_syllable_by_syllable_once_it_is_final(agent: Agent) -> None:
    agent.compose("ㅎ", "하", "한")
    assert agent.texts() == ""

    agent.commit("한")
    agent.compose("ㄱ", "그", "글")
    agent.commit("글")
    agent.page.keyboard.press("Enter")

    assert agent.texts() == "한글"
    assert agent.strokes() == [("Enter", True), ("Enter", False)]
    order = [kind for kind, _ in agent.sent("text_typed", "key_pressed")]
    assert order == ["text_typed", "text_typed", "key_pressed", "key_pressed"]


def test_what_is_still_composed_is_not_lost_when_the_next_syllable_begins_at_once(agent: Agent) -> None:
    agent.page.evaluate(
        """() => {
            const field = document.querySelector("textarea");
            const say = (type, init = {}) => field.dispatchEvent(new CompositionEvent(type, init));
            say("compositionstart");
            field.value = "한";
            say("compositionend", {data: "한"});
            say("compositionstart");
            field.value = "한ㄱ";
        }"""
    )
    assert agent.texts() == "한"

    agent.page.evaluate(
        """() => {
            const field = document.querySelector("textarea");
            field.value = "한글";
            field.dispatchEvent(new CompositionEvent("compositionend", {data: "글"}));
        }"""
    )

    assert agent.texts() == "한글"
    assert agent.page.evaluate("document.querySelector('textarea').value") == ""


def test_characters_of_dead_keys_and_of_the_emoji_picker_arrive_as_text(agent: Agent) -> None:
    agent.page.evaluate(
        """() => document.querySelector("textarea").dispatchEvent(
            new KeyboardEvent("keydown", {key: "Dead", code: "Quote", cancelable: true, bubbles: true}))"""
    )
    agent.compose("´")
    agent.commit("é")
    agent.commit("😀")

    assert agent.texts() == "é😀"
    assert agent.strokes() == []


def test_a_long_paste_is_cut_into_pieces_never_through_a_character(agent: Agent) -> None:
    text = "한😀" * 1500

    agent.page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data});
            document.querySelector("textarea").dispatchEvent(event);
        }""",
        text,
    )

    assert agent.texts() == text
    assert {len(fields["text"]) for _, fields in agent.sent("text_typed")} == {1000}


def test_the_clipboards_text_is_typed_on_request(agent: Agent) -> None:
    agent.page.evaluate("navigator.clipboard.writeText('pass 단어')")

    agent.press("control.type_clipboard")

    assert agent.texts() == "pass 단어"


def test_ctrl_alt_del_has_a_button_that_needs_control(agent: Agent) -> None:
    assert agent.button("control.attention")["disabled"] is False
    agent.press("control.attention")
    assert agent.sent("secure_attention") == [["secure_attention", {}]]

    agent.controls(who=2)

    assert agent.button("control.attention")["disabled"] is True


WINDOWS = {"platform": "Win32"}
MAC = {"platform": "MacIntel"}


def strike(agent: Agent, kind: str, key: str, code: str, **more: Any) -> None:
    agent.page.evaluate(
        """([kind, init]) => document.querySelector("textarea").dispatchEvent(
            new KeyboardEvent(kind, {bubbles: true, cancelable: true, ...init}))""",
        [kind, {"key": key, "code": code, **more}],
    )


@pytest.mark.parametrize("new_agent", [WINDOWS], indirect=True)
def test_altgr_on_windows_brings_no_ctrl(agent: Agent) -> None:
    agent.page.evaluate(
        """() => {
            const field = document.querySelector("textarea");
            const strike = (kind, init) => field.dispatchEvent(
                new KeyboardEvent(kind, {bubbles: true, cancelable: true, ...init}));
            strike("keydown", {key: "Control", code: "ControlLeft", ctrlKey: true});
            strike("keydown", {key: "AltGraph", code: "AltRight", ctrlKey: true, altKey: true});
            strike("keydown", {key: "€", code: "KeyE", ctrlKey: true, altKey: true, modifierAltGraph: true});
            strike("keyup", {key: "€", code: "KeyE", ctrlKey: true, altKey: true, modifierAltGraph: true});
            strike("keyup", {key: "Control", code: "ControlLeft"});
            strike("keyup", {key: "AltGraph", code: "AltRight"});
        }"""
    )
    agent.page.wait_for_timeout(100)

    assert agent.strokes() == [("€", True), ("€", False)]
    assert agent.sent("key_pressed")[0][1]["modifiers"] == []


@pytest.mark.parametrize("new_agent", [WINDOWS], indirect=True)
def test_ctrl_alone_on_windows_is_sent_before_what_follows(agent: Agent) -> None:
    strike(agent, "keydown", "Control", "ControlLeft", ctrlKey=True)
    agent.until(lambda: agent.strokes() == [("Control", True)], "the key alone")
    strike(agent, "keyup", "Control", "ControlLeft")

    agent.page.evaluate(
        """() => {
            const field = document.querySelector("textarea");
            for (const [key, code] of [["Control", "ControlLeft"], ["c", "KeyC"]])
                field.dispatchEvent(new KeyboardEvent("keydown", {key, code, ctrlKey: true}));
        }"""
    )

    assert agent.strokes()[2:] == [("Control", True), ("c", True)]


@pytest.mark.parametrize("new_agent", [MAC], indirect=True)
def test_on_a_mac_option_makes_characters_and_command_keys_do_not_stick(agent: Agent) -> None:
    strike(agent, "keydown", "Alt", "AltLeft", altKey=True)
    strike(agent, "keydown", "@", "KeyL", altKey=True)
    strike(agent, "keyup", "@", "KeyL", altKey=True)
    strike(agent, "keyup", "Alt", "AltLeft")
    strike(agent, "keydown", "Meta", "MetaLeft", metaKey=True)
    strike(agent, "keydown", "c", "KeyC", metaKey=True)
    strike(agent, "keyup", "Meta", "MetaLeft")

    assert agent.strokes() == [
        ("@", True), ("@", False), ("Alt", True), ("c", True), ("c", False), ("Alt", False),
    ]  # fmt: skip
    modifiers = {
        fields["key"]: fields["modifiers"] for _, fields in agent.sent("key_pressed") if fields["is_down"]
    }
    assert modifiers["@"] == []
    assert modifiers["c"] == ["Alt"]
