"""Tests of the company's page."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, Browser
from attrs import evolve
from flask import Flask
from sqlmodel import Session

from deskside_admin.model import Company, LicenceKind, LicenceRow, User
from deskside_admin.service import licences
from deskside_admin.service.mail import NoMailer

PAGE = "/company/"
FORM = {
    "name": "Hanbit",
    "site": "https://hanbit.example",
    "mail": "info@hanbit.example",
    "telephone": "02-123-4567",
    "contact_name": "Park",
    "contact_mail": "park@hanbit.example",
    "contact_telephone": "02-123-4568",
    "password_level": "strong",
    "password_days": "90",
    "keep_months": "6",
    "version": "1",
}


class Post(NoMailer):
    """A mail server that is there."""

    @property
    def is_on(self) -> bool:
        return True


@pytest.mark.feature("COM-01", "COM-04", "COM-05")
def test_data_contact_level_and_lifetime_are_changed(signed_in: Browser) -> None:
    answer = signed_in.post(PAGE, PAGE, **FORM)

    assert answer.status_code == 303
    page = signed_in.get(PAGE).text
    texts = [value for name, value in FORM.items() if not name.startswith(("password", "keep", "version"))]
    assert [value for value in texts if f'value="{value}"' not in page] == []
    assert 'name="password_level" value="strong" checked' in page
    assert '<option value="90" selected>' in page
    assert '<option value="6" selected>' in page


@pytest.mark.feature("COM-06", "COM-07")
@pytest.mark.parametrize(
    ("ticks", "kept"),
    [
        ({}, (False, 0)),
        ({"lock_after_wrong": "yes"}, (True, 0)),
        ({"lock_after_wrong": "yes", "lock_lasts": "yes", "lock_minutes": "45"}, (True, 45)),
        ({"lock_after_wrong": "yes", "lock_minutes": "45"}, (True, 0)),
    ],
)
def test_the_lock_is_off_on_or_on_for_some_minutes(
    signed_in: Browser, db: Session, admin: User, ticks: dict[str, str], kept: tuple[bool, int]
) -> None:
    signed_in.post(PAGE, PAGE, **{**FORM, **ticks})

    company = db.get_one(Company, admin.company_id)
    assert (company.lock_after_wrong, company.lock_minutes) == kept


@pytest.mark.parametrize("minutes", ["", "0", "-5", "x", "1.5", "999999", "٣"])
def test_a_lock_of_no_length_is_said_beside_it(signed_in: Browser, minutes: str) -> None:
    wanted = {"lock_after_wrong": "yes", "lock_lasts": "yes", "lock_minutes": minutes}

    answer = signed_in.post(PAGE, PAGE, **{**FORM, **wanted})

    assert answer.status_code == 422
    assert 'id="lock_minutes-error"' in answer.text
    assert 'name="lock_lasts" value="yes" checked' in answer.text


@pytest.mark.feature("COM-08")
def test_the_second_proof_is_refused_with_the_reason_while_the_server_or_he_has_no_mail(
    signed_in: Browser, panel: Flask, db: Session, admin: User
) -> None:
    no_server = signed_in.post(PAGE, PAGE, **{**FORM, "two_step": "yes"})
    panel.extensions["deskside"] = evolve(panel.extensions["deskside"], mailer=Post())
    no_address = signed_in.post(PAGE, PAGE, **{**FORM, "two_step": "yes"})

    assert (no_server.status_code, no_address.status_code) == (422, 422)
    assert "This server cannot send mail" in no_server.text
    assert "could not get in any more: Kim." in no_address.text
    assert not db.get_one(Company, admin.company_id).two_step


def test_of_two_who_save_the_company_the_second_is_told_and_keeps_what_he_typed(signed_in: Browser) -> None:
    signed_in.post(PAGE, PAGE, **{**FORM, "name": "First"})

    answer = signed_in.post(PAGE, PAGE, **{**FORM, "name": "Second"})

    assert answer.status_code == 422
    assert "Somebody else has saved this page meanwhile" in answer.text
    assert 'value="Second"' in answer.text
    assert 'value="First"' in signed_in.get(PAGE).text


@pytest.mark.feature("COM-14")
def test_the_account_tells_number_kind_seats_state_and_end(
    signed_in: Browser, db: Session, admin: User
) -> None:
    licences.start_trial(db, NOW)
    db.commit()
    trial = signed_in.get(PAGE).text
    row = LicenceRow(
        id="sold", kind=LicenceKind.SOLD, token="x", seats=7, tier="Professional",
        company_id=admin.company_id, starts=NOW - timedelta(days=9), ends=NOW - timedelta(days=1),
        installed=NOW,
    )  # fmt: skip
    db.add(row)
    db.commit()
    sold = signed_in.get(PAGE).text

    assert f"<dd>{admin.company_id}</dd>" in trial
    assert "2026-11-21 09:00 UTC" in trial
    assert "Trial" in trial
    assert "2 at the same time, 0 in use" in trial
    assert "In force" in trial
    assert "2026-12-21 09:00 UTC" in trial
    assert "Licence · Professional" in sold
    assert "7 users, 1 taken" in sold
    assert "In force" not in sold
    assert "2026-11-20 09:00 UTC" in sold


def test_before_history_is_dropped_the_page_says_how_much_goes(signed_in: Browser) -> None:
    assert "The 0 kept so far go too" in signed_in.get(PAGE).text
