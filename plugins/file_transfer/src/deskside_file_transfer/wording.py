"""Sentences about files: sizes, short names, reasons. Pure but for the language, which is handed in."""

import errno
from collections.abc import Mapping, Sequence
from typing import Protocol

from deskside.api import Refusal
from deskside_file_transfer.files import Broken
from deskside_file_transfer.messages import OfferedFile, Reason, Value
from deskside_file_transfer.names import BadName

_KEYS = {
    errno.ENOSPC: "disk_full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "disk_full",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "no_permission",
    errno.ENAMETOOLONG: "name_long",
    errno.ENOENT: "gone",
}


class Speaker(Protocol):
    """Whoever knows the customer's language."""

    def text(self, key: str, **values: object) -> str:
        """Return a text of this plugin."""


def size_text(size: int) -> str:
    """Return a size as people write it: `2.1 MB`."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            break
    return f"{value:.1f} {unit}" if value < 99.95 else f"{value:.0f} {unit}"


def shortened(name: str, most: int = 60) -> str:
    """Cut a long name in its middle, so that its ending stays readable."""
    return name if len(name) <= most else f"{name[: most - 21]}…{name[-20:]}"


def detail(speaker: Speaker, files: Sequence[OfferedFile]) -> str:
    """Say what is offered, for the question to the customer."""
    total = size_text(sum(one.size for one in files))
    if len(files) == 1:
        return f"{shortened(files[0].name)} ({total})"
    names = ", ".join(shortened(one.name, 40) for one in files[:3])
    if len(files) <= 3:
        return f"{names} ({total})"
    return speaker.text("file_transfer.detail.more", names=names, more=len(files) - 3, size=total)[:200]


def reason(key: str, **values: object) -> Reason:
    """Return one of this plugin's reasons."""
    return because(f"file_transfer.reason.{key}", values)


def because(key: str, values: Mapping[str, object]) -> Reason:
    """Return a reason by its full key, cut to what the wire takes."""
    pairs = [Value(name[:40], str(value)[:200]) for name, value in values.items()]
    return Reason(key[:90], tuple(pairs[:10]))


def reason_of(error: OSError | Broken | BadName | Refusal) -> Reason:
    """Return the sentence for what went wrong."""
    if isinstance(error, Refusal):
        return because(error.reason, error.values)
    if isinstance(error, OSError):
        return reason(_KEYS.get(error.errno or 0, "io"))
    return Reason(error.reason)


def spoken(speaker: Speaker, why: Reason) -> str:
    """Return a reason in the customer's language."""
    return speaker.text(why.key, **{one.name: one.value for one in why.values})
