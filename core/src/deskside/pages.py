"""Pages that plugins bring to panel and gateway: what they hand over, and what they may ask there."""

from enum import StrEnum
from typing import Protocol

from attrs import field, frozen


class Readers(StrEnum):
    """Who may open a plugin's pages in the panel."""

    MANAGERS = "managers"
    LEADERS = "leaders"
    """Leaders of groups, and managers."""
    EVERYBODY = "everybody"


@frozen(kw_only=True)
class PanelPages:
    """Pages of a plugin's own in the panel, and the words of the menu's place that leads to them."""

    title: str
    """A text key."""
    blueprint: object
    """A Flask blueprint whose view `show` is the first page; forms carry the panel's token."""
    readers: Readers = Readers.MANAGERS


@frozen(kw_only=True)
class Reader:
    """Who has a page of the panel open."""

    name: str
    login_name: str
    role: str
    company: str
    language: str


class PanelProgram(Protocol):
    """What a plugin's pages may ask while they answer a request."""

    def reader(self) -> Reader:
        """Return who reads; there always is somebody, behind the panel's sign-in."""

    def text(self, key: str, **values: object) -> str:
        """Return a text in the reader's language."""


@frozen(kw_only=True)
class GatewayProgram:
    """What a plugin's part in the gateway may ask."""

    address: str = field(default="")
    """Where people reach this server, if the operator has said so."""
