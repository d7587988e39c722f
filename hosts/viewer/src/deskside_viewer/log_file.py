"""The log file of an agent's own viewer: what the program did, never what was shown, typed or said."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from attrs import define, field

from deskside_viewer.hub import Agent

log = logging.getLogger(__name__)

NAME = "viewer.log"
LARGEST = 1_000_000
OLDER = 3
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _OwnersFile(RotatingFileHandler):
    """A file that only its owner can read; one that cannot be written does not hold the program up."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Leave the line out."""


@define(eq=False)
class LogFile:
    """Written while the agent's group, or he, wants it; switched off, it is removed."""

    folder: Path
    largest: int = LARGEST
    _handler: _OwnersFile | None = field(default=None, init=False)
    _has_failed: bool = field(default=False, init=False)

    @property
    def path(self) -> Path:
        """Return where it is."""
        return self.folder / NAME

    def go_on(self) -> None:
        """Go on with what was written when the program ran last."""
        if self.path.exists():
            self._begin()

    def follow(self, agent: Agent) -> None:
        """Do what holds for an agent who is signed in."""
        if agent.keeps_log and self._handler is None and not self._has_failed:
            self._begin()
        elif not agent.keeps_log and self._handler is not None:
            self._end()

    def _begin(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handler = _OwnersFile(self.path, maxBytes=self.largest, backupCount=OLDER, encoding="utf-8")
        except OSError as error:
            self._has_failed = True
            log.warning("the log file %s cannot be written: %s", self.path, error.strerror)
            return
        handler.setFormatter(logging.Formatter(FORM))
        handler.setLevel(logging.INFO)
        root = logging.getLogger()
        root.addHandler(handler)
        root.setLevel(min(root.level, logging.INFO))
        self._handler = handler

    def _end(self) -> None:
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None
        for path in self.folder.glob(f"{NAME}*"):
            path.unlink(missing_ok=True)
