"""A viewer's calls about companies, for people who have not signed in yet."""

from base64 import b64encode

from sqlmodel import Session

from deskside_admin.service import company_pages
from deskside_admin.service.company_pages import Face
from deskside_gateway.caller import Caller
from deskside_gateway.given import Given
from deskside_gateway.hub import Fields
from deskside_gateway.refusals import Refused
from deskside_gateway.sign_in_calls import COMPANY

LONGEST_PART = 100


async def company_page(caller: Caller, given: Given) -> Fields:
    """Tell what a company shows on its own sign-in page, null where there is no such page."""
    part = given.text("part", LONGEST_PART)

    def look(db: Session) -> Fields | None:
        found = company_pages.find(db, part)
        return _as_json(found) if found else None

    return {"page": await caller.hub.store.run(look)}


async def login_names(caller: Caller, given: Given) -> Fields:
    """List login names to pick from; a company that lists nobody is answered like one that does not exist.

    Each question counts, whatever it is answered: nobody can tell companies apart by asking often.
    """
    company = given.text("company", 9)
    asked_from = given.text("address", 64, "") if caller.is_hosted else caller.address
    if not caller.hub.names_asked.allows(asked_from):
        raise Refused("refused.names")
    number = int(company) if COMPANY.fullmatch(company) else 0
    return {"names": await caller.hub.store.run(lambda db: company_pages.login_names(db, number))}


CALLS = (company_page, login_names)


def _as_json(face: Face) -> Fields:
    company, logo = face.company, face.logo
    return {
        "part": company.page_part,
        "number": company.id,
        "name": company.name,
        "site": company.site,
        "mail": company.mail,
        "telephone": company.telephone,
        "lists_names": company.lists_names,
        "logo": f"data:{logo.kind};base64,{b64encode(logo.picture).decode()}" if logo else "",
    }
