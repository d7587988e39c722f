"""The pages of whoever runs the server: companies, licences, vendors."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, Browser, make_user
from admin_web.licensing import VENDOR, install, licence, revocations, vendor_key
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from deskside.licence import new_key, public, sign
from deskside_admin.model import Company, LicenceRow, User
from deskside_admin.service import licences, sessions, vendors
from deskside_admin.service.entitling import Issuer

PAGES = ("/server/", "/server/licences", "/server/vendors")
InForce = Callable[[], LicenceRow]
Companies = Callable[[], dict[str, int]]
ENTRIES = {"name": "Han", "login_name": "han", "password": PASSWORD, "repeated": PASSWORD}


@pytest.fixture
def elsewhere(panel: Flask) -> Browser:
    """Another person's browser."""
    return Browser(panel.test_client())


@pytest.fixture
def in_force(engine: Engine, admin: User) -> InForce:
    """Return a function that looks which licence Hanbit has now."""

    def look() -> LicenceRow:
        with Session(engine, expire_on_commit=False) as db:
            row = licences.in_force(db, admin.company_id)
            assert row is not None
            return row

    return look


@pytest.fixture
def companies(engine: Engine) -> Companies:
    """Return a function that looks which companies there are, and their numbers."""

    def look() -> dict[str, int]:
        with Session(engine) as db:
            return {one.name: one.id for one in db.exec(select(Company))}

    return look


def put(browser: Browser, company_id: int, token: str, **more: str) -> str:
    page = f"/server/companies/{company_id}"
    answer = browser.post(f"{page}/licence", page, token=token, **more)
    return answer.text if answer.status_code != 303 else "installed"


def test_only_the_operator_sees_them(browser: Browser, db: Session, admin: User, stranger: User) -> None:
    other = make_user(db, admin.company_id, admin.group_id, "park", role="admin")
    pages = (*PAGES, f"/server/companies/{stranger.company_id}")

    browser.sign_in(other.login_name, company=str(other.company_id))
    found = [browser.get(path).status_code for path in pages]

    assert found == [403] * len(pages)


def test_companies_are_listed_with_what_they_use(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, stranger: User
) -> None:
    install(db, issuer, admin.company_id, seats=5)
    for number, days in enumerate((1, 29, 31)):
        row = sessions.begin(db, admin, f"{number}" * 22, "pc", NOW)
        row.began = NOW - timedelta(days=days)
    db.commit()

    page = signed_in.get("/server/").text

    row = page[page.index(">Hanbit<") : page.index(">Elsewhere<")]
    cells = re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", row)
    assert cells[1:6] == [str(admin.company_id), "Standard", "1 / 5", "1", "2"]
    assert "Elsewhere" in signed_in.get("/server/?q=else").text
    assert ">Hanbit</a>" not in signed_in.get("/server/?q=else").text


def test_a_further_company_begins_with_a_link_for_its_first_administrator(
    signed_in: Browser,
    elsewhere: Browser,
    db: Session,
    admin: User,
    companies: Companies,
    engine: Engine,
) -> None:
    page = signed_in.post("/server/companies", "/server/", name="Nuri").text
    found = re.search(r'<output id="link">http://localhost(/setup/[^<]+)<', page)
    assert found is not None

    answer = elsewhere.post(found[1], found[1], **ENTRIES)

    assert answer.status_code == 303
    number = companies()["Nuri"]
    with Session(engine) as db:
        user = db.exec(select(User).where(User.login_name == "han")).one()
        assert (user.company_id, user.role, user.operator) == (number, "admin", False)
    assert elsewhere.get("/server/").status_code == 403
    assert elsewhere.get(found[1]).status_code == 404
    again = signed_in.post(f"/server/companies/{number}/link", f"/server/companies/{number}")
    assert again.status_code == 422
    assert "This company has an administrator already." in again.text


def test_a_new_link_ends_the_one_before(signed_in: Browser, elsewhere: Browser, companies: Companies) -> None:
    first = signed_in.post("/server/companies", "/server/", name="Nuri").text
    page = f"/server/companies/{companies()['Nuri']}"
    second = signed_in.post(f"{page}/link", page).text

    links = [re.findall(r"http://localhost(/setup/[^<]+)<", one)[0] for one in (first, second)]
    assert [elsewhere.get(one).status_code for one in links] == [404, 200]


def test_a_company_without_a_name_is_not_added(signed_in: Browser, companies: Companies) -> None:
    answer = signed_in.post("/server/companies", "/server/", name="  ")

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert list(companies()) == ["Hanbit"]


