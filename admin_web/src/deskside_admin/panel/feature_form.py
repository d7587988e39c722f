"""The generic form of features: rows for a group's page and for a user's own page."""

from collections.abc import Callable, Mapping

from attrs import frozen
from werkzeug.datastructures import MultiDict

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy
from deskside_admin.panel.option_form import OptionField, Words, entered_value, option_field
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice, group_value, in_force

Form = MultiDict[str, str]


@frozen(kw_only=True)
class FeatureRow:
    """One feature as a form row."""

    key: str
    title: str
    help: str
    policy: str
    ticked: bool = True
    fields: tuple[OptionField, ...] = ()


@frozen
class Section:
    """The features of one owner."""

    title: str
    rows: tuple[FeatureRow, ...]


def group_sections(
    catalogue: Catalogue, language: str, rules: Mapping[str, GroupRule], words: str = ""
) -> list[Section]:
    """Return the form of a group, with only the features whose title or help contains `words`."""

    def row(feature: Feature, texts: Words) -> FeatureRow:
        rule = rules[feature.key]
        return _row(feature, texts, rule, fields=_group_fields(feature, texts, rule))

    return _sections(catalogue, language, row, words)


def user_sections(
    catalogue: Catalogue, language: str, rules: Mapping[str, GroupRule], choices: Mapping[str, UserChoice]
) -> list[Section]:
    """Return a user's own form: his ticks and values where he may have them, greyed where not."""

    def row(feature: Feature, texts: Words) -> FeatureRow:
        rule, choice = rules[feature.key], choices[feature.key]
        fields = _user_fields(feature, texts, rule, choice)
        return _row(feature, texts, rule, fields=fields, ticked=choice.ticked is not False)

    return _sections(catalogue, language, row, "")


def entered_rules(catalogue: Catalogue, form: Form) -> dict[str, GroupRule]:
    """Read what a group's form says; features that the form does not hold are left out."""
    found: dict[str, GroupRule] = {}
    for key, feature in catalogue.features.items():
        policy = form.get(f"policy:{key}", "")
        if policy not in set(Policy):
            continue
        values = {}
        for option in feature.options:
            entry = f"{key}.{option.key}"
            if f"value:{entry}" in form:
                value = entered_value(option, form[f"value:{entry}"])
                values[option.key] = GroupValue(value, f"locked:{entry}" in form)
        found[key] = GroupRule(Policy(policy), values)
    return found


def entered_choices(catalogue: Catalogue, form: Form) -> dict[str, UserChoice]:
    """Read what a user's own form says; greyed entries are not sent and stay as they are."""
    found: dict[str, UserChoice] = {}
    for key, feature in catalogue.features.items():
        values = {
            option.key: entered_value(option, form[f"value:{key}.{option.key}"])
            for option in feature.options
            if f"value:{key}.{option.key}" in form
        }
        # A clear checkbox sends nothing: the hidden entry beside it tells that it was there.
        ticked = f"tick:{key}" in form if f"asked:{key}" in form else None
        found[key] = UserChoice(ticked, values)
    return found


def _sections(
    catalogue: Catalogue, language: str, row: Callable[[Feature, Words], FeatureRow], words: str
) -> list[Section]:
    sections = []
    for owner, declared in catalogue.owners.items():
        texts = Words.of(catalogue, owner, language)
        rows = tuple(row(feature, texts) for feature in declared.features)
        wanted = tuple(one for one in rows if words.casefold() in f"{one.title}\n{one.help}".casefold())
        if wanted:
            title = texts.say(f"{owner}.title", owner.replace("_", " ").capitalize())
            sections.append(Section(title, wanted))
    return sections


def _row(
    feature: Feature, texts: Words, rule: GroupRule, *, fields: tuple[OptionField, ...], ticked: bool = True
) -> FeatureRow:
    return FeatureRow(
        key=feature.key,
        title=texts.say(f"{feature.key}.title"),
        help=texts.say(f"{feature.key}.help", ""),
        policy=rule.policy,
        ticked=ticked,
        fields=fields,
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
        locked = rule.policy is Policy.NONE or group_value(option, rule).locked
        present = in_force(option, rule, choice)
        value = present if locked else choice.values.get(option.key, present)
        fields.append(option_field(feature, option, texts, value, locked=locked))
    return tuple(fields)
