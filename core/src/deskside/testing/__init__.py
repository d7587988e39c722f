"""The test kit for plugins: both sides and pages of a session, joined in memory through the real wire."""

from deskside.testing.kit import Kit, pair
from deskside.testing.line import Line
from deskside.testing.page import Page
from deskside.testing.stand_in import plugin

__all__ = ["Kit", "Line", "Page", "pair", "plugin"]
