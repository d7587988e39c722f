"""A company's own sign-in page for its agents: address part, logo, and login names to pick from."""

import re

from attrs import frozen
from sqlmodel import Session, col, select

from deskside_admin.model import Company, CompanyLogo, User, UserRole
from deskside_admin.service import photos
from deskside_admin.service.entries import tidy
from deskside_admin.service.outcome import Problem, Refused

PART_LENGTH = 50
# Of dots alone a browser makes another address.
PART = re.compile(r"(?=.*[a-z0-9])[a-z0-9._-]+")
LARGEST_LOGO = (320, 120)
"""In pixels; it travels to viewers within one message."""
MOST_NAMES = 500


@frozen
class Face:
    """What a company shows on its page."""

    company: Company
    logo: CompanyLogo | None


def tidy_part(entry: str) -> str:
    """Return an address part as it is stored and looked up: large and small letters are the same."""
    return tidy(entry).lower()


def bad_part(db: Session, company: Company, part: str | None, *, needed: bool) -> Problem | None:
    """Say what is wrong with a tidied address part, if anything."""
    if not part:
        return Problem("entry.empty", "page_part") if needed else None
    if len(part) > PART_LENGTH or not PART.fullmatch(part):
        return Problem("entry.page_part", "page_part", {"most": PART_LENGTH})
    others = select(Company.id).where(Company.page_part == part, Company.id != company.id)
    return Problem("company.page_taken", "page_part") if db.exec(others).first() is not None else None


def find(db: Session, part: str) -> Face | None:
    """Return the page under an address part, if a company shows one there."""
    found = db.exec(select(Company).where(Company.page_part == tidy_part(part), Company.own_page)).first()
    return Face(found, logo(db, found)) if found is not None else None


def login_names(db: Session, company_id: int) -> list[str]:
    """Return who may be picked at a company's sign-in: nobody if it lists nobody, or is not there."""
    wanted = (
        select(User.login_name)
        .join(Company, col(Company.id) == col(User.company_id))
        .where(Company.id == company_id, col(Company.lists_names), User.active)
        .where(User.role != UserRole.SYSTEM)
        .order_by(User.login_name)
        .limit(MOST_NAMES)
    )
    return list(db.exec(wanted))


def keep_logo(db: Session, company: Company, raw: bytes) -> Refused | None:
    """Keep a logo of a company in place of an earlier one."""
    drawn = photos.checked(raw, "logo", LARGEST_LOGO)
    if isinstance(drawn, Refused):
        return drawn
    db.merge(CompanyLogo(company_id=company.id, kind=drawn[0], picture=drawn[1]))
    db.flush()
    return None


def logo(db: Session, company: Company) -> CompanyLogo | None:
    """Return a company's logo."""
    return db.get(CompanyLogo, company.id)


def remove_logo(db: Session, company: Company) -> None:
    """Take a company's logo away."""
    if found := logo(db, company):
        db.delete(found)
        db.flush()
