"""Tests of what a company's administrators decide about it."""

import pytest
from admin_web.kit import NOW, make_user
from attrs import asdict, evolve
from sqlmodel import Session

from deskside_admin.model import Company, User
from deskside_admin.service import company_rules, sessions
from deskside_admin.service.company_rules import Rules
from deskside_admin.service.outcome import Refused
from deskside_admin.service.sessions import Change, SessionState

WHOLE = Rules(
    name="Hanbit",
    site="https://hanbit.example/help",
    mail="info@hanbit.example",
    telephone="02-123-4567",
    contact_name="Park Ha-neul",
    contact_mail="park@hanbit.example",
    contact_telephone="02-123-4568",
    password_level="strong",
    password_days=60,
    lock_after_wrong=True,
    lock_minutes=45,
    keep_history=False,
    keep_months=6,
)


@pytest.fixture
def company(db: Session, admin: User) -> Company:
    return db.get_one(Company, admin.company_id)


def save(db: Session, company: Company, rules: Rules, *, has_mail: bool = True) -> list[str]:
    no = company_rules.change(db, company, rules, company.version, has_mail=has_mail)
    return [problem.entry or problem.reason for problem in no.problems] if no else []


@pytest.mark.feature("COM-01")
def test_everything_on_the_page_is_kept(db: Session, company: Company) -> None:
    assert save(db, company, WHOLE) == []

    db.commit()
    db.refresh(company)
    assert {name: getattr(company, name) for name in company_rules.FIELDS} == asdict(WHOLE)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("site", "javascript:alert(1)"),
        ("site", "hanbit.example"),
        ("site", "https://x y"),
        ("site", "https://" + "x" * 200),
        ("mail", "nobody"),
        ("telephone", "+82"),
        ("contact_name", "two\nlines"),
        ("contact_mail", "a@"),
        ("contact_telephone", "x"),
        ("password_level", "none"),
        ("password_days", 45),
        ("password_days", -1),
        ("keep_months", 0),
        ("keep_months", 24),
        ("lock_minutes", -1),
        ("lock_minutes", 100_000),
    ],
)
def test_what_is_not_allowed_is_refused_and_nothing_is_kept(
    db: Session, company: Company, entry: str, value: object
) -> None:
    changed = {"contact_name": "New", entry: value}
    assert save(db, company, evolve(WHOLE, **changed)) == [entry]  # type: ignore[arg-type]
    assert (company.contact_name, company.version) == ("", 1)


@pytest.mark.feature("COM-08")
def test_the_second_proof_cannot_be_asked_for_while_an_administrator_has_no_address(
    db: Session, company: Company, admin: User, agent: User
) -> None:
    second = make_user(db, admin.company_id, admin.group_id, "second", role="admin")
    wanted = evolve(WHOLE, two_step=True)
    admin.mail = "kim@hanbit.example"
    db.flush()

    without = company_rules.change(db, company, wanted, company.version, has_mail=True)
    second.mail = "second@hanbit.example"
    db.flush()

    assert isinstance(without, Refused)
    assert without.problems[0].entry == "two_step"
    assert without.problems[0].values == {"names": "Second"}
    assert not company.two_step
    assert save(db, company, wanted, has_mail=False) == ["two_step"]
    assert save(db, company, wanted) == []
    assert company.two_step


def test_what_is_asked_for_already_stays_whatever_happened_to_addresses(
    db: Session, company: Company
) -> None:
    company.two_step = True
    db.flush()

    assert save(db, company, evolve(WHOLE, two_step=True), has_mail=False) == []


def test_of_two_who_save_a_company_the_second_is_told_and_changes_nothing(
    db: Session, company: Company
) -> None:
    seen = company.version
    company_rules.change(db, company, evolve(WHOLE, name="First wins"), seen, has_mail=False)

    no = company_rules.change(db, company, evolve(WHOLE, name="Second loses"), seen, has_mail=False)

    assert isinstance(no, Refused)
    assert no.reason == "conflict.changed"
    assert company.name == "First wins"


def test_the_supports_that_would_go_are_counted(
    db: Session, company: Company, admin: User, stranger: User
) -> None:
    for number, user in enumerate([admin, admin, stranger]):
        row = sessions.begin(db, user, f"{number:022d}", "pc", NOW)
        if number != 1:
            sessions.change(db, row, Change(state=SessionState.ENDED), NOW)

    assert company_rules.ended_supports(db, company.id) == 1
