"""Tests of a company's own page: its address part, its logo, and login names to pick from."""

import io

import pytest
from admin_web.kit import NOW, make_user
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlmodel import Session

from deskside_admin.model import Company, User
from deskside_admin.service import company_pages, company_rules
from deskside_admin.service.company_pages import PART, tidy_part
from deskside_admin.service.company_rules import Rules
from deskside_admin.service.outcome import Refused

RULES = Rules(name="Hanbit", own_page=True, page_part="hanbit")


@pytest.fixture
def company(db: Session, admin: User) -> Company:
    return db.get_one(Company, admin.company_id)


def save(db: Session, company: Company, rules: Rules) -> list[str]:
    no = company_rules.change(db, company, rules, company.version, has_mail=True)
    return [f"{one.entry}: {one.reason}" for one in no.problems] if no else []


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 200).convert(mode).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.feature("COM-09", "COM-10")
@pytest.mark.parametrize("part", ["hanbit", "7", "a.b_c-d", "HanBit", "x" * 50, " hanbit "])
def test_a_page_is_found_under_its_part_in_large_or_small_letters(
    db: Session, company: Company, part: str
) -> None:
    assert save(db, company, evolve(RULES, page_part=part)) == []

    for asked in (part.strip(), part.strip().upper(), part.strip().lower()):
        found = company_pages.find(db, asked)
        assert found is not None
        assert found.company.id == company.id


@pytest.mark.feature("COM-10")
@pytest.mark.parametrize(
    "part", ["x" * 51, "a/b", "a b", "한빛", "é", "a%", "..", ".", "-_-", "a\n", "<b>", "a?x", "a#", "a\0"]
)
def test_any_other_part_is_refused_beside_its_entry(db: Session, company: Company, part: str) -> None:
    part = part if part != "a\n" else "a\nb"

    assert save(db, company, evolve(RULES, page_part=part)) == ["page_part: entry.page_part"]
    assert company.page_part is None


@given(st.text(min_size=1, max_size=60))
def test_no_part_that_is_taken_needs_anything_escaped_in_an_address(text: str) -> None:
    if PART.fullmatch(tidy_part(text)):
        assert set(tidy_part(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
        assert set(tidy_part(text)) - set("._-")


def test_a_page_that_is_on_needs_a_part(db: Session, company: Company) -> None:
    assert save(db, company, evolve(RULES, page_part=" ")) == ["page_part: entry.empty"]


@pytest.mark.feature("COM-09")
def test_a_page_that_is_off_is_not_found_and_keeps_its_part(
    db: Session, company: Company, stranger: User
) -> None:
    save(db, company, RULES)
    save(db, company, evolve(RULES, own_page=False))
    other = db.get_one(Company, stranger.company_id)

    assert company_pages.find(db, "hanbit") is None
    assert company.page_part == "hanbit"
    assert save(db, other, Rules(name="Else", own_page=True, page_part="HANBIT")) == [
        "page_part: company.page_taken"
    ]


@pytest.mark.feature("COM-11")
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_large_logo_is_made_small_enough_to_travel_in_one_message(
    db: Session, company: Company, mode: str
) -> None:
    size = (400, 300) if mode == "RGBA" else (500, 400)

    assert company_pages.keep_logo(db, company, picture(size, mode)) is None

    kept = company_pages.logo(db, company)
    assert kept is not None
    shown = Image.open(io.BytesIO(kept.picture))
    assert shown.size[1] == company_pages.LARGEST_LOGO[1]
    assert len(kept.picture) < 160 * 1024


@pytest.mark.feature("COM-11")
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "entry.empty"),
        (b"x" * (500 * 1024 + 1), "entry.photo_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "entry.photo"),
        (picture(kind="BMP"), "entry.photo"),
        (picture(kind="WEBP"), "entry.photo"),
    ],
    ids=["nothing", "large", "svg", "bmp", "webp"],
)
def test_what_is_no_logo_is_refused_and_the_earlier_one_stays(
    db: Session, company: Company, raw: bytes, reason: str
) -> None:
    company_pages.keep_logo(db, company, picture())

    no = company_pages.keep_logo(db, company, raw)

    assert isinstance(no, Refused)
    assert (no.problems[0].entry, no.reason) == ("logo", reason)
    assert company_pages.logo(db, company) is not None


@pytest.mark.feature("ACC-02")
def test_login_names_are_those_who_may_come_in_and_only_where_the_company_lists_them(
    db: Session, company: Company, agent: User
) -> None:
    make_user(db, company.id, agent.group_id, "boss", role="system")
    gone = make_user(db, company.id, agent.group_id, "gone")
    gone.active = False
    db.commit()
    before = company_pages.login_names(db, company.id)

    save(db, company, evolve(RULES, own_page=False, lists_names=True))

    assert before == company_pages.login_names(db, 999) == []
    assert company_pages.login_names(db, company.id) == ["kim", "lee"]


def test_a_new_company_lists_nobody(db: Session) -> None:
    company = Company(name="New", created=NOW)
    db.add(company)
    db.flush()

    assert (company.lists_names, company.own_page, company.page_part) == (False, False, None)
