"""Characters and named keys ↔ keysyms. Pure tables."""

from Xlib import XK

XK.load_keysym_group("xf86")
XK.load_keysym_group("xkb")

UNICODE = 0x0100_0000
EURO = 0x20AC
_CODECS = {
    0x01: "iso8859-2",
    0x05: "iso8859-6",
    0x06: "koi8-r",
    0x07: "iso8859-7",
    0x0C: "iso8859-8",
    0x0D: "tis-620",
}
_LOWEST = {0x06: 0xC0, 0x07: 0xC1}
"""Where an old keysym block begins to agree with its code page."""

SHIFT, CAPS = XK.XK_Shift_L, XK.XK_Caps_Lock
LEVEL3 = XK.string_to_keysym("ISO_Level3_Shift")

NAMED: dict[str, str] = {
    "Alt": "Alt_L", "Backspace": "BackSpace", "CapsLock": "Caps_Lock", "Clear": "Clear",
    "ContextMenu": "Menu",
    "Control": "Control_L", "Delete": "Delete", "ArrowDown": "Down", "End": "End", "Enter": "Return",
    "Escape": "Escape", "Find": "Find", "Help": "Help", "Home": "Home", "Insert": "Insert",
    "ArrowLeft": "Left",
    "Meta": "Super_L", "NumLock": "Num_Lock", "PageDown": "Next", "PageUp": "Prior", "Pause": "Pause",
    "PrintScreen": "Print", "Redo": "Redo", "ArrowRight": "Right", "ScrollLock": "Scroll_Lock",
    "Select": "Select", "Shift": "Shift_L", "Tab": "Tab", "Undo": "Undo", "ArrowUp": "Up",
    "AudioVolumeUp": "XF86_AudioRaiseVolume", "AudioVolumeDown": "XF86_AudioLowerVolume",
    "AudioVolumeMute": "XF86_AudioMute", "MediaPlayPause": "XF86_AudioPlay", "MediaStop": "XF86_AudioStop",
    "MediaTrackNext": "XF86_AudioNext", "MediaTrackPrevious": "XF86_AudioPrev",
    **{f"F{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip
"""Names of keys in browsers → names of keysyms. AltGraph is not here: levels are found by character."""

RIGHT = {"AltRight": "Alt_R", "ControlRight": "Control_R", "MetaRight": "Super_R", "ShiftRight": "Shift_R"}
"""Keys that exist twice: where the code says the right one."""

TYPED = {"\n": XK.XK_Return, "\r": XK.XK_Return, "\t": XK.XK_Tab}
"""Characters that are typed with a named key."""


def of_character(character: str) -> int | None:
    """Return the keysym of a character, or None for one that cannot be typed."""
    point = ord(character)
    if character in TYPED:
        return int(TYPED[character])
    if 0x20 <= point <= 0x7E or 0xA0 <= point <= 0xFF:
        return point
    return None if point < 0xA0 or 0xD800 <= point <= 0xDFFF else UNICODE | point


def to_character(keysym: int) -> str:
    """Return the character of a keysym on somebody's keyboard, or an empty text."""
    if keysym >> 24 == UNICODE >> 24:
        point = keysym & 0xFF_FFFF
        return chr(point) if point < 0x11_0000 else ""
    if 0x20 <= keysym <= 0x7E or 0xA0 <= keysym <= 0xFF:
        return chr(keysym)
    if keysym == EURO:
        return "€"
    block, low = keysym >> 8, keysym & 0xFF
    if block not in _CODECS or low < _LOWEST.get(block, 0xA1):
        return ""
    return bytes((low,)).decode(_CODECS[block], "ignore")


def of_named_key(key: str, code: str) -> int | None:
    """Return the keysym of a key with a name, such as Enter, or None if there is none."""
    if key == "Enter" and code == "NumpadEnter":
        return int(XK.XK_KP_Enter)
    name = RIGHT.get(code) if key in ("Alt", "Control", "Meta", "Shift") else None
    name = name or NAMED.get(key)
    return int(XK.string_to_keysym(name)) or None if name else None


def of_shortcut(character: str, code: str) -> str:
    """Return the letter a shortcut means on a keyboard that writes no Latin, as Ctrl+ㅊ means Ctrl+C."""
    if character.isascii() or not code.startswith(("Key", "Digit")):
        return character
    return code[-1].lower()
