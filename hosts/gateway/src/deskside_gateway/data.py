"""The data folder: one process at a time, secrets in files only the owner can read."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskside.errors import DesksideError

SECRET_BYTES = 32


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
    """Return 32 secret bytes that are made once and kept under this name; the folder must be locked.

    :raises DataFolderError: if the file does not hold such a secret
    """
    path = folder / f"{name}.secret"
    if not path.exists():
        _write_private(path, secrets.token_bytes(SECRET_BYTES).hex())
    try:
        value = bytes.fromhex(path.read_text())
    except ValueError:
        value = b""
    if len(value) != SECRET_BYTES:
        raise DataFolderError(f"{path} is damaged; put it back from a backup, or remove it to make a new one")
    return value


def _write_private(path: Path, content: str) -> None:
    # Whole or not at all: a process that dies half-way must not leave an empty secret behind.
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
