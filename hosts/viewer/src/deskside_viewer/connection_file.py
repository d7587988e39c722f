"""The connection that the agent has entered, kept in a file that only he can read."""

import json
import os
import secrets
from pathlib import Path

from attrs import asdict, frozen

from deskside.settings import Settings
from deskside_line.proxies import BadProxy, Proxies
from deskside_viewer.connection import HIGHEST_PORT, Connection

NAME = "connection.json"


@frozen
class ConnectionFile:
    """What was entered counts until the program is started with other settings than it was entered under."""

    path: Path
    started_with: str

    @classmethod
    def of(cls, folder: Path, settings: Settings) -> "ConnectionFile":
        """Return the file of a data folder."""
        names = ("gateway", "proxy", "proxy_user")
        return cls(folder / NAME, "\n".join(settings.text(name) for name in names))

    def read(self) -> Connection | None:
        """Return what was entered, if anything was that counts."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if kept["started_with"] != self.started_with:
                return None
            proxies = Proxies(**{name: str(kept["proxies"][name]) for name in ("named", "user", "password")})
            port = int(kept["port"])
            if not 0 < port <= HIGHEST_PORT:
                return None
            return Connection(str(kept["host"]), port, kept["tls"] is not False, proxies)
        except (OSError, ValueError, KeyError, TypeError, BadProxy):
            return None

    def write(self, connection: Connection) -> None:
        """Keep a connection, whole or not at all.

        :raises OSError: if it cannot be written
        """
        content = json.dumps({**asdict(connection), "started_with": self.started_with})
        unfinished = self.path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(content)
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)
