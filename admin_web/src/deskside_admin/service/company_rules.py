"""What a company's administrators decide about it: its data, passwords, the second proof, history."""

import re

from attrs import evolve, frozen
from sqlalchemy import func
from sqlmodel import Session, select

from deskside_admin.model import Company, PasswordLevel, SessionState, SupportSession
from deskside_admin.service import company_pages, second_step, versions
from deskside_admin.service.entries import bad_line, bad_mail, bad_name, bad_telephone, tidy
from deskside_admin.service.outcome import Problem, Refused, gathered

SITE = re.compile(r"https?://[^\s<>\"'\\]+")
SITE_LENGTH = 200
LIFETIMES = (0, 30, 60, 90)
MONTHS = (6, 12)
LOCK_MINUTES = 30
LONGEST_LOCK_MINUTES = 7 * 24 * 60
LINES = ("name", "site", "mail", "telephone", "contact_name", "contact_mail", "contact_telephone")


@frozen(kw_only=True)
class Rules:
    """Everything on a company's page."""

    name: str
    site: str = ""
    mail: str = ""
    telephone: str = ""
    contact_name: str = ""
    contact_mail: str = ""
    contact_telephone: str = ""
    password_level: str = PasswordLevel.MEDIUM
    password_days: int = 0
    lock_after_wrong: bool = False
    lock_minutes: int = 0
    """0 is until an administrator lets the user in."""
    two_step: bool = False
    keep_history: bool = True
    keep_months: int = 12
    own_page: bool = False
    page_part: str | None = None
    lists_names: bool = False

    def tidied(self) -> "Rules":
        """Return the same in the form that is stored."""
        return evolve(
            self,
            name=tidy(self.name),
            site=tidy(self.site),
            mail=tidy(self.mail),
            telephone=tidy(self.telephone),
            contact_name=tidy(self.contact_name),
            contact_mail=tidy(self.contact_mail),
            contact_telephone=tidy(self.contact_telephone),
            page_part=company_pages.tidy_part(self.page_part or "") or None,
        )


FIELDS = (
    *LINES,
    "password_level",
    "password_days",
    "lock_after_wrong",
    "lock_minutes",
    "two_step",
    "keep_history",
    "keep_months",
    "own_page",
    "page_part",
    "lists_names",
)


def change(db: Session, company: Company, rules: Rules, version: int, *, has_mail: bool) -> Refused | None:
    """Keep a company's page; `has_mail` tells whether this server can send codes by mail."""
    rules = rules.tidied()
    problems = [*_bad_data(rules), *_bad_choices(rules)]
    problems.append(company_pages.bad_part(db, company, rules.page_part, needed=rules.own_page))
    if rules.two_step and not company.two_step:
        no = second_step.may_be_required(db, company, mail_is_on=has_mail)
        problems += no.problems if no else ()
    if no := gathered(problems) or versions.claim(db, company, version):
        return no
    for name in FIELDS:
        setattr(company, name, getattr(rules, name))
    db.flush()
    return None


def ended_supports(db: Session, company_id: int) -> int:
    """Return how many supports would go if the company no longer kept its history."""
    wanted = select(func.count()).select_from(SupportSession)
    return db.exec(
        wanted.where(SupportSession.company_id == company_id, SupportSession.state == SessionState.ENDED)
    ).one()


def _bad_data(rules: Rules) -> list[Problem | None]:
    good_site = not rules.site or SITE.fullmatch(rules.site)
    return [
        bad_name(rules.name, "name"),
        bad_line(rules.site, "site", SITE_LENGTH) if good_site else Problem("entry.site", "site"),
        bad_mail(rules.mail, "mail"),
        bad_telephone(rules.telephone, "telephone"),
        bad_name(rules.contact_name, "contact_name", optional=True),
        bad_mail(rules.contact_mail, "contact_mail"),
        bad_telephone(rules.contact_telephone, "contact_telephone"),
    ]


def _bad_choices(rules: Rules) -> list[Problem | None]:
    good = {
        "password_level": rules.password_level in set(PasswordLevel),
        "password_days": rules.password_days in LIFETIMES,
        "keep_months": rules.keep_months in MONTHS,
    }
    found: list[Problem | None] = [
        Problem("entry.choose", name) for name, is_good in good.items() if not is_good
    ]
    if not 0 <= rules.lock_minutes <= LONGEST_LOCK_MINUTES:
        found.append(Problem("entry.lock_minutes", "lock_minutes", {"most": LONGEST_LOCK_MINUTES}))
    return found
