"""Tests of what is entered about a user."""

import pytest
from admin_web.kit import NOW, make_user
from sqlmodel import Session

from deskside_admin.model import Company, Group, User
from deskside_admin.service import accounts, details, groups
from deskside_admin.service.accounts import Details
from deskside_admin.service.outcome import Refused


def entered(user: User, **more: object) -> Details:
    return Details(**{"given_name": "Lee", "role": "agent", "group_id": user.group_id, **more})  # type: ignore[arg-type]


def wrong_entries(db: Session, user: User, **more: object) -> list[str]:
    outcome = accounts.change(db, user, entered(user, **more), user.version, NOW)
    return sorted(one.entry for one in outcome.problems) if isinstance(outcome, Refused) else []


@pytest.mark.feature("USR-05")
@pytest.mark.parametrize(
    ("family_name", "given_name", "whole"),
    [
        ("김", "민지", "김민지"),
        ("王", "小明", "王小明"),
        ("山田", "たろう", "山田たろう"),
        ("佐々木", "ケイ", "佐々木ケイ"),
        ("Müller-Lüdenscheidt", "Anna", "Anna Müller-Lüdenscheidt"),
        ("Kim", "민지", "민지 Kim"),
        ("", "Minji", "Minji"),
        ("김", "", "김"),
    ],
)
def test_a_name_is_put_together_as_its_language_writes_it(
    family_name: str, given_name: str, whole: str
) -> None:
    assert details.whole_name(family_name, given_name) == whole


@pytest.mark.feature("USR-05")
def test_every_name_of_a_person_is_kept_tidied(db: Session, agent: User) -> None:
    wanted = entered(agent, family_name=" 김 ", given_name="민지", reading="Kim Minji", chat_name="MJ")

    accounts.change(db, agent, wanted, agent.version, NOW)

    db.commit()
    db.refresh(agent)
    kept = (agent.name, agent.family_name, agent.given_name, agent.reading, agent.chat_name)
    assert kept == ("김민지", "김", "민지", "Kim Minji", "MJ")


def test_a_name_that_nobody_has_taken_apart_stays(db: Session, agent: User) -> None:
    accounts.change(db, agent, entered(agent, name=agent.name, given_name=""), agent.version, NOW)

    assert (agent.name, agent.family_name, agent.given_name) == ("Lee", "", "")


@pytest.mark.parametrize("entry", ["family_name", "given_name"])
def test_each_part_of_a_name_has_a_limit(db: Session, agent: User, entry: str) -> None:
    assert entry in wrong_entries(db, agent, **{entry: "x" * 41})


def test_somebody_without_any_name_is_refused(db: Session, agent: User) -> None:
    assert wrong_entries(db, agent, given_name="  ") == ["given_name"]


@pytest.mark.feature("USR-06")
@pytest.mark.parametrize("number", ["", "02-123-4567", "0123456789012", "7"])
def test_a_telephone_number_is_digits_and_hyphens(db: Session, agent: User, number: str) -> None:
    assert wrong_entries(db, agent, telephone=number, mobile=number) == []
    assert (agent.telephone, agent.mobile) == (number, number)


@pytest.mark.feature("USR-06")
@pytest.mark.parametrize("number", ["01234567890123", "+82 2 123", "(02)123", "12a", "-", "٣٤٥", "1\n2"])
def test_any_other_telephone_number_is_refused(db: Session, agent: User, number: str) -> None:
    assert wrong_entries(db, agent, telephone=number, mobile=number) == ["mobile", "telephone"]
    assert (agent.telephone, agent.mobile) == ("", "")


@pytest.mark.feature("USR-07")
def test_an_address_and_the_consent_to_mails_are_kept(db: Session, agent: User) -> None:
    assert wrong_entries(db, agent, mail="minji.kim+x@mail.example", wants_mail=True) == []
    assert (agent.mail, agent.wants_mail) == ("minji.kim+x@mail.example", True)


@pytest.mark.feature("USR-07")
@pytest.mark.parametrize(
    "mail",
    [
        "minji",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@b@c",
        "a@-x.com",
        "a@x\nBcc: b@y",
        "x" * 250 + "@a.b",
    ],
)
def test_what_is_no_address_is_refused(db: Session, agent: User, mail: str) -> None:
    assert wrong_entries(db, agent, mail=mail) == ["mail"]


@pytest.mark.feature("USR-08")
def test_an_icon_number_is_fixed_and_nobody_elses_in_the_group(db: Session, admin: User, agent: User) -> None:
    other = groups.create(db, admin.company_id, "Other")
    assert isinstance(other, Group)
    beside = make_user(db, admin.company_id, admin.group_id, "park")
    apart = make_user(db, admin.company_id, other.id, "choi")

    assert wrong_entries(db, agent, icon=7) == []
    assert wrong_entries(db, agent, icon=7, nickname="again") == []
    assert wrong_entries(db, beside, icon=7) == ["icon"]
    assert wrong_entries(db, apart, icon=7) == []
    assert wrong_entries(db, apart, icon=7, group_id=admin.group_id) == ["icon"]


@pytest.mark.parametrize("icon", [-1, 10_000])
def test_an_icon_number_has_limits(db: Session, agent: User, icon: int) -> None:
    assert wrong_entries(db, agent, icon=icon) == ["icon"]


def test_many_users_have_no_icon_number(db: Session, admin: User, agent: User) -> None:
    park = make_user(db, admin.company_id, admin.group_id, "park")

    assert wrong_entries(db, agent, icon=0) == wrong_entries(db, park, icon=0) == []


def test_while_codes_go_by_mail_an_administrator_keeps_an_address(
    db: Session, admin: User, agent: User
) -> None:
    db.get_one(Company, admin.company_id).two_step = True
    admin.mail = "kim@mail.example"
    db.flush()

    assert wrong_entries(db, admin, role="admin", mail="") == ["mail"]
    assert wrong_entries(db, agent, role="admin") == ["mail"]
    assert wrong_entries(db, agent, role="agent") == []
