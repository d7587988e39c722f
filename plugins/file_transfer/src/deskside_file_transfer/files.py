"""Files on the customer's machine. Everything here blocks: it is called in worker threads."""

import errno
import hashlib
import os
import secrets
import shutil
import stat
import time
from pathlib import Path
from typing import Any, Self

from attrs import define, field

from deskside_file_transfer.messages import MOST_BYTES
from deskside_file_transfer.names import numbered, safe_join

MOST_SAME_NAMES = 999
STALE_S = 24 * 3600
PART = ".deskside-{}.part"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Broken(Exception):
    """Raised when what arrived is not what was sent; `reason` is a text key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@define(eq=False)
class Part:
    """A file on its way in, under a temporary name until it is complete and proven."""

    folder: Path
    name: str
    size: int
    path: Path
    _descriptor: int
    offset: int = 0
    _digest: Any = field(factory=hashlib.sha256)

    @classmethod
    def begin(cls, folder: Path, name: str, size: int) -> Self:
        """Make an empty file under a temporary name.

        :raises BadName: if the name is not a plain file's
        :raises OSError: if the folder cannot be used or has too little room
        """
        safe_join(folder, name)
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        path = folder / PART.format(secrets.token_hex(8))
        return cls(folder, name, size, path, os.open(path, _CREATE, 0o600))

    def write(self, offset: int, content: bytes) -> None:
        """Append a piece.

        :raises Broken: if it is not the next piece, or more than was announced
        :raises OSError: if it cannot be written
        """
        if offset != self.offset or offset + len(content) > self.size:
            raise Broken("file_transfer.reason.broken")
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._digest.update(content)
        self.offset += len(content)

    def finish(self, digest: bytes) -> Path:
        """Prove the content and give it its name, or the next free one like it; return where it is.

        :raises Broken: if bytes are missing or the hash differs
        :raises OSError: if it cannot be stored
        """
        if self.offset != self.size:
            raise Broken("file_transfer.reason.broken")
        if not secrets.compare_digest(self._digest.digest(), digest):
            raise Broken("file_transfer.reason.hash")
        os.fsync(self._descriptor)
        self._close()
        target = place(self.path, self.folder, self.name)
        sync_folder(self.folder)
        return target

    def abort(self) -> None:
        """Leave nothing behind."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@define(eq=False)
class Source:
    """A file that goes out."""

    path: Path
    name: str
    size: int
    _file: Any
    _digest: Any = field(factory=hashlib.sha256)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a regular file for reading.

        :raises Broken: if it is a folder or a device
        :raises OSError: if it cannot be opened
        """
        if not stat.S_ISREG(path.stat().st_mode):
            raise Broken("file_transfer.reason.not_a_file")
        file = path.open("rb", buffering=0)
        size = os.fstat(file.fileno()).st_size
        if size > MOST_BYTES:
            file.close()
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        name = path.name.encode("utf-8", "replace").decode("utf-8")[:255]
        return cls(path, name, size, file)

    def rewind(self, offset: int) -> None:
        """Go on from `offset`; what lies before is read again for the hash."""
        self._digest = hashlib.sha256()
        self._file.seek(0)
        left = offset
        while left:
            left -= len(self.read(min(left, 1024 * 1024)))

    def read(self, length: int) -> bytes:
        """Return the next piece.

        :raises Broken: if the file has become shorter
        """
        content: bytes = self._file.read(length)
        if not content and length:
            raise Broken("file_transfer.reason.changed")
        self._digest.update(content)
        return content

    def digest(self) -> bytes:
        """Return the hash of everything read since rewind(0)."""
        done: bytes = self._digest.digest()
        return done

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def place(part: Path, folder: Path, name: str) -> Path:
    """Move a finished file to its name, or `name (2)` and so on; never over something that is there."""
    for number in range(1, MOST_SAME_NAMES + 1):
        target = safe_join(folder, name if number == 1 else numbered(name, number))
        try:
            _move_to_new(part, target)
        except FileExistsError:
            continue
        return target
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


def _move_to_new(part: Path, target: Path) -> None:
    try:
        # A link fails if anything has the name, a dangling symbolic link included; a rename would not.
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        _move_without_link(part, target)
    else:
        part.unlink()


def _move_without_link(part: Path, target: Path) -> None:
    """Move where the file system has no hard links: take the name first, then replace it."""
    os.close(os.open(target, _CREATE, 0o600))
    try:
        part.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut, where folders can be synced."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_stale_parts(folder: Path) -> None:
    """Delete temporary files that a program which was killed has left behind."""
    for path in folder.glob(PART.format("*")):
        try:
            if time.time() - path.lstat().st_mtime > STALE_S:
                path.unlink()
        except OSError:
            continue
