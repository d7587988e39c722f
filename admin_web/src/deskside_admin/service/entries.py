"""Checks of what people type: names of one line, login names, addresses, numbers. Pure."""

import re
import unicodedata

from deskside_admin.service.outcome import Problem

NAME_LENGTH = 80
UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
TELEPHONE_LENGTH = 13
TELEPHONE = re.compile(r"[0-9-]*[0-9][0-9-]*")
MAIL_LENGTH = 254
MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")


def tidy(entry: str) -> str:
    """Return an entry without outer space, in the one Unicode form we store."""
    return unicodedata.normalize("NFC", entry).strip()


def tidy_login_name(entry: str) -> str:
    """Return a login name as it is stored and compared: upper and lower case are the same."""
    return tidy(entry).lower()


def bad_name(text: str, entry: str, *, optional: bool = False) -> Problem | None:
    """Say what is wrong with a tidied name, if anything."""
    if not text:
        return None if optional else Problem("entry.empty", entry)
    return bad_line(text, entry, NAME_LENGTH)


def bad_line(text: str, entry: str, most: int) -> Problem | None:
    """Say what is wrong with a tidied line that may be empty, if anything."""
    if len(text) > most:
        return Problem("entry.too_long", entry, {"most": most})
    if any(unicodedata.category(character) in UNSHOWN for character in text):
        return Problem("entry.odd_characters", entry)
    return None


def bad_login_name(text: str, entry: str = "login_name") -> Problem | None:
    """Say what is wrong with a tidied login name, if anything."""
    return None if LOGIN_NAME.fullmatch(text) else Problem("entry.login_name", entry)


def bad_telephone(text: str, entry: str) -> Problem | None:
    """Say what is wrong with a telephone number, if anything; it may be empty."""
    good = not text or (len(text) <= TELEPHONE_LENGTH and TELEPHONE.fullmatch(text))
    return None if good else Problem("entry.telephone", entry, {"most": TELEPHONE_LENGTH})


def bad_mail(text: str, entry: str) -> Problem | None:
    """Say what is wrong with an e-mail address, if anything; it may be empty."""
    good = not text or (len(text) <= MAIL_LENGTH and MAIL.fullmatch(text))
    return None if good else Problem("entry.mail", entry)


def one_line(text: str, most: int) -> str:
    """Return what a program reported as one line that can be stored and shown: cut, not refused."""
    shown = (" " if unicodedata.category(one) in UNSHOWN else one for one in tidy(text)[: 4 * most])
    return " ".join("".join(shown).split())[:most]