@pytest.mark.feature("LIC-03")
def test_a_licence_is_installed_by_pasting_it_or_as_a_file(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, in_force: InForce
) -> None:
    pasted = put(signed_in, admin.company_id, sign(licence(issuer), VENDOR))
    first = in_force().tier
    page = f"/server/companies/{admin.company_id}"
    token = sign(licence(issuer, id="L-2", tier="Professional", seats=9), VENDOR)
    found = re.search(r'name="csrf_token" value="([^"]+)"', signed_in.get(page).text)
    assert found is not None
    data = {"file": (io.BytesIO(token.encode() + b"\r\n"), "x.licence"), "csrf_token": found[1], "token": ""}
    sent = signed_in.client.post(f"{page}/licence", data=data, base_url=signed_in.mount)

    assert (pasted, first, sent.status_code) == ("installed", "Standard", 303)
    assert in_force().tier == "Professional"
    shown = signed_in.get(page).text
    assert "Replaced on 2026-11-21 09:00 UTC" in shown
    assert issuer.public_key in shown


def test_a_smaller_licence_asks_before_it_replaces_the_present_one(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, in_force: InForce
) -> None:
    install(db, issuer, admin.company_id, features=("kites.fly", "kites.land"), seats=5)
    token = sign(licence(issuer, id="L-2", seats=3), VENDOR)

    asked = put(signed_in, admin.company_id, token)
    before = in_force().id
    installed = put(signed_in, admin.company_id, token, confirmed="yes")

    assert "Replace the licence?" in asked
    assert "Seats that go: 2" in asked
    assert "Features that go: Land a kite" in asked
    assert (before, installed, in_force().id) == ("L-1", "installed", "L-2")


def test_what_is_no_licence_for_this_server_is_said_beside_the_entry_and_nothing_changes(
    signed_in: Browser,
    db: Session,
    issuer: Issuer,
    admin: User,
    stranger: User,
    in_force: InForce,
) -> None:
    install(db, issuer, admin.company_id)
    good = licence(issuer, id="L-2")
    bad = {
        "nonsense": "is not signed by a vendor",
        sign(good, new_key()): "is not signed by a vendor",
        sign(licence(issuer, gateway_key="0" * 64), VENDOR): "is for another server",
        sign(licence(issuer, ends=int(NOW.timestamp())), VENDOR): "has ended already",
    }

    for token, words in bad.items():
        page = put(signed_in, admin.company_id, token)
        assert 'id="token-error"' in page
        assert words in page
    other = put(signed_in, stranger.company_id, sign(licence(issuer), VENDOR))
    assert "is another company&#39;s on this server" in other
    assert in_force().id == "L-1"


def test_a_list_of_withdrawn_licences_is_taken_and_never_backwards(
    signed_in: Browser, db: Session, issuer: Issuer, admin: User, in_force: InForce
) -> None:
    install(db, issuer, admin.company_id)

    taken = signed_in.post("/server/withdrawn", "/server/licences", token=revocations(2, "L-1"))
    older = signed_in.post("/server/withdrawn", "/server/licences", token=revocations(1))

    assert taken.status_code == 303
    assert older.status_code == 422
    assert "This list (number 1) is not newer than the one in force (number 2)." in older.text
    assert in_force().revoked == NOW
    assert "Withdrawn on 2026-11-21 09:00 UTC" in signed_in.get("/server/licences").text


def test_a_vendor_is_trusted_by_typing_his_key_and_until_he_is_removed(
    signed_in: Browser, db: Session, issuer: Issuer, engine: Engine
) -> None:
    other = public(new_key())
    signed_in.post("/server/vendors", "/server/vendors", name="Other", public_key=other)
    during = _keys(engine)
    page = signed_in.get("/server/vendors").text

    signed_in.post(f"/server/vendors/{other}/remove", "/server/vendors")
    signed_in.post(f"/server/vendors/{vendor_key()}/remove", "/server/vendors")

    assert during == (vendor_key(), other)
    assert page.count("From the server&#39;s settings") == 1
    assert _keys(engine) == (vendor_key(),)


def test_a_key_that_is_none_is_said_beside_its_entry(signed_in: Browser, db: Session) -> None:
    answer = signed_in.post("/server/vendors", "/server/vendors", name="Other", public_key="12")

    assert answer.status_code == 422
    assert 'id="public_key-error"' in answer.text
    assert 'value="Other"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_names_never_become_markup(signed_in: Browser, db: Session, issuer: Issuer, path: str) -> None:
    canary = "<b>x"
    company = Company(name=canary, created=NOW)
    db.add(company)
    db.commit()
    install(db, issuer, company.id, tier=canary, vendor=canary)
    vendors.add(db, "ab" * 32, canary, NOW)
    db.commit()

    assert canary not in signed_in.get(path).text
    assert canary not in signed_in.get(f"/server/companies/{company.id}").text


def _keys(engine: Engine) -> tuple[str, ...]:
    with Session(engine) as db:
        return vendors.keys(db, [vendor_key()])
