"""Random tokens, of which only the digest is kept."""

import hashlib
import secrets


def new_token() -> str:
    """Return a random token of 256 bits that is safe in an address."""
    return secrets.token_urlsafe(32)


def digest(*parts: str) -> str:
    """Return the SHA-256 of the parts, each ended so that they cannot run into one another."""
    return hashlib.sha256("".join(f"{part}\0" for part in parts).encode()).hexdigest()
