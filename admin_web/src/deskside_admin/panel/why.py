"""Why a feature is on or off for somebody, in words, and where that can be changed."""

from collections.abc import Iterable, Mapping
from functools import cache

from attrs import evolve, frozen
from flask import current_app, g, url_for

from deskside import texts
from deskside.declare import Consent, Feature, Scope
from deskside.grants import Gate, Grant, Refusal
from deskside.texts import Texts
from deskside_admin.model import User
from deskside_admin.panel import live, menus
from deskside_admin.panel.context import me, panel, say
from deskside_admin.panel.feature_form import needs_of, owner_title, title_of
from deskside_admin.panel.option_form import Words

Decisions = Mapping[str, Grant | Refusal]


@frozen(kw_only=True)
class Answer:
    """Whether somebody has a feature, the reason, and where it can be changed."""

    key: str
    title: str
    is_on: bool
    reason: str
    in_support: tuple[str, ...] = ()
    """What may still refuse it in a support: the machine, the customer."""
    link: str = ""
    link_text: str = ""
    hint: str = ""
    """Whom to ask, where there is no page to change it on."""
    running: tuple["InSupport", ...] = ()
    """What his running supports say to it."""


@frozen
class InSupport:
    """A running support that refuses a feature, with its reason."""

    number: str
    reason: str
    link: str


@frozen
class Part:
    """The answers about one owner's features."""

    title: str
    answers: tuple[Answer, ...]


def answers(user: User, decided: Decisions) -> list[Part]:
    """Return the answers about every declared feature, by owner, with what his running supports refuse."""
    catalogue, refused = panel().catalogue, live.refused(user)
    return [
        Part(
            owner_title(catalogue, owner, g.language),
            tuple(
                evolve(_answer(one, decided[one.key], user), running=_running(refused.get(one.key, [])))
                for one in declared.features
            ),
        )
        for owner, declared in catalogue.owners.items()
        if declared.features
    ]


def reason(refusal: Refusal) -> str:
    """Return a refusal in words."""
    values = dict(refusal.values)
    if "feature" in values:
        values["feature"] = title_of(panel().catalogue, values["feature"], g.language)
    said = say(refusal.reason, **values)
    return _core().say(g.language, refusal.reason, **values) if said == refusal.reason else said


@cache
def _core() -> Texts:
    return texts.load("deskside")


def _answer(feature: Feature, decision: Grant | Refusal, user: User) -> Answer:
    title = Words.of(panel().catalogue, feature.owner, g.language).say(f"{feature.key}.title")
    if isinstance(decision, Grant):
        return Answer(
            key=feature.key, title=title, is_on=True, reason=_why_on(feature), in_support=_in_support(feature)
        )
    link, text = _place(feature, decision, user)
    return Answer(
        key=feature.key,
        title=title,
        is_on=False,
        reason=reason(decision),
        link=link,
        link_text=text,
        hint="" if link or decision.gate is Gate.LICENCE else say("why.ask_administrator"),
    )


def _running(refused: Iterable[live.Said]) -> tuple[InSupport, ...]:
    return tuple(InSupport(one.session.number, reason(one.refusal), one.link) for one in refused)


def _why_on(feature: Feature) -> str:
    return say("why.rule" if feature.is_rule else "why.on")


def _in_support(feature: Feature) -> tuple[str, ...]:
    if feature.is_rule:
        return ()
    found = []
    if needed := needs_of(panel().catalogue, feature, g.language):
        found.append(say("why.needs", what=", ".join(needed)))
    if feature.consent is not Consent.NEVER:
        found.append(say(f"why.consent.{feature.consent}"))
    return tuple(found)


def _place(feature: Feature, refusal: Refusal, user: User) -> tuple[str, str]:
    """Return where a refusal can be undone, as far as the reader may go there."""
    if refusal.reason == "policy.needs":
        return f"#{refusal.values['feature']}", say("why.see_other")
    if refusal.reason == "policy.user_stopped":
        return _if_open("users.edit", say("why.to_user"), user_id=user.id)
    if refusal.gate is Gate.LICENCE:
        return _if_open("licences.show", say("why.to_licence"))
    if refusal.reason == "policy.off_by_user":
        if user.id == me().id:
            return _if_open("account.own_features", say("why.to_own"), tab=feature.tab, _anchor=feature.key)
        return _if_open(
            "features.of_user", say("why.to_user"), user_id=user.id, tab=feature.tab, _anchor=feature.key
        )
    if feature.scope is Scope.USER:
        return "", ""
    if feature.scope is Scope.COMPANY:
        return _if_open("company_options.show", say("why.to_company"), _anchor=feature.key)
    return _if_open(
        "features.of_group",
        say("why.to_group"),
        group_id=user.group_id,
        tab=feature.tab,
        _anchor=feature.key,
    )


def place_of_licence() -> str:
    """Return the address of the company's licence, if the reader may see it."""
    return _if_open("licences.show", "")[0]


def _if_open(endpoint: str, text: str, **values: object) -> tuple[str, str]:
    if endpoint not in current_app.view_functions or not menus.may_open(endpoint, me()):
        return "", ""
    return url_for(endpoint, **values), text  # type: ignore[arg-type]
