"""The right to come back into a session, in a file only its owner can read, for as long as it lasts."""

import base64
import json
import logging
import os
import secrets
from pathlib import Path

from attrs import asdict, define

from deskside_customer.locating import Found

log = logging.getLogger(__name__)


@define(eq=False)
class ResumeFile:
    """Belongs to this process, and to what it becomes if it has to begin anew."""

    path: Path

    @classmethod
    def here(cls) -> "ResumeFile":
        """Return the file of this process."""
        base = os.environ.get("XDG_RUNTIME_DIR") or str(Path.home() / ".local" / "state")
        return cls(Path(base) / "deskside" / f"resume-{os.getpid()}")

    def keep(self, found: Found, session_secret: bytes) -> None:
        """Write it, whole or not at all; a session whose right cannot be kept goes on without it."""
        try:
            self._write(found, session_secret)
        except OSError as error:
            log.warning("the right to come back cannot be kept: %s", error.strerror)

    def _write(self, found: Found, session_secret: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps({**asdict(found), "secret": base64.b64encode(session_secret).decode()})
        unfinished = self.path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(content)
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)

    def take(self) -> tuple[Found, bytes] | None:
        """Return what was kept, if there is something; it works once."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            secret = base64.b64decode(content.pop("secret"))
            found = Found(**content)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        finally:
            self.forget()
        return found, secret

    def forget(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
