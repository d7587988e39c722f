"""Passwords: what each level asks of them, argon2 hashes, and generated ones."""

import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from deskside_admin.model import Company, PasswordLevel, User
from deskside_admin.service.outcome import Problem

HASHER = PasswordHasher()
SHORTEST: Mapping[str, int] = {PasswordLevel.WEAK: 6, PasswordLevel.MEDIUM: 8, PasswordLevel.STRONG: 8}
LONGEST = 24
LONGEST_EVER = 200
"""Longer passwords than today's levels allow keep working until they are changed."""
RUN = 3
SMALL, LARGE, FIGURES = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789"


def problems(password: str, level: str, entry: str = "password") -> list[Problem]:
    """Say everything that a chosen password lacks at a level."""
    password = unicodedata.normalize("NFC", password)
    least = SHORTEST[level]
    found = [] if least <= len(password) <= LONGEST else ["length"]
    if not password.isprintable():
        found.append("unprintable")
    found += [name for name, has in NEEDED[level].items() if not has(password)]
    if level != PasswordLevel.WEAK and has_run(password):
        found.append("run")
    return [Problem(f"entry.password.{name}", entry, {"least": least, "most": LONGEST}) for name in found]


def has_run(password: str) -> bool:
    """Tell whether three digits in a row repeat (111), rise (123) or fall (321)."""
    values = [unicodedata.digit(one, -9) for one in password]
    parts = (values[at : at + RUN] for at in range(len(values) - RUN + 1))
    return any(
        -9 not in part and part[1] - part[0] == part[2] - part[1] and abs(part[1] - part[0]) <= 1
        for part in parts
    )


def is_due(user: User, company: Company, now: datetime) -> bool:
    """Tell whether a user must choose another password before he goes on."""
    if user.password_due or not company.password_days:
        return user.password_due
    return now - (user.password_changed or user.created) >= timedelta(days=company.password_days)


def give(user: User, password: str, now: datetime, *, due: bool = False) -> None:
    """Put a password in place of a user's present one; a lock that wrong ones brought about is over."""
    user.password_hash, user.password_due, user.password_changed = hashed(password), due, now
    user.wrong_passwords, user.locked_at = 0, None


def generated() -> str:
    """Return a password to read out, good for every level: no characters that look alike, about 70 bits."""
    while True:
        blocks = (
            secrets.choice(LARGE) + "".join(secrets.choice(SMALL + FIGURES) for _ in range(4))
            for _ in range(3)
        )
        password = "-".join(blocks)
        if not problems(password, PasswordLevel.STRONG):
            return password


def hashed(password: str) -> str:
    """Return the hash to store."""
    return HASHER.hash(unicodedata.normalize("NFC", password))


def verify(password_hash: str | None, password: str) -> bool:
    """Compare a password with a stored hash, taking as long where there is no hash."""
    given = unicodedata.normalize("NFC", password)[: LONGEST_EVER + 1]
    try:
        matches = HASHER.verify(password_hash or _nobodys_hash(), given)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe())


def _any(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda password: any(test(one) for one in password)


def _is_special(character: str) -> bool:
    return character.isprintable() and not character.isalnum() and not character.isspace()


NEEDED: Mapping[str, Mapping[str, Callable[[str], bool]]] = {
    PasswordLevel.WEAK: {"letter_or_digit": _any(lambda one: one.isalpha() or one.isdigit())},
    PasswordLevel.MEDIUM: {"letter": _any(str.isalpha), "digit": _any(str.isdigit)},
    PasswordLevel.STRONG: {
        "upper": _any(str.isupper),
        "lower": _any(str.islower),
        "digit": _any(str.isdigit),
        "special": _any(_is_special),
    },
}
