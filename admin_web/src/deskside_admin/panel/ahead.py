"""What a change in a group would do to a user, in words."""

from collections.abc import Iterable

from attrs import frozen
from flask import g

from deskside.declare import Feature
from deskside.grants import Grant, Refusal
from deskside.options import Choice, Option
from deskside_admin.panel import why
from deskside_admin.panel.context import panel, say
from deskside_admin.panel.option_form import Words
from deskside_admin.service.prospects import Prospect


@frozen(kw_only=True)
class Value:
    """An option whose value would differ."""

    title: str
    before: str
    after: str


@frozen(kw_only=True)
class Change:
    """One feature before and after."""

    title: str
    before: str
    after: str
    was_on: bool
    is_on: bool
    values: tuple[Value, ...] = ()


def changes(found: Iterable[Prospect]) -> list[Change]:
    """Return the rows of a preview."""
    return [_change(one) for one in found]


def _change(one: Prospect) -> Change:
    words = Words.of(panel().catalogue, one.feature.owner, g.language)
    return Change(
        title=words.say(f"{one.feature.key}.title"),
        before=_state(one.now),
        after=_state(one.then),
        was_on=isinstance(one.now, Grant),
        is_on=isinstance(one.then, Grant),
        values=_values(one.feature, one.now, one.then, words),
    )


def _state(decision: Grant | Refusal) -> str:
    if isinstance(decision, Grant):
        return say("features.on")
    return say("preview.off", why=why.reason(decision))


def _values(
    feature: Feature, before: Grant | Refusal, after: Grant | Refusal, words: Words
) -> tuple[Value, ...]:
    if isinstance(before, Refusal) or isinstance(after, Refusal):
        return ()
    return tuple(
        Value(
            title=words.say(f"{feature.key}.{option.key}.title"),
            before=_shown(feature, option, before.options[option.key], words),
            after=_shown(feature, option, after.options[option.key], words),
        )
        for option in feature.options
        if before.options[option.key] != after.options[option.key]
    )


def _shown(feature: Feature, option: Option, value: object, words: Words) -> str:
    key = f"{feature.key}.{option.key}"
    if isinstance(value, list):
        return ", ".join(value) or "–"
    said = words.say(f"{key}.{value}", str(value)) if isinstance(option, Choice) else str(value)
    return f"{said} {words.say(f'{key}.unit', '')}".strip() or "–"
