"""Events in words: the core's from the panel's texts, a plugin's from its own."""

from datetime import datetime

from attrs import frozen
from flask import g

from deskside.catalogue import Catalogue
from deskside_admin.model import AuditEvent
from deskside_admin.panel.context import panel, say
from deskside_admin.service.audit import CORE


@frozen
class Told:
    """One event as a line of the history."""

    at: datetime
    side: str
    text: str
    by: str
    """The plugin whose event it is, empty for the core."""


def in_words(catalogue: Catalogue, event: AuditEvent) -> Told:
    """Return the line for an event; one that nobody has words for is shown by its name."""
    values = {key: _shown(catalogue, key, value) for key, value in event.details.items()}
    if event.plugin == CORE:
        key = f"event.{event.name}"
        known = key in panel().texts.by_language["en"]
        return Told(event.at, event.side, say(key, **values) if known else _plain(event), "")
    return Told(event.at, event.side, _of_plugin(catalogue, event, values), _title(catalogue, event.plugin))


def _of_plugin(catalogue: Catalogue, event: AuditEvent, values: dict[str, str]) -> str:
    owner = catalogue.owners.get(event.plugin)
    if owner is None:
        return _plain(event)
    key = f"{event.plugin}.event.{event.name}"
    text = owner.texts.say(g.language, key, **values)
    return _plain(event) if text == key else text


def _plain(event: AuditEvent) -> str:
    values = ", ".join(f"{key}: {value}" for key, value in event.details.items())
    return f"{event.name.replace('_', ' ')}{f' ({values})' if values else ''}"


def _shown(catalogue: Catalogue, key: str, value: object) -> str:
    if key == "state":
        known = f"history.state.{value}"
        return say(known) if known in panel().texts.by_language["en"] else str(value)
    if key != "feature":
        return str(value)
    declared = catalogue.features.get(str(value))
    if declared is None:
        own = f"event.feature.{value}"
        return say(own) if own in panel().texts.by_language["en"] else str(value)
    title = f"{declared.key}.title"
    text = catalogue.owners[declared.owner].texts.say(g.language, title)
    return str(value) if text == title else text


def _title(catalogue: Catalogue, name: str) -> str:
    plain = name.replace("_", " ").capitalize()
    owner = catalogue.owners.get(name)
    if owner is None:
        return plain
    text = owner.texts.say(g.language, f"{name}.title")
    return plain if text == f"{name}.title" else text
