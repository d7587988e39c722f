"""Putting licences in force: whose, for which server, instead of which, and what is refused."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from admin_web.licensing import VENDOR, install, licence, revocations, vendor_key
from attrs import asdict, evolve
from sqlmodel import Session

from deskside.licence import new_key, sign
from deskside.signed import seal
from deskside_admin.model import Company, LicenceRow, User
from deskside_admin.service import changes, installing, licences, vendors
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.installing import Checked, Loss
from deskside_admin.service.outcome import Refused


@pytest.fixture
def company(db: Session, admin: User) -> Company:
    return db.get_one(Company, admin.company_id)


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.reason


def test_a_damaged_foreign_or_later_licence_or_one_for_another_server_is_refused(
    db: Session, issuer: Issuer, company: Company
) -> None:
    good = licence(issuer)
    later = seal({**asdict(good), "colour": "red"}, "Licence", VENDOR)
    other_server = sign(evolve(good, gateway_key="00" * 32), VENDOR)

    found = [
        reason(installing.check(db, token, issuer))
        for token in ("", sign(good, VENDOR)[:-9], sign(good, new_key()), later, other_server)
    ]

    assert found == [
        "licence.not_of_vendor",
        "licence.not_of_vendor",
        "licence.not_of_vendor",
        "licence.unreadable",
        "licence.of_another_gateway",
    ]


def test_a_licence_that_is_over_has_not_begun_or_was_withdrawn_is_not_installed(
    db: Session, issuer: Issuer, company: Company
) -> None:
    vendors.install_revocations(db, revocations(1, "L-9"), issuer.vendor_keys, NOW)
    start, end = int((NOW + timedelta(days=1)).timestamp()), int(NOW.timestamp())

    found = [
        reason(installing.install(db, company, Checked(licence(issuer, **more), vendor_key(), "token"), NOW))
        for more in ({"ends": end}, {"starts": start}, {"id": "L-9"})
    ]

    assert found == ["licence.is_over", "licence.not_begun", "licence.is_revoked"]
    assert licences.in_force(db, company.id) is None


def test_one_licence_serves_one_company(
    db: Session, issuer: Issuer, company: Company, stranger: User
) -> None:
    install(db, issuer, company.id)

    checked = installing.check(db, sign(licence(issuer), VENDOR), issuer)
    assert isinstance(checked, Checked)
    outcome = installing.install(db, db.get_one(Company, stranger.company_id), checked, NOW)

    assert reason(outcome) == "licence.of_another_company"


def test_a_pasted_licence_may_hold_spaces_and_line_ends(
    db: Session, issuer: Issuer, company: Company
) -> None:
    token = sign(licence(issuer), VENDOR)
    pasted = "\r\n ".join(token[place : place + 60] for place in range(0, len(token), 60)) + "\n"

    checked = installing.check(db, pasted, issuer)

    assert isinstance(checked, Checked)
    assert checked.token == token


@pytest.mark.feature("LIC-03")
def test_a_company_switches_to_another_licence_and_back_and_all_are_remembered(
    db: Session, issuer: Issuer, company: Company
) -> None:
    install(db, issuer, company.id)
    before = changes.serials(db).get(company.id, 0)
    install(db, issuer, company.id, id="L-2", tier="Professional")
    second = licences.in_force(db, company.id)
    install(db, issuer, company.id)

    first = licences.in_force(db, company.id)
    assert second is not None
    assert first is not None
    assert (second.tier, first.tier) == ("Professional", "Standard")
    replaced = {row.id: row.replaced is not None for row in installing.history(db, company.id)}
    assert replaced == {"L-1": False, "L-2": True}
    assert changes.serials(db)[company.id] == before + 2


def test_what_a_smaller_or_older_licence_takes_away_is_told_beforehand(
    db: Session, issuer: Issuer, company: Company
) -> None:
    nothing_yet = installing.loss(db, company, licence(issuer, seats=1), NOW)
    install(db, issuer, company.id, seats=5, features=("kites.fly", "kites.land"))
    starts = licence(issuer).starts - 10

    found = installing.loss(
        db, company, licence(issuer, starts=starts, seats=3, ends=licence(issuer).ends - 1), NOW
    )
    same = installing.loss(db, company, licence(issuer, seats=9, features=("kites.fly", "kites.land")), NOW)

    assert found == Loss(is_older=True, seats=2, features=("kites.land",), is_sooner_over=True)
    assert not nothing_yet
    assert not same


def test_the_licence_of_the_settings_is_the_first_companys_until_it_has_its_own(
    db: Session, issuer: Issuer, company: Company, stranger: User
) -> None:
    licences.start_trial(db, NOW)
    row = installing.begin_with(db, sign(licence(issuer), VENDOR), issuer, NOW)
    assert isinstance(row, LicenceRow)

    of_settings = [licences.in_force(db, one) for one in (company.id, stranger.company_id)]
    install(db, issuer, company.id, id="L-2")
    own = licences.in_force(db, company.id)
    installing.forget(db, NOW)
    kept = licences.in_force(db, company.id)

    assert [one.id.split("-")[0] for one in of_settings if one] == ["L", "trial"]
    assert own is not None
    assert kept is not None
    assert own.id == kept.id == "L-2"


def test_without_a_licence_in_the_settings_any_more_the_trial_is_back(
    db: Session, issuer: Issuer, company: Company
) -> None:
    licences.start_trial(db, NOW)
    installing.begin_with(db, sign(licence(issuer), VENDOR), issuer, NOW)

    installing.forget(db, NOW)

    row = licences.in_force(db, company.id)
    assert row is not None
    assert row.kind == "trial"


def test_an_expired_licence_in_the_settings_does_not_keep_the_server_from_starting(
    db: Session, issuer: Issuer, company: Company
) -> None:
    over = licence(issuer, ends=int(NOW.timestamp()))

    row = installing.begin_with(db, sign(over, VENDOR), issuer, NOW)

    assert isinstance(row, LicenceRow)
    assert licences.why_not(licences.in_force(db, company.id), NOW) == "refused.licence.expired"
