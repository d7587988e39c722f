"""The customer's language and the program's words in it. Pure."""

from collections.abc import Mapping
from unicodedata import east_asian_width

from attrs import frozen

from deskside.errors import DesksideError
from deskside.texts import FALLBACK, LANGUAGES, Texts

LONGEST_NAME = 22
LONGEST_WORD = 16
FIRST_EAST_ASIAN = "\u1100"
"""From here on the scripts break between any two signs by themselves."""
HIRAGANA = {chr(code) for code in range(0x3041, 0x3097)}
CLOSING = "、。，．・：；！？」』）】〕…"
NEVER_FIRST = CLOSING + "ー"
JOINER = "\u2060"
"""Between two signs: no line may end here."""
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@frozen
class Words:
    """The program's texts in one language."""

    texts: Texts
    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key."""
        return self.texts.say(self.language, key, **values)


def choose(wanted: str, environ: Mapping[str, str], system: str = "") -> str:
    """Return the language that was asked for, else that of the environment, else that of the system.

    :raises DesksideError: if a language was asked for that the program does not speak
    """
    if wanted:
        if found := _known(wanted):
            return found
        raise DesksideError(f"there is no language '{wanted[:20]}'; there are {', '.join(LANGUAGES)}")
    named = next((environ[name] for name in VARIABLES if environ.get(name)), system)
    return _known(named) or FALLBACK


def _known(name: str) -> str:
    short = name.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return next((one for one in LANGUAGES if one.partition("-")[0] == short), "")


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """Return at most so many characters, ending with an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def person(who: str, company: str) -> str:
    """Return a person's name with the company behind it, where there is one."""
    return f"{who} ({company})" if company else who


def breakable(text: str, most: int = LONGEST_WORD) -> str:
    """Let very long words break anywhere, so that they never widen a window, and Japanese between phrases."""
    return " ".join(_broken(word, most) for word in text.split(" "))


def _broken(word: str, most: int) -> str:
    if any(one in HIRAGANA for one in word):
        return "".join(JOINER.join(phrase) for phrase in phrases(word, most * 5 // 8))
    if len(word) <= most or max(word) >= FIRST_EAST_ASIAN:
        return word
    return "\u200b".join(word[start : start + most] for start in range(0, len(word), most))


def phrases(text: str, most: int) -> list[str]:
    """Cut Japanese where a reader would: after the endings written in hiragana, and after punctuation."""
    found = [""]
    for before, one in zip(" " + text, text, strict=False):
        is_whole = before in CLOSING or (before in HIRAGANA and one not in HIRAGANA and len(found[-1]) > 1)
        if one not in NEVER_FIRST and (is_whole or len(found[-1]) >= most):
            found.append("")
        found[-1] += one
    return found


def printable(text: str) -> str:
    """Make text from the other side harmless in a terminal: no control characters, no direction tricks."""
    return "".join(one if one.isprintable() or one == " " else "·" for one in text)


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def fitting(text: str, columns: int) -> str:
    """Return as much of a text as fits into so many columns of a terminal."""
    while text and width_of(text) > columns:
        text = text[:-1]
    return text


def clock_of(seconds: float) -> str:
    """Return a duration as m:ss or h:mm:ss."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes = f"{rest // 60}:{rest % 60:02d}"
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else minutes
