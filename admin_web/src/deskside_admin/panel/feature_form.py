"""The generic form of features: rows for a group's page and for a user's page."""

from collections.abc import Callable, Collection, Mapping

from attrs import evolve, field, frozen

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Kind, Policy, Scope, Tab
from deskside_admin.panel.option_form import (
    Form,
    OptionField,
    Words,
    entered_value,
    is_entered,
    option_field,
)
from deskside_admin.rules import EVERYWHERE
from deskside_admin.service.outcome import Problem, Refused, gathered
from deskside_admin.service.policy import (
    GroupRule,
    GroupValue,
    UserChoice,
    group_value,
    in_force,
    is_ticked,
    is_users,
    policy_of,
)

STATES = {
    Scope.GROUP_USER: (Policy.ALL, Policy.NONE, Policy.USER),
    Scope.GROUP: (Policy.ALL, Policy.NONE),
    Scope.USER: (Policy.USER,),
    Scope.COMPANY: (Policy.ALL, Policy.NONE),
}
GROUP_SHOWS = frozenset({Scope.GROUP_USER, Scope.GROUP})
USER_SHOWS = frozenset({Scope.GROUP_USER, Scope.USER})
"""Whose page has the features of which scopes."""


@frozen
class Reader:
    """Who reads a form: his language, and what his company's licence does not contain."""

    catalogue: Catalogue
    language: str
    missing: Collection[str] = ()


@frozen
class Wanted:
    """Which features a page shows: those of one tab, or of all tabs those that have some words."""

    tab: Tab = Tab.VIEWER
    words: str = ""

    def holds(self, feature: Feature, title: str, help_text: str) -> bool:
        """Tell whether a feature belongs on the page."""
        if self.words:
            return self.words.casefold() in f"{title}\n{help_text}".casefold()
        return feature.tab is self.tab


@frozen(kw_only=True)
class FeatureRow:
    """One feature as a form row."""

    key: str
    title: str
    help: str
    policy: Policy
    states: tuple[Policy, ...]
    kinds: tuple[Kind, ...]
    needs: tuple[str, ...]
    """Titles of what this needs."""
    is_missing: bool
    """The licence does not contain it."""
    is_open: bool = False
    """The user may decide."""
    is_on: bool = True
    fields: tuple[OptionField, ...] = ()

    @property
    def is_everywhere(self) -> bool:
        """Tell whether it rules every kind of support that has a machine: then they need not be listed."""
        return set(EVERYWHERE) <= set(self.kinds)


@frozen
class Section:
    """The features of one owner."""

    title: str
    rows: tuple[FeatureRow, ...] = field(factory=tuple)


def group_sections(reader: Reader, rules: Mapping[str, GroupRule], wanted: Wanted) -> list[Section]:
    """Return the form of a group."""

    def row(feature: Feature, texts: Words) -> FeatureRow | None:
        if feature.scope not in GROUP_SHOWS:
            return None
        rule = rules[feature.key]
        return evolve(_row(reader, feature, texts, rule), fields=_group_fields(feature, texts, rule))

    return _sections(reader, row, wanted.holds)


def company_sections(reader: Reader, rules: Mapping[str, GroupRule]) -> list[Section]:
    """Return the form of what is the company's alone."""

    def row(feature: Feature, texts: Words) -> FeatureRow | None:
        if feature.scope is not Scope.COMPANY:
            return None
        rule = rules[feature.key]
        return evolve(_row(reader, feature, texts, rule), fields=_group_fields(feature, texts, rule))

    return _sections(reader, row, lambda *_: True)


def user_sections(
    reader: Reader, rules: Mapping[str, GroupRule], choices: Mapping[str, UserChoice], wanted: Wanted
) -> list[Section]:
    """Return a user's form: his ticks and values where he may have them, greyed where not."""

    def row(feature: Feature, texts: Words) -> FeatureRow | None:
        if feature.scope not in USER_SHOWS:
            return None
        rule, choice = rules[feature.key], choices[feature.key]
        policy = policy_of(feature, rule)
        return evolve(
            _row(reader, feature, texts, rule),
            is_open=policy is Policy.USER,
            is_on=is_ticked(feature, choice) if policy is Policy.USER else policy is Policy.ALL,
            fields=_user_fields(feature, texts, rule, choice),
        )

    return _sections(reader, row, wanted.holds)


def title_of(catalogue: Catalogue, key: str, language: str) -> str:
    """Return the name of a feature, or its key if nobody here brings it."""
    owner = key.partition(".")[0]
    return Words.of(catalogue, owner, language).say(f"{key}.title") if owner in catalogue.owners else key


def owner_title(catalogue: Catalogue, owner: str, language: str) -> str:
    """Return the name of a plugin or program."""
    return Words.of(catalogue, owner, language).say(f"{owner}.title", owner.replace("_", " ").capitalize())


