"""What is entered about a user: how it is tidied and checked, and how his name is made of its parts."""

import re

from attrs import evolve, frozen
from sqlmodel import Session, select

from deskside_admin.model import Company, User, UserRole
from deskside_admin.service import groups, ranks
from deskside_admin.service.entries import bad_line, bad_mail, bad_name, bad_telephone, tidy
from deskside_admin.service.outcome import Problem

PART_LENGTH = 40
LARGEST_ICON = 9999
# Hangul, Han and Kana: written family name first, without a space.
EAST_ASIAN = re.compile(r"[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u1100-\u11ff\uac00-\ud7a3]+")


@frozen(kw_only=True)
class Details:
    """What an administrator enters about a user."""

    name: str = ""
    """The whole name, where nobody has said which part is which."""
    family_name: str = ""
    given_name: str = ""
    reading: str = ""
    chat_name: str = ""
    role: str
    group_id: int
    telephone: str = ""
    mobile: str = ""
    mail: str = ""
    wants_mail: bool = False
    icon: int = 0
    nickname: str = ""
    position: str = ""

    def tidied(self) -> "Details":
        """Return the same in the form that is stored, with the whole name made of its parts."""
        family_name, given_name = tidy(self.family_name), tidy(self.given_name)
        return evolve(
            self,
            name=whole_name(family_name, given_name) or tidy(self.name),
            family_name=family_name,
            given_name=given_name,
            reading=tidy(self.reading),
            chat_name=tidy(self.chat_name),
            telephone=tidy(self.telephone),
            mobile=tidy(self.mobile),
            mail=tidy(self.mail),
            nickname=tidy(self.nickname),
            position=tidy(self.position),
        )


def whole_name(family_name: str, given_name: str) -> str:
    """Return a name as its bearer's language writes it. Pure."""
    if EAST_ASIAN.fullmatch(family_name) and EAST_ASIAN.fullmatch(given_name):
        return family_name + given_name
    return f"{given_name} {family_name}".strip()


def problems(db: Session, user: User, details: Details, by: User | None) -> list[Problem | None]:
    """Return what is wrong with tidied details of a user, who may be a new one, when `by` enters them."""
    return [
        bad_line(details.family_name, "family_name", PART_LENGTH),
        bad_line(details.given_name, "given_name", PART_LENGTH),
        bad_name(details.name, "given_name"),
        *(
            bad_name(getattr(details, entry), entry, optional=True)
            for entry in ("reading", "chat_name", "nickname", "position")
        ),
        bad_telephone(details.telephone, "telephone"),
        bad_telephone(details.mobile, "mobile"),
        bad_mail(details.mail, "mail") or needed_mail(db, user, details.role, details.mail),
        _bad_role(user, details.role, by),
        _bad_group(db, user, details.group_id, by),
        _bad_icon(db, user, details),
    ]


def needed_mail(db: Session, user: User, role: str, mail: str) -> Problem | None:
    """Say so if an administrator would lose the address that his company's second proof goes to."""
    company = db.get(Company, user.company_id)
    if mail or user.totp_sealed or role not in ranks.MANAGERS or company is None or not company.two_step:
        return None
    return Problem("entry.mail_needed", "mail")


def _bad_role(user: User, role: str, by: User | None) -> Problem | None:
    if role not in set(UserRole):
        return Problem("entry.choose", "role")
    stays = by is not None and user.role == role
    return None if stays or role in ranks.roles_to_give(by) else Problem("users.above_you", "role")


def _bad_group(db: Session, user: User, group_id: int, by: User | None) -> Problem | None:
    only = ranks.groups_to_fill(by)
    known = groups.find(db, user.company_id, group_id) is not None
    return None if known and only in (None, group_id) else Problem("entry.choose", "group_id")


def _bad_icon(db: Session, user: User, details: Details) -> Problem | None:
    if not 0 <= details.icon <= LARGEST_ICON:
        return Problem("entry.icon", "icon", {"most": LARGEST_ICON})
    same = select(User.name).where(
        User.company_id == user.company_id,
        User.group_id == details.group_id,
        User.icon == details.icon,
        User.id != (user.id or 0),
    )
    other = db.exec(same).first() if details.icon else None
    return Problem("users.icon_taken", "icon", {"name": other}) if other is not None else None
