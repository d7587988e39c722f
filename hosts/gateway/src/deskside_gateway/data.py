"""The data folder: one process at a time, secrets in files only the owner can read."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskside.errors import DesksideError


class DataFolderError(DesksideError):
    """Raised when the data folder cannot be used."""


def open_folder(path: Path) -> Path:
    """Make the folder, for its owner only.

    :raises DataFolderError: if that is impossible
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(f"the data folder {path} cannot be made: {error.strerror}") from None
    return path.resolve()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder until the block, or the process, ends.

    :raises DataFolderError: if another process holds it
    """
    with (folder / "lock").open("a+b") as file:
        if not _try_lock(file.fileno()):
            raise DataFolderError(f"another Deskside already runs with the data folder {folder}")
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists there only

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists there only

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def secret(folder: Path, name: str) -> bytes:
    """Return 32 secret bytes that are made once and kept under this name."""
    path = folder / f"{name}.secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text())
    with os.fdopen(descriptor, "w") as file:
        value = secrets.token_bytes(32)
        file.write(value.hex())
    return value
