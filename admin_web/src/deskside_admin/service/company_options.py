"""What a company says about the declared features that are its alone, for all of its groups at once."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from deskside.catalogue import Catalogue
from deskside.declare import Feature, Policy, Scope
from deskside.grants import Grant
from deskside_admin.model import Company, CompanyPolicy, CompanyValue
from deskside_admin.service import changes, versions
from deskside_admin.service.outcome import Problem, Refused, gathered
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice, decide, group_value, policy_of
from deskside_admin.service.values import bad_value


def of(db: Session, catalogue: Catalogue, company_id: int) -> dict[str, GroupRule]:
    """Return what a company says about every feature that is its alone."""
    wanted = {key: one for key, one in catalogue.features.items() if one.scope is Scope.COMPANY}
    if not wanted:
        return {}
    policies = {
        row.feature: Policy(row.policy)
        for row in db.exec(select(CompanyPolicy).where(CompanyPolicy.company_id == company_id))
    }
    values: dict[str, dict[str, GroupValue]] = {}
    for row in db.exec(select(CompanyValue).where(CompanyValue.company_id == company_id)):
        values.setdefault(row.feature, {})[row.option] = GroupValue(row.value)
    return {key: GroupRule(policies.get(key, one.policy), values.get(key, {})) for key, one in wanted.items()}


def followed(db: Session, rule: Feature, company_id: int) -> Mapping[str, Any] | None:
    """Return the values of a rule that all of a company must follow, or None if they need not."""
    said = of(db, Catalogue({}, {rule.key: rule}, {}), company_id)
    decision = decide(rule, said[rule.key], UserChoice())
    return decision.options if isinstance(decision, Grant) else None


def keep(
    db: Session, catalogue: Catalogue, company: Company, wanted: Mapping[str, GroupRule], version: int
) -> int | Refused:
    """Store what a company says about some features; return how many of them have changed.

    :raises KeyError: if a feature is not declared
    """
    if no := _problems(catalogue, wanted) or versions.claim(db, company, version):
        return no
    before = of(db, catalogue, company.id)
    changed = [key for key, rule in wanted.items() if _differs(catalogue.features[key], before[key], rule)]
    for key in changed:
        db.merge(CompanyPolicy(company_id=company.id, feature=key, policy=wanted[key].policy))
        for option, one in wanted[key].values.items():
            db.merge(CompanyValue(company_id=company.id, feature=key, option=option, value=one.value))
    changes.note(db, company.id)
    db.flush()
    return len(changed)


def _problems(catalogue: Catalogue, wanted: Mapping[str, GroupRule]) -> Refused | None:
    return gathered(
        one for key, rule in wanted.items() for one in _problems_of(catalogue.features[key], rule)
    )


def _problems_of(feature: Feature, rule: GroupRule) -> list[Problem | None]:
    if feature.scope is not Scope.COMPANY:
        return [Problem("entry.unknown", "", {"name": feature.key})]
    if rule.policy is Policy.USER:
        return [Problem("entry.choose", feature.key)]
    options = {option.key: option for option in feature.options}
    return [bad_value(options[name], one.value, f"{feature.key}.{name}") for name, one in rule.values.items()]


def _differs(feature: Feature, before: GroupRule, wanted: GroupRule) -> bool:
    present = {option.key: group_value(option, before).value for option in feature.options}
    said = {name: one.value for name, one in wanted.values.items()}
    return policy_of(feature, before) is not wanted.policy or {**present, **said} != present
