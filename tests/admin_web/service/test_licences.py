"""Licences in force: the trial, a vendor's, what they refuse, and what they leave alone."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from admin_web.licensing import install, revocations
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.grants import Gate, Refusal
from deskside_admin.model import User
from deskside_admin.service import licences, vendors
from deskside_admin.service.entitling import Issuer


def test_the_trial_begins_once_and_lasts_thirty_days(db: Session, admin: User) -> None:
    licences.start_trial(db, NOW)
    licences.start_trial(db, NOW + timedelta(days=20))

    row = licences.in_force(db, admin.company_id)

    assert row is not None
    assert (row.starts, row.ends, row.seats, row.concurrent) == (NOW, NOW + timedelta(days=30), 2, True)
    assert not licences.why_not(row, NOW + timedelta(days=29, hours=23))
    assert licences.why_not(row, NOW + timedelta(days=30)) == "refused.licence.expired"


def test_each_company_has_its_own_licence_and_the_others_have_the_trial(
    db: Session, issuer: Issuer, admin: User, stranger: User
) -> None:
    licences.start_trial(db, NOW)

    install(db, issuer, admin.company_id)

    own, other = (licences.in_force(db, one.company_id) for one in (admin, stranger))
    assert own is not None
    assert other is not None
    assert (own.id, own.tier, own.vendor, own.kind, other.kind) == (
        "L-1",
        "Standard",
        "Acme",
        "sold",
        "trial",
    )


@pytest.mark.feature("LIC-03", "OPT-04")
def test_what_a_licence_does_not_contain_is_named_with_its_tier_and_its_vendor(
    db: Session, issuer: Issuer, admin: User, catalogue: Catalogue
) -> None:
    licences.start_trial(db, NOW)
    during_the_trial = licences.missing(db, admin.company_id, catalogue, NOW)

    install(db, issuer, admin.company_id, features=("kites.land",), caps={"kites.fly.height": 12})

    assert during_the_trial == {}
    assert licences.missing(db, admin.company_id, catalogue, NOW) == {
        "kites.fly": Refusal(Gate.LICENCE, "refused.licence", {"tier": "Standard", "vendor": "Acme"})
    }
    assert licences.caps(db, admin.company_id) == {"kites.fly.height": 12}


@pytest.mark.feature("LIC-08")
def test_an_expired_licence_starts_no_support(db: Session, issuer: Issuer, admin: User, agent: User) -> None:
    install(db, issuer, admin.company_id, ends=int((NOW + timedelta(days=1)).timestamp()))

    before = licences.may_support(db, agent, NOW)
    after = licences.may_support(db, agent, NOW + timedelta(days=1))

    assert before is None
    assert after is not None
    assert after.reason == "refused.licence.expired"


def test_a_revoked_licence_starts_no_support_and_lets_nobody_sign_in(
    db: Session, issuer: Issuer, admin: User, agent: User
) -> None:
    install(db, issuer, admin.company_id)

    vendors.install_revocations(db, revocations(1, "L-1"), issuer.vendor_keys, NOW)

    refusals = licences.may_support(db, agent, NOW), licences.take_seat(db, agent, NOW)
    assert [one.reason for one in refusals if one] == ["refused.licence.revoked"] * 2


def test_a_system_administrator_neither_takes_a_seat_nor_serves(
    db: Session, issuer: Issuer, admin: User
) -> None:
    install(db, issuer, admin.company_id)
    admin.role = "system"

    refusals = licences.may_support(db, admin, NOW), licences.take_seat(db, admin, NOW)

    assert [one.reason for one in refusals if one] == ["refused.role.system"] * 2
