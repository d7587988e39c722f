"""A vendor's files: keys that only he can read, and signed documents."""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deskside.errors import DesksideError
from deskside.licence import new_key
from deskside.signed import MAX_TOKEN

LARGEST = MAX_TOKEN + 1024


class FileProblem(DesksideError):
    """Raised when a file that was named cannot be used; its text says which, why, and what to do."""


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a signing key in a new file that only its owner can read.

    :raises FileProblem: if there is such a file already, or it cannot be written
    """
    key = new_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileProblem(f"{path} exists already; a key is never written over") from None
    except OSError as error:
        raise FileProblem(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return a signing key.

    :raises FileProblem: if the file holds none, or others can read it too
    """
    text = read_text(path)
    if sys.platform != "win32" and path.stat().st_mode & 0o077:
        raise FileProblem(f"others can read {path}; take that right away (chmod 600) and use it then")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
    except ValueError:
        raise FileProblem(f"{path} holds no signing key; 'deskside licence keygen' makes one") from None


def read_text(path: Path) -> str:
    """Return the text of a file of reasonable size.

    :raises FileProblem: if it cannot be read
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise FileProblem(f"{path} is larger than anything that belongs here")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(f"{path} is no text") from None


def write_token(path: Path, token: str) -> None:
    """Write a signed document, whole or not at all.

    :raises FileProblem: if it cannot be written
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_text(token + "\n", encoding="ascii")
        unfinished.replace(path)
    except OSError as error:
        raise FileProblem(f"{path} cannot be written: {error.strerror}") from None