def needs_of(catalogue: Catalogue, feature: Feature, language: str) -> tuple[str, ...]:
    """Return the names of what a feature needs: other features, and plugins that supply it."""
    features = [title_of(catalogue, key, language) for key in feature.requires]
    suppliers = [
        owner_title(catalogue, name, language)
        for name, declared in catalogue.owners.items()
        if name != feature.owner and set(declared.info.provides) & set(feature.needs)
    ]
    return (*features, *suppliers)


def tabs_of(catalogue: Catalogue, scopes: Collection[Scope]) -> list[Tab]:
    """Return the tabs that have something of these scopes to show, in their order."""
    used = {feature.tab for feature in catalogue.features.values() if feature.scope in scopes}
    return [tab for tab in Tab if tab in used]


def entered_rules(catalogue: Catalogue, form: Form) -> dict[str, GroupRule]:
    """Read what a group's form says; features that the form does not hold are left out."""
    found: dict[str, GroupRule] = {}
    for key, feature in catalogue.features.items():
        policy = form.get(f"policy:{key}", "")
        if policy not in set(Policy):
            continue
        values = {
            option: GroupValue(value, f"locked:{key}.{option}" in form)
            for option, value in _entered_values(feature, form).items()
        }
        found[key] = GroupRule(Policy(policy), values)
    return found


def entered_choices(catalogue: Catalogue, form: Form) -> dict[str, UserChoice]:
    """Read what a user's form says; greyed entries are not sent and stay as they are."""
    found: dict[str, UserChoice] = {}
    for key, feature in catalogue.features.items():
        # A clear checkbox sends nothing: the hidden entry beside it tells that it was there.
        ticked = f"tick:{key}" in form if f"asked:{key}" in form else None
        values = _entered_values(feature, form)
        if values or ticked is not None:
            found[key] = UserChoice(ticked, values)
    return found


def odd_entries(catalogue: Catalogue, form: Form) -> Refused | None:
    """Say what a form holds that no declaration knows, if anything."""
    unknown = [Problem("entry.unknown", "", {"name": name[:80]}) for name in _unknown(catalogue, form)]
    keys = (name.removeprefix("policy:") for name in form if name.startswith("policy:"))
    policies = [Problem("entry.choose", key) for key in keys if form[f"policy:{key}"] not in set(Policy)]
    return gathered([*unknown, *policies])


def _unknown(catalogue: Catalogue, form: Form) -> list[str]:
    options = {f"{key}.{one.key}" for key, feature in catalogue.features.items() for one in feature.options}
    known = {first: set(catalogue.features) for first in ("policy", "tick", "asked")}
    known |= dict.fromkeys(("value", "locked", "listed"), options)
    named = (name.partition(":") for name in form if ":" in name)
    return sorted({rest for first, _, rest in named if first in known and rest not in known[first]})


def _entered_values(feature: Feature, form: Form) -> dict[str, object]:
    return {
        option.key: entered_value(option, form, f"{feature.key}.{option.key}")
        for option in feature.options
        if is_entered(option, form, f"{feature.key}.{option.key}")
    }


def _sections(
    reader: Reader,
    row: Callable[[Feature, Words], FeatureRow | None],
    holds: Callable[[Feature, str, str], bool],
) -> list[Section]:
    sections = []
    for owner, declared in reader.catalogue.owners.items():
        texts = Words.of(reader.catalogue, owner, reader.language)
        rows = ((feature, row(feature, texts)) for feature in declared.features)
        shown = tuple(one for feature, one in rows if one and holds(feature, one.title, one.help))
        if shown:
            sections.append(Section(owner_title(reader.catalogue, owner, reader.language), shown))
    return sections


def _row(reader: Reader, feature: Feature, texts: Words, rule: GroupRule) -> FeatureRow:
    return FeatureRow(
        key=feature.key,
        title=texts.say(f"{feature.key}.title"),
        help=texts.say(f"{feature.key}.help", ""),
        policy=policy_of(feature, rule),
        states=STATES[feature.scope],
        kinds=feature.kinds,
        needs=needs_of(reader.catalogue, feature, reader.language),
        is_missing=feature.key in reader.missing,
    )


def _group_fields(feature: Feature, texts: Words, rule: GroupRule) -> tuple[OptionField, ...]:
    # What was entered is shown again even if it is not allowed, so that it can be mended.
    shown = {option.key: rule.values.get(option.key, group_value(option, rule)) for option in feature.options}
    return tuple(
        option_field(feature, option, texts, shown[option.key].value, locked=shown[option.key].locked)
        for option in feature.options
    )


def _user_fields(
    feature: Feature, texts: Words, rule: GroupRule, choice: UserChoice
) -> tuple[OptionField, ...]:
    fields = []
    for option in feature.options:
        locked = not is_users(feature, option, rule)
        present = in_force(feature, option, rule, choice)
        value = present if locked else choice.values.get(option.key, present)
        fields.append(option_field(feature, option, texts, value, locked=locked))
    return tuple(fields)
