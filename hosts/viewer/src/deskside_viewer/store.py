"""Sessions on disk, so that a viewer that was killed takes them up again; sealed with a key of this node."""

import logging
import os
import re
import secrets
from pathlib import Path

from anyio import to_thread
from attrs import frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

log = logging.getLogger(__name__)

NONCE_BYTES = 12
NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")


@frozen
class SessionStore:
    """One file per session that has not ended."""

    folder: Path
    key: bytes

    async def save(self, session: str, data: bytes) -> None:
        """Store a session, whole or not at all; one that cannot be stored goes on, but not across a kill."""
        try:
            await to_thread.run_sync(self._write, session, data)
        except OSError as error:
            log.error(
                "session %s cannot be stored, and would be lost if this ends: %s", session, error.strerror
            )

    async def forget(self, session: str) -> None:
        """Remove a session that has ended."""
        await to_thread.run_sync(lambda: self._path(session).unlink(missing_ok=True))

    async def all(self) -> list[bytes]:
        """Return what is stored; what another key sealed is removed."""
        return await to_thread.run_sync(self._read_all)

    def _path(self, session: str) -> Path:
        if not NAME.fullmatch(session):
            raise ValueError("a session's id is letters, digits, - and _")
        return self.folder / f"{session}.session"

    def _write(self, session: str, data: bytes) -> None:
        path = self._path(session)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{secrets.token_hex(4)}")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + ChaCha20Poly1305(self.key).encrypt(nonce, data, session.encode())
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def _read_all(self) -> list[bytes]:
        found = []
        for path in sorted(self.folder.glob("*.session")) if self.folder.is_dir() else []:
            raw = path.read_bytes()
            try:
                opened = ChaCha20Poly1305(self.key).decrypt(
                    raw[:NONCE_BYTES], raw[NONCE_BYTES:], path.stem.encode()
                )
            except (InvalidTag, ValueError):
                path.unlink(missing_ok=True)
                continue
            found.append(opened)
        return found
