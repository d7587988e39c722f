"""Tests of the second step, the code generator's page and the way back in."""

import re
import ssl
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from admin_web.kit import PASSWORD, Browser, TurnedClock
from attrs import define, evolve, field
from certificates import Authority
from flask import Flask
from post_office import post_office
from sqlmodel import Session

from deskside_admin.model import Company, User
from deskside_admin.panel.context import Panel
from deskside_admin.service import let_in
from deskside_admin.service.mail import Letter, SmtpMailer, Tls
from deskside_admin.service.outcome import Refused, refused
from deskside_admin.service.second_step import LASTS

ON, OFF = "/account/second-step", "/account/second-step/off"


@define
class Bag:
    """Keeps letters instead of sending them."""

    letters: list[Letter] = field(factory=list)
    no: Refused | None = None
    is_on: bool = True

    def send(self, letter: Letter) -> Refused | None:
        if self.no is None:
            self.letters.append(letter)
        return self.no

    @property
    def code(self) -> str:
        found = re.search(r"\b[0-9]{6}\b", self.letters[-1].text)
        assert found is not None
        return found[0]


@pytest.fixture
def bag(panel: Flask) -> Bag:
    """The panel's mailer."""
    bag, made = Bag(), panel.extensions["deskside"]
    panel.extensions["deskside"] = with_mailer(made, bag)
    return bag


def with_mailer(made: Panel, mailer: object) -> Panel:
    return evolve(made, mailer=mailer)  # type: ignore[arg-type]


@pytest.fixture
def careful(db: Session, admin: User) -> User:
    """The administrator, with an address, of a company that asks for a second proof."""
    db.get_one(Company, admin.company_id).two_step = True
    admin.mail = "kim@hanbit.example"
    db.commit()
    return admin


@pytest.mark.feature("ACC-14")
def test_after_the_password_a_code_from_the_stored_mailbox_is_asked(
    browser: Browser, careful: User, bag: Bag
) -> None:
    answer = browser.sign_in("kim")
    assert answer.location == "/sign-in/second"
    assert browser.get("/").location == "/sign-in"
    browser.sign_in("kim")
    page = browser.get("/sign-in/second").text
    assert "k•••@hanbit.example" in page
    assert "kim@hanbit" not in page

    answer = browser.post("/sign-in/second", "/sign-in/second", code=bag.code)

    assert answer.location == "/"
    assert browser.get("/").status_code == 200
    assert bag.letters[-1].to == "kim@hanbit.example"
    assert "127.0.0.1" in bag.letters[-1].text


