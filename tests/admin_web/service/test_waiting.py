"""What holds while an agent waits: how a customer proves that he is meant."""

import pytest
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.declare import Policy
from deskside_admin import rules
from deskside_admin.model import Group, User
from deskside_admin.service import features, waiting
from deskside_admin.service.outcome import Refused
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice

KEY = rules.SESSION_PASSWORD.key
CATALOGUE = Catalogue.of(rules.declared())


@pytest.fixture
def group(db: Session, agent: User) -> Group:
    return db.get_one(Group, agent.group_id)


def of_group(db: Session, group: Group, policy: Policy, **values: object) -> None:
    said = {name: GroupValue(value) for name, value in values.items()}
    outcome = features.set_for_group(db, CATALOGUE, group, {KEY: GroupRule(policy, said)}, group.version)
    assert not isinstance(outcome, Refused)


@pytest.mark.feature("CON-18")
def test_a_session_password_is_off_automatic_or_fixed(db: Session, group: Group, agent: User) -> None:
    assert waiting.session_password(db, agent) == ""
    of_group(db, group, Policy.ALL)
    assert waiting.session_password(db, agent) == "auto"
    of_group(db, group, Policy.ALL, mode="fixed", digits="4827")
    assert waiting.session_password(db, agent) == "4827"
    of_group(db, group, Policy.NONE)
    assert waiting.session_password(db, agent) == ""


def test_a_fixed_password_without_digits_is_automatic_and_never_none(
    db: Session, group: Group, agent: User
) -> None:
    of_group(db, group, Policy.ALL, mode="fixed", digits="")

    assert waiting.session_password(db, agent) == "auto"


@pytest.mark.feature("CON-18")
@pytest.mark.feature("SEC-05")
def test_a_user_who_may_decide_has_his_own_digits(db: Session, group: Group, agent: User) -> None:
    of_group(db, group, Policy.USER, mode="fixed", digits="1111")
    assert waiting.session_password(db, agent) == ""

    mine = {KEY: UserChoice(True, {"mode": "fixed", "digits": "4827"})}
    assert features.set_for_user(db, CATALOGUE, agent, mine, agent.version) is None

    assert waiting.session_password(db, agent) == "4827"


@pytest.mark.parametrize("digits", ["123", "12345", "12a4", "١٢٣٤", "12 4"])
def test_what_is_not_four_digits_is_not_stored(db: Session, group: Group, digits: str) -> None:
    said = {KEY: GroupRule(Policy.ALL, {"digits": GroupValue(digits)})}

    outcome = features.set_for_group(db, CATALOGUE, group, said, group.version)

    assert isinstance(outcome, Refused)
    assert outcome.problems[0].reason == "entry.bad_pin"
