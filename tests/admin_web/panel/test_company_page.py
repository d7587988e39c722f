"""The form of a company's own sign-in page: what it keeps, and what it says to wrong entries."""

import io
import re
from typing import Any

import pytest
from admin_web.kit import Browser
from PIL import Image
from sqlmodel import Session
from werkzeug.test import TestResponse

from deskside_admin.model import Company, User
from deskside_admin.service import company_pages

PAGE = "/company/"
FORM = {"name": "Hanbit", "password_level": "medium", "password_days": "0", "keep_months": "12"}


def send_logo(browser: Browser, content: bytes, name: str = "logo.png") -> TestResponse:
    """Send a file as the page's form does."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(PAGE).text)
    assert token is not None
    sent: dict[str, Any] = {"csrf_token": token[1], "logo": (io.BytesIO(content), name)}
    answer = browser.client.post(f"{PAGE}logo", data=sent, base_url=browser.mount)
    # The test's own client leaves a large form open.
    answer.request.environ["wsgi.input"].close()
    return answer


def picture(kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), (30, 30, 200)).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.feature("COM-09", "COM-10")
def test_the_page_is_switched_on_with_its_address_part_and_off_again(
    signed_in: Browser, db: Session, admin: User
) -> None:
    on = signed_in.post(PAGE, PAGE, **FORM, version="1", own_page="yes", page_part="Hanbit.Help_1-a")
    shown = signed_in.get(PAGE).text
    found = company_pages.find(db, "hanbit.help_1-a")
    db.commit()
    signed_in.post(PAGE, PAGE, **FORM, version="2", page_part="hanbit.help_1-a")

    assert on.status_code == 303
    assert "<code>/agents/hanbit.help_1-a</code>" in shown
    assert found is not None
    assert found.company.id == admin.company_id
    assert 'value="hanbit.help_1-a"' in signed_in.get(PAGE).text
    assert company_pages.find(db, "hanbit.help_1-a") is None


@pytest.mark.feature("COM-10")
@pytest.mark.parametrize("part", ["a/b", "한빛", "x" * 51, "..", ""])
def test_a_wrong_part_is_said_beside_it_and_nothing_is_kept(
    signed_in: Browser, db: Session, admin: User, part: str
) -> None:
    answer = signed_in.post(
        PAGE, PAGE, **{**FORM, "name": "Other"}, version="1", own_page="yes", page_part=part
    )

    assert answer.status_code == 422
    assert 'id="page_part-error"' in answer.text
    company = db.get_one(Company, admin.company_id)
    assert (company.name, company.own_page, company.page_part, company.version) == ("Hanbit", False, None, 1)


def test_a_part_that_another_company_has_is_refused(
    signed_in: Browser, db: Session, admin: User, stranger: User
) -> None:
    db.get_one(Company, stranger.company_id).page_part = "taken"
    db.commit()

    answer = signed_in.post(PAGE, PAGE, **FORM, version="1", own_page="yes", page_part="Taken")

    assert answer.status_code == 422
    assert "Another company on this server uses this address part." in answer.text


@pytest.mark.feature("COM-11")
@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("JPEG", "a.jpeg"), ("PNG", "a.png"), ("GIF", "a.gif")]
)
def test_a_logo_of_each_kind_is_kept_shown_and_taken_away(signed_in: Browser, kind: str, name: str) -> None:
    answer = send_logo(signed_in, picture(kind), name)

    shown = signed_in.get(f"{PAGE}logo")
    assert answer.status_code == 303
    assert shown.mimetype in {"image/jpeg", "image/png"}
    assert Image.open(io.BytesIO(shown.data)).size == (60, 40)
    assert 'alt="Logo of Hanbit"' in signed_in.get(PAGE).text
    signed_in.post(f"{PAGE}logo/remove", PAGE)
    assert signed_in.get(f"{PAGE}logo").status_code == 404


@pytest.mark.feature("COM-11")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (picture("BMP"), "This file shows no picture that can be read."),
        (b"<svg/>", "This file shows no picture that can be read."),
        (b"x" * (500 * 1024 + 1), "The file is too large. At most 500 KB."),
    ],
    ids=["bmp", "svg", "large"],
)
def test_a_file_that_is_no_logo_is_refused_beside_the_entry_and_the_page_stays_as_it_is(
    signed_in: Browser, content: bytes, said: str
) -> None:
    signed_in.post(PAGE, PAGE, **FORM, version="1", own_page="yes", page_part="hanbit", lists_names="yes")
    send_logo(signed_in, picture())

    answer = send_logo(signed_in, content)

    assert answer.status_code == 422
    assert f'id="logo-error">{said}' in answer.text
    for tick in ("own_page", "lists_names"):
        assert f'name="{tick}" value="yes" checked' in answer.text
    assert signed_in.get(f"{PAGE}logo").status_code == 200


def test_a_refused_photo_does_not_untick_a_users_consent_to_mails(
    signed_in: Browser, db: Session, agent: User
) -> None:
    agent.wants_mail = True
    db.add(agent)
    db.commit()

    answer = signed_in.post(f"/users/{agent.id}/photo", f"/users/{agent.id}")

    assert answer.status_code == 422
    assert 'name="wants_mail" value="yes" checked' in answer.text
