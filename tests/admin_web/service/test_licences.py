"""Licences: the trial, a vendor's, and what a session gets from them."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.grants import Grant, Refusal
from deskside.licence import Licence, check_chain, new_key, public, sign
from deskside_admin.model import LicenceRow, SupportSession, User
from deskside_admin.service import accounts, licences, sessions
from deskside_admin.service.licences import Issuer
from deskside_admin.service.outcome import Refused

ID = "A" * 22


@pytest.fixture
def vendor() -> Ed25519PrivateKey:
    return new_key()


@pytest.fixture
def issuer(catalogue: Catalogue, vendor: Ed25519PrivateKey) -> Issuer:
    return Issuer(new_key(), catalogue, (public(new_key()), public(vendor)))


@pytest.fixture
def session(db: Session, agent: User) -> SupportSession:
    return sessions.begin(db, agent, ID, "pc", NOW)


def licence(issuer: Issuer, **more: object) -> Licence:
    made = Licence(
        id="L-1",
        company="Hanbit",
        features=("kites.fly",),
        seats=5,
        starts=int(NOW.timestamp()),
        ends=int((NOW + timedelta(days=365)).timestamp()),
        gateway_key=public(issuer.key),
    )
    return evolve(made, **more)


def test_the_trial_begins_once_and_lasts_thirty_days(db: Session) -> None:
    licences.start_trial(db, NOW)
    licences.start_trial(db, NOW + timedelta(days=20))

    row = licences.in_force(db)

    assert row is not None
    assert (row.starts, row.ends, row.seats) == (NOW, NOW + timedelta(days=30), 2)
    assert not licences.has_ended(row, NOW + timedelta(days=29, hours=23))
    assert licences.has_ended(row, NOW + timedelta(days=30))


def test_a_trial_entitles_to_everything_declared_and_a_host_can_prove_it(
    db: Session, issuer: Issuer, session: SupportSession
) -> None:
    licences.start_trial(db, NOW)

    found = licences.entitle(db, issuer, session, NOW)

    chain = check_chain(found.licence, found.entitlement, [public(issuer.key)], session.id, NOW.timestamp())
    assert not isinstance(chain, Refusal)
    assert chain.features == {"kites.fly", "kites.land"}
    assert chain.licence.demo
    assert (found.label, session.label) == ("trial", "trial")


def test_a_vendors_licence_takes_the_trials_place_and_sells_what_it_names(
    db: Session, issuer: Issuer, session: SupportSession, vendor: Ed25519PrivateKey
) -> None:
    licences.start_trial(db, NOW)

    row = licences.install(db, sign(licence(issuer), vendor), issuer, NOW)
    found = licences.entitle(db, issuer, session, NOW)

    assert isinstance(row, LicenceRow)
    assert isinstance(found.features["kites.fly"], Grant)
    assert found.features["kites.land"] == Refusal(
        gate=found.features["kites.land"].gate,  # type: ignore[union-attr]
        reason="refused.licence",
        values={"tier": "standard"},
    )
    assert found.label == ""
    licences.remove(db)
    assert licences.entitle(db, issuer, session, NOW).label == "trial"


def test_a_demo_licence_is_labelled(
    db: Session, issuer: Issuer, session: SupportSession, vendor: Ed25519PrivateKey
) -> None:
    licences.install(db, sign(licence(issuer, demo=True), vendor), issuer, NOW)

    assert licences.entitle(db, issuer, session, NOW).label == "demo"


def test_a_licence_of_another_vendor_or_gateway_is_refused(
    db: Session, issuer: Issuer, vendor: Ed25519PrivateKey
) -> None:
    of_nobody = licences.install(db, sign(licence(issuer), new_key()), issuer, NOW)
    of_other = licences.install(db, sign(licence(issuer, gateway_key="00" * 32), vendor), issuer, NOW)

    assert isinstance(of_nobody, Refused)
    assert isinstance(of_other, Refused)
    assert (of_nobody.reason, of_other.reason) == ("licence.not_of_vendor", "licence.of_another_gateway")
    assert licences.in_force(db) is None


def test_what_is_over_refuses_every_feature_and_every_new_wait(
    db: Session, issuer: Issuer, session: SupportSession, agent: User
) -> None:
    licences.start_trial(db, NOW)
    later = NOW + timedelta(days=30)

    found = licences.entitle(db, issuer, session, later)
    no = licences.may_support(db, agent, later)

    reasons = {one.reason for one in found.features.values() if isinstance(one, Refusal)}
    assert (reasons, len(found.on)) == ({"refused.licence.expired"}, 0)
    assert no is not None
    assert no.reason == "refused.licence.expired"


def test_a_stopped_agent_has_no_feature(
    db: Session, issuer: Issuer, session: SupportSession, agent: User, admin: User
) -> None:
    licences.start_trial(db, NOW)
    accounts.set_active(db, agent, active=False, now=NOW)

    found = licences.entitle(db, issuer, session, NOW)

    assert {one.reason for one in found.features.values() if isinstance(one, Refusal)} == {"refused.user"}


def test_serials_rise(db: Session, issuer: Issuer, session: SupportSession) -> None:
    licences.start_trial(db, NOW)

    assert [licences.entitle(db, issuer, session, NOW).serial for _ in range(3)] == [1, 2, 3]
