"""Passwords: argon2 hashes, the shortest allowed, and generated ones."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from deskside_admin.service.outcome import Problem

HASHER = PasswordHasher()
SHORTEST = 8
LONGEST = 200
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def bad_password(password: str, entry: str = "password") -> Problem | None:
    """Say what is wrong with a chosen password, if anything."""
    if len(password) < SHORTEST:
        return Problem("entry.password_short", entry, {"least": SHORTEST})
    if len(password) > LONGEST:
        return Problem("entry.too_long", entry, {"most": LONGEST})
    return None


def generated() -> str:
    """Return a password to read out: no characters that look alike, about 74 bits."""
    blocks = ("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(3))
    return "-".join(blocks)


def hashed(password: str) -> str:
    """Return the hash to store."""
    return HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Compare a password with a stored hash, taking as long where there is no hash."""
    try:
        matches = HASHER.verify(password_hash or _nobodys_hash(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe())
