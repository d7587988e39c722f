"""The company's own licence page."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, Browser, TurnedClock, make_user
from admin_web.licensing import install, revocations, vendor_key
from sqlmodel import Session

from deskside_admin.model import SignIn, SignInKind, User
from deskside_admin.service import licences, vendors
from deskside_admin.service.entitling import Issuer


@pytest.mark.feature("LIC-07")
def test_the_page_shows_vendor_edition_seats_state_and_end(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User
) -> None:
    make_user(db, admin.company_id, admin.group_id, "lee")
    install(db, issuer, admin.company_id, tier="Professional", seats=5)

    page = signed_in.get("/licence/").text

    for words in (
        "Acme",
        "Professional",
        "Named: every active user",
        "In force, 365 days left",
        "2027-11-21",
    ):
        assert words in page
    assert '<strong id="seats-used">2</strong>' in page
    assert '<strong id="seats-free">3</strong>' in page


@pytest.mark.feature("LIC-07", "LIC-02")
def test_concurrent_seats_are_those_of_agents_at_the_console_now(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, clock: TurnedClock
) -> None:
    install(db, issuer, admin.company_id, seats=5, concurrent=True)
    db.add(
        SignIn(
            user_id=admin.id,
            token_sha256="0" * 64,
            address="::1",
            created=NOW,
            last_seen=NOW,
            ends=NOW + timedelta(hours=1),
            kind=SignInKind.CONSOLE,
            has_seat=True,
        )
    )
    db.commit()

    during = signed_in.get("/licence/").text
    clock.turn(timedelta(hours=1))
    after = signed_in.get("/licence/").text

    assert '<strong id="seats-free">4</strong>' in during
    assert '<strong id="seats-free">5</strong>' in after


@pytest.mark.feature("LIC-03", "LIC-04")
def test_the_page_lists_what_is_contained_what_is_not_and_the_largest_numbers(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User
) -> None:
    install(db, issuer, admin.company_id, caps={"kites.fly.height": 12})

    contained, _, rest = signed_in.get("/licence/").text.partition("At most")

    most, _, missing = rest.partition("What it does not contain")
    assert "<dd>Fly a kite</dd>" in contained
    assert "<dt>Fly a kite · Height</dt><dd>12</dd>" in most
    assert "<dd>Land a kite</dd>" in missing


def test_the_trial_says_that_it_is_one_and_labels_supports(signed_in: Browser, db: Session) -> None:
    licences.start_trial(db, NOW)
    db.commit()

    page = signed_in.get("/licence/").text

    for words in ("Trial", "everything that is installed here", "every support carries a label"):
        assert words in page


@pytest.mark.feature("LIC-08")
def test_an_expired_and_a_withdrawn_licence_are_said_on_every_page(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, clock: TurnedClock
) -> None:
    install(db, issuer, admin.company_id, ends=int((NOW + timedelta(hours=1)).timestamp()))
    vendors.install_revocations(db, revocations(1, "L-1"), [vendor_key()], NOW)
    db.commit()

    withdrawn = signed_in.get("/").text
    clock.turn(timedelta(hours=1))
    expired = signed_in.get("/licence/").text

    assert "The vendor withdrew the licence on 2026-11-21 09:00 UTC." in withdrawn
    assert "The licence ended on 2026-11-21 10:00 UTC." in expired
    assert "Expired: supports cannot be started" in expired


def test_agents_do_not_see_the_page(browser: Browser, agent: User) -> None:
    browser.sign_in("lee")

    assert browser.get("/licence/").status_code == 403
