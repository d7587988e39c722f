"""Vendors: whose keys count, and lists of withdrawn licences that never go backwards."""

import pytest
from admin_web.kit import NOW
from admin_web.licensing import VENDOR, install, revocations, vendor_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from deskside.licence import Revocations, new_key, public
from deskside.signed import seal
from deskside_admin.model import LicenceRow, User, Vendor
from deskside_admin.service import vendors
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.outcome import Refused
from deskside_admin.service.vendors import Trusted

OTHER = new_key()


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.reason


def test_keys_of_the_settings_and_those_typed_in_count_until_they_are_removed(db: Session) -> None:
    added = vendors.add(db, f" {public(OTHER).upper()} ", " Other ", NOW)
    before = vendors.trusted(db, [vendor_key()])
    vendors.remove(db, public(OTHER))

    assert isinstance(added, Vendor)
    assert before == [
        Trusted(public_key=vendor_key(), name="", of_settings=True),
        Trusted(public_key=public(OTHER), name="Other", of_settings=False),
    ]
    assert vendors.keys(db, [vendor_key()]) == (vendor_key(),)


@pytest.mark.parametrize(
    ("key", "name", "entry"),
    [("12", "Acme", "public_key"), ("g" * 64, "Acme", "public_key"), ("0" * 64, "", "name")],
)
def test_what_is_no_key_or_has_no_name_is_not_added(db: Session, key: str, name: str, entry: str) -> None:
    outcome = vendors.add(db, key, name, NOW)

    assert isinstance(outcome, Refused)
    assert [one.entry for one in outcome.problems] == [entry]
    assert vendors.trusted(db, []) == []


def test_a_list_withdraws_what_it_names_and_a_newer_one_may_give_it_back(
    db: Session, issuer: Issuer, admin: User
) -> None:
    install(db, issuer, admin.company_id)

    vendors.install_revocations(db, revocations(3, "L-1", "L-7"), issuer.vendor_keys, NOW)
    withdrawn = db.get_one(LicenceRow, "L-1").revoked
    vendors.install_revocations(db, revocations(4, "L-7"), issuer.vendor_keys, NOW)

    assert withdrawn == NOW
    assert db.get_one(LicenceRow, "L-1").revoked is None
    assert vendors.revoked_by(db, vendor_key()) == {"L-7"}


def test_a_list_of_a_vendor_of_the_settings_does_not_outlive_his_place_in_them(db: Session) -> None:
    vendors.install_revocations(db, revocations(1), [vendor_key()], NOW)

    assert vendors.keys(db, []) == ()


def test_a_vendors_list_says_nothing_about_another_vendors_licences(
    db: Session, issuer: Issuer, admin: User
) -> None:
    install(db, issuer, admin.company_id)

    outcome = vendors.install_revocations(
        db, revocations(1, "L-1", key=OTHER), [*issuer.vendor_keys, public(OTHER)], NOW
    )

    assert isinstance(outcome, Revocations)
    assert db.get_one(LicenceRow, "L-1").revoked is None


def test_a_damaged_foreign_or_later_list_is_refused(db: Session) -> None:
    token = revocations(1, "L-1")
    later = seal(
        {"vendor": "Acme", "serial": 1, "issued": 1, "licences": [], "more": 1}, "Revocations", VENDOR
    )

    found = [
        reason(vendors.install_revocations(db, one, [vendor_key()], NOW))
        for one in ("", token[:-5], revocations(1, "L-1", key=OTHER), later)
    ]

    assert found == [*["licence.revocations_not_of_vendor"] * 3, "licence.revocations_unreadable"]


def test_lists_are_never_applied_backwards(db: Session, issuer: Issuer, admin: User) -> None:
    install(db, issuer, admin.company_id)

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=6))
    def check(order: list[tuple[int, bool]]) -> None:
        db.exec(Vendor.__table__.delete())  # type: ignore[attr-defined]
        db.get_one(LicenceRow, "L-1").revoked = None
        highest, is_revoked = 0, False
        for serial, names_it in order:
            token = revocations(serial, *(["L-1"] if names_it else []))
            outcome = vendors.install_revocations(db, token, issuer.vendor_keys, NOW)
            assert isinstance(outcome, Refused) == (serial <= highest)
            if serial > highest:
                highest, is_revoked = serial, names_it
            assert (db.get_one(LicenceRow, "L-1").revoked is not None) == is_revoked

    check()