def test_a_real_letter_through_a_real_mail_server_lets_the_administrator_in(
    panel: Flask, browser: Browser, careful: User, tmp_path: Path
) -> None:
    authority = Authority.make(tmp_path / "authority")
    pair = authority.pair("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with post_office(tls=context) as office:
        trust = ssl.create_default_context(cafile=str(authority.file))
        mailer = SmtpMailer(
            host="127.0.0.1", port=office.port, sender="help@hanbit.example", tls=Tls.STARTTLS, trust=trust
        )
        panel.extensions["deskside"] = with_mailer(panel.extensions["deskside"], mailer)
        browser.sign_in("kim")
        letter = office.letter()
        found = re.search(r"\b[0-9]{6}\b", letter.get_content())
        assert found is not None

        answer = browser.post("/sign-in/second", "/sign-in/second", code=found[0])

    assert letter["To"] == "kim@hanbit.example"
    assert answer.location == "/"


def test_one_gets_where_one_wanted_to_be_by_way_of_the_second_step(
    browser: Browser, careful: User, bag: Bag
) -> None:
    second = browser.post("/sign-in?next=/users/", login_name="kim", password=PASSWORD).location

    assert browser.post(second, second, code=bag.code).location == "/users/"


def test_wrong_codes_are_counted_and_the_fifth_leads_back_to_the_beginning(
    browser: Browser, careful: User, bag: Bag
) -> None:
    browser.sign_in("kim")
    wrong = f"{(int(bag.code) + 1) % 10**6:06d}"

    pages = [browser.post("/sign-in/second", "/sign-in/second", code=wrong) for _ in range(5)]

    assert [page.status_code for page in pages] == [422] * 5
    assert "Attempts left: 4" in pages[0].text
    assert 'name="password"' in pages[4].text
    assert "Five wrong codes" in pages[4].text
    assert browser.get("/sign-in/second").location == "/sign-in"


def test_an_expired_second_step_says_so(
    browser: Browser, careful: User, bag: Bag, clock: TurnedClock
) -> None:
    browser.sign_in("kim")
    shown = browser.get("/sign-in/second")
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token is not None
    clock.turn(LASTS)

    answer = browser.client.post("/sign-in/second", data={"code": bag.code, "csrf_token": token[1]})

    assert answer.status_code == 422
    assert "This step has expired." in answer.text


def test_another_code_can_be_sent_and_the_first_is_worth_nothing(
    browser: Browser, careful: User, bag: Bag
) -> None:
    browser.sign_in("kim")
    first = bag.code

    browser.post("/sign-in/second/again", "/sign-in/second")

    assert len(bag.letters) == 2
    assert "Another code is on its way." in browser.get("/sign-in/second").text
    if first != bag.code:
        assert browser.post("/sign-in/second", "/sign-in/second", code=first).status_code == 422
    assert browser.post("/sign-in/second", "/sign-in/second", code=bag.code).location == "/"


def test_two_browsers_have_second_steps_of_their_own(
    panel: Flask, browser: Browser, careful: User, bag: Bag
) -> None:
    other = Browser(panel.test_client())
    browser.sign_in("kim")
    first = bag.code
    other.sign_in("kim")

    assert browser.post("/sign-in/second", "/sign-in/second", code=first).location == "/"
    assert other.post("/sign-in/second", "/sign-in/second", code=bag.code).location == "/"


@pytest.mark.parametrize("no", ["mail.failed", "mail.address_refused"])
def test_a_mail_server_that_fails_is_a_sentence_at_the_sign_in(
    browser: Browser, careful: User, bag: Bag, no: str
) -> None:
    bag.no = refused(no)

    answer = browser.sign_in("kim")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert browser.get("/sign-in/second").location == "/sign-in"


def test_without_mail_or_address_the_reason_is_said_and_the_servers_link_still_lets_in(
    browser: Browser, careful: User, db: Session, clock: TurnedClock
) -> None:
    off = browser.sign_in("kim")
    token = let_in.make_link(db, None, "kim", clock())
    db.commit()
    page = f"/let-in/{token}"
    shown = browser.get(page).text
    answer = browser.post(page, page, password="Another-horse-8", repeated="Another-horse-8")

    assert "this server sends no mail at present" in off.text
    assert "8 to 24 characters" in shown
    assert answer.location == "/"
    assert browser.get("/").status_code == 200
    assert browser.get(page).status_code == 404


def enrol(browser: Browser, clock: TurnedClock) -> tuple[pyotp.TOTP, str]:
    """Go through the pages as a person does; return his generator and the page with recovery codes."""
    page = browser.post("/account/second-step/begin", ON, password=PASSWORD).text
    secret = re.search(r"secret=([A-Z2-7]{32})", page)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert secret is not None
    assert sealed is not None
    assert csrf is not None
    assert "<svg" in page
    assert "style=" not in page
    generator = pyotp.TOTP(secret[1])
    data = {"sealed": sealed[1], "code": generator.at(clock()), "csrf_token": csrf[1]}
    return generator, browser.client.post("/account/second-step/on", data=data).text


def test_a_person_enrols_a_code_generator_is_asked_for_it_and_ends_that_again(
    panel: Flask, signed_in: Browser, clock: TurnedClock
) -> None:
    generator, recovery = enrol(signed_in, clock)
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", recovery)
    assert len(codes) == 10
    clock.turn(timedelta(minutes=1))

    other = Browser(panel.test_client())
    assert other.sign_in("kim").location == "/sign-in/second"
    assert "code generator" in other.get("/sign-in/second").text
    assert other.post("/sign-in/second", "/sign-in/second", code=generator.at(clock())).location == "/"
    lost = Browser(panel.test_client())
    lost.sign_in("kim")
    assert lost.post("/sign-in/second", "/sign-in/second", code=codes[0].upper()).location == "/"

    assert "Recovery codes left: 9" in other.get(ON).text
    assert other.post(OFF, ON, password="wrong").status_code == 422
    assert other.post(OFF, ON, password=PASSWORD).location == ON
    assert Browser(panel.test_client()).sign_in("kim").location == "/"


def test_nobody_changes_the_second_proof_without_the_password(signed_in: Browser) -> None:
    answer = signed_in.post("/account/second-step/begin", ON, password="wrong password")

    assert answer.status_code == 422
    assert "secret=" not in answer.text
    assert 'id="password-error"' in answer.text


def test_the_secret_on_the_page_is_sealed_for_this_sign_in(
    panel: Flask, signed_in: Browser, agent: User, clock: TurnedClock
) -> None:
    page = signed_in.post("/account/second-step/begin", ON, password=PASSWORD).text
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    secret = re.search(r"secret=([A-Z2-7]{32})", page)
    assert sealed is not None
    assert secret is not None
    thief = Browser(panel.test_client())
    thief.sign_in("lee")

    code = pyotp.TOTP(secret[1]).at(clock())
    answer = thief.post("/account/second-step/on", ON, sealed=sealed[1], code=code)

    assert answer.location == ON
    assert "Recovery codes left" not in thief.get(ON).text
