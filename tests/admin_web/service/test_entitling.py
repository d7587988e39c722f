"""What a session gets from licence, group and user: signed for its host, kept while it runs."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW
from admin_web.licensing import install, revocations, vendor_key
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.chain import Entitled, check_chain
from deskside.grants import Gate, Grant, Refusal
from deskside.licence import new_key, public
from deskside_admin.model import SupportSession, User, Vendor
from deskside_admin.service import entitling, licences, sessions, vendors
from deskside_admin.service.entitling import Issuer

NOT_SOLD = Refusal(Gate.LICENCE, "refused.licence", {"tier": "Standard", "vendor": "Acme"})


@pytest.fixture
def session(db: Session, agent: User) -> SupportSession:
    return sessions.begin(db, agent, "A" * 22, "pc", NOW)


def run(db: Session, session: SupportSession) -> None:
    """Let a customer join."""
    session.state, session.began = "active", NOW
    db.flush()


def proved(found: entitling.Entitled, session: SupportSession, key: str = vendor_key()) -> Entitled:
    """Return what a host finds proved."""
    chain = check_chain(found.licence, found.entitlement, [key], session.id, NOW.timestamp())
    assert isinstance(chain, Entitled), chain
    return chain


def reasons(found: entitling.Entitled) -> set[str]:
    return {one.reason for one in found.features.values() if isinstance(one, Refusal)}


def test_a_trial_entitles_to_everything_declared_and_a_host_can_prove_it(
    db: Session, issuer: Issuer, session: SupportSession
) -> None:
    licences.start_trial(db, NOW)

    found = entitling.entitle(db, issuer, session, NOW)

    chain = proved(found, session, issuer.public_key)
    assert chain.features == {"kites.fly", "kites.land"}
    assert chain.licence.demo
    assert (found.label, session.label) == ("trial", "trial")


@pytest.mark.feature("LIC-03", "OPT-04")
def test_a_vendors_licence_gives_what_it_names_and_says_whose_the_no_is(
    db: Session, issuer: Issuer, session: SupportSession
) -> None:
    licences.start_trial(db, NOW)
    install(db, issuer, session.company_id)

    found = entitling.entitle(db, issuer, session, NOW)

    assert isinstance(found.features["kites.fly"], Grant)
    assert found.features["kites.land"] == NOT_SOLD
    assert (found.label, proved(found, session).features) == ("", {"kites.fly"})


@pytest.mark.feature("LIC-04", "OPT-07")
def test_values_in_force_are_signed_for_the_host_and_end_where_the_licence_ends(
    db: Session, issuer: Issuer, session: SupportSession, catalogue: Catalogue
) -> None:
    install(db, issuer, session.company_id, caps={"kites.fly.height": 12})

    found = entitling.entitle(db, issuer, session, NOW)

    told = found.features["kites.fly"]
    assert isinstance(told, Grant)
    assert told.options == {"height": 12, "colour": "red", "motto": ""}
    assert proved(found, session).entitlement.options["kites.fly"] == told.options


def test_a_demo_licence_is_labelled(db: Session, issuer: Issuer, session: SupportSession) -> None:
    install(db, issuer, session.company_id, demo=True)

    assert entitling.entitle(db, issuer, session, NOW).label == "demo"


@pytest.mark.feature("LIC-08")
def test_what_is_over_refuses_every_feature(db: Session, issuer: Issuer, session: SupportSession) -> None:
    licences.start_trial(db, NOW)

    found = entitling.entitle(db, issuer, session, NOW + timedelta(days=30))

    assert (reasons(found), len(found.on)) == ({"refused.licence.expired"}, 0)


@pytest.mark.parametrize("what", ["expired", "revoked", "replaced"])
def test_a_licence_never_ends_a_running_session(
    db: Session, issuer: Issuer, session: SupportSession, what: str
) -> None:
    end = NOW + timedelta(hours=1)
    install(db, issuer, session.company_id, features=("kites.fly", "kites.land"), ends=int(end.timestamp()))
    before = entitling.entitle(db, issuer, session, NOW)
    run(db, session)

    later = end + timedelta(hours=1) if what == "expired" else NOW + timedelta(minutes=1)
    if what == "revoked":
        vendors.install_revocations(db, revocations(1, "L-1"), issuer.vendor_keys, NOW)
    if what == "replaced":
        install(db, issuer, session.company_id, id="L-2", features=())
    renewed = entitling.entitle(db, issuer, session, later, before.features)
    anew = entitling.entitle(db, issuer, session, later)

    assert before.on == renewed.on == anew.on == {"kites.fly", "kites.land"}
    assert renewed.licence == before.licence


def test_a_wait_whose_customer_has_not_come_is_under_the_licence_of_now(
    db: Session, issuer: Issuer, session: SupportSession
) -> None:
    install(db, issuer, session.company_id, features=("kites.fly", "kites.land"))
    entitling.entitle(db, issuer, session, NOW)

    install(db, issuer, session.company_id, id="L-2", tier="Standard", features=("kites.fly",))

    assert entitling.entitle(db, issuer, session, NOW).features["kites.land"] == NOT_SOLD


def test_a_licence_whose_vendor_is_no_longer_trusted_gives_nothing(
    db: Session, issuer: Issuer, session: SupportSession
) -> None:
    typed = new_key()
    added = vendors.add(db, public(typed), "Other", NOW)
    assert isinstance(added, Vendor)
    install(db, issuer, session.company_id, typed)

    vendors.remove(db, public(typed))

    assert reasons(entitling.entitle(db, issuer, session, NOW)) == {"refused.licence.vendor"}


def test_a_stopped_agent_has_no_feature(
    db: Session, issuer: Issuer, session: SupportSession, agent: User
) -> None:
    licences.start_trial(db, NOW)
    agent.active = False

    assert reasons(entitling.entitle(db, issuer, session, NOW)) == {"refused.user"}


def test_serials_rise(db: Session, issuer: Issuer, session: SupportSession) -> None:
    licences.start_trial(db, NOW)

    assert [entitling.entitle(db, issuer, session, NOW).serial for _ in range(3)] == [1, 2, 3]
