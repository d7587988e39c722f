"""A server as it is after a year: long names in every script, full lists, licences that have ended."""

from datetime import timedelta
from pathlib import Path

import pyotp
from admin_web.licensing import VENDOR, licence, vendor_key
from jinja2 import BytecodeCache
from security.panel_world import NOW, World, make
from sqlmodel import Session

from deskside.declare import Side
from deskside.licence import new_key, public, sign
from deskside.loader import load
from deskside_admin import rules
from deskside_admin.model import Company, Group, SignInRecord, SupportSession, User, UserRole, Vendor
from deskside_admin.service import audit, code_generator, installing, passwords, sessions, signins
from deskside_admin.service.audit import Event
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.installing import Checked
from deskside_admin.service.sealing import Box
from deskside_admin.service.sessions import Change, SessionState

PASSWORD = "Correct-horse-battery-9"
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragung"
NAMES = (
    "김민지",
    "Park Ha-neul",
    "王小明",
    "山田たろう",
    "Lee Jun",
    "Anna Müller",
    "최유진",
    "Nguyễn Thị Minh Khai",
)
GROUPS = ("고객 지원 1팀", "夜间支持", "Außendienst Süd", "サポート窓口", "Second line")
SYSTEMS = ("Windows 11 Pro 24H2", "Ubuntu 24.04.3 LTS (Xorg)", "")
REASONS = ("signin.wrong", "signin.locked", "signin.address", "signin.second.wrong")
MANY = 14
"""More than a page of a list holds where the test makes pages short."""


def build(folder: Path, templates: BytecodeCache) -> World:
    """Make the server."""
    catalogue = load(Side.GATEWAY, lambda _: True, own=rules.declared()).catalogue
    issuer = Issuer(new_key(), catalogue, (vendor_key(),))
    world = make(folder, templates, issuer)
    with Session(world.engine, expire_on_commit=False) as db:
        _name(db, world)
        _people(db, world)
        _supports(db, world)
        _sign_ins(db, world)
        _companies(db, world)
        _newcomer(db, world)
        _licences(db, world, issuer)
        db.commit()
    return world


def smaller(world: World) -> str:
    """Return a licence with which the company would have less than now."""
    issuer = world.panel.extensions["deskside"].issuer
    return sign(licence(issuer, id="L-less", company="Hanbit", features=("chat.use",), seats=3), VENDOR)


def _name(db: Session, world: World) -> None:
    company = db.get_one(Company, world.home.id)
    company.name, company.lock_after_wrong = f"한빛 서비스 {LONG}"[:80], True
    company.contact_name, company.mail = "김민지", "service@hanbit.example"
    for user, name in zip(world.home.people.values(), NAMES, strict=True):
        row = db.get_one(User, user)
        row.name, row.chat_name, row.mail = name, name[:12], "someone@hanbit.example"
    for group, name in zip(world.home.groups.values(), ("고객 지원", f"Nacht {LONG}", "空"), strict=True):
        db.get_one(Group, group).name = name
    db.get_one(User, world.home.people["system"]).name = LONG
    victim = db.get_one(User, world.home.people["victim"])
    victim.locked_at, victim.wrong_passwords = NOW, 5
    db.get_one(User, world.home.people["far"]).active = False
    hashed = passwords.hashed(PASSWORD)
    for who in ("operator", "leader"):
        db.get_one(User, world.home.people[who]).password_hash = hashed
    box, secret = Box.of(b"k" * 32), code_generator.new_secret()
    leader = db.get_one(User, world.home.people["leader"])
    code_generator.enrol(db, leader, secret, pyotp.TOTP(secret).at(NOW), box, NOW)


def _people(db: Session, world: World) -> None:
    for place, name in enumerate(GROUPS, 5):
        db.add(Group(company_id=world.home.id, name=name, place=place))
    groups = (world.home.groups["one"], world.home.groups["two"])
    for number in range(MANY):
        name = NAMES[number % len(NAMES)]
        user = User(
            company_id=world.home.id, group_id=groups[number % 2], login_name=f"agent{number:02d}@hanbit",
            name=f"{name} {number}", chat_name=name[:3], role=UserRole.AGENT, password_hash="",
            password_due=False, active=number % 9 > 0, created=NOW,
        )  # fmt: skip
        db.add(user)
        db.flush()
        if number % 4 == 0 and user.active:
            signins.open_for(db, user, f"2001:db8:85a3::8a2e:370:{number}", NOW - timedelta(minutes=number))


def _supports(db: Session, world: World) -> None:
    people = [db.get_one(User, one) for one in world.home.people.values()]
    for number in range(MANY):
        user, opened = people[number % len(people)], NOW - timedelta(hours=number + 1)
        row = sessions.begin(db, user, f"7{number:021d}", "chat" if number % 5 == 0 else "pc", opened)
        for place, state in enumerate(_way(number)):
            name = LONG if number == 3 else f"{NAMES[number % 8]} {number}"
            known = Change(
                state=state, customer_name=name, customer_system=SYSTEMS[number % 3], by=NAMES[number % 8]
            )
            sessions.change(db, row, known, opened + timedelta(minutes=place * 7))
    _events(db, db.get_one(SupportSession, world.home.sessions["victim"]))


def _way(number: int) -> tuple[SessionState, ...]:
    whole = (SessionState.ACTIVE, SessionState.SUSPENDED, SessionState.ENDED)
    return whole[: (3, 3, 3, 1, 2, 0)[number % 6]]


def _events(db: Session, row: SupportSession) -> None:
    sessions.change(
        db, row, Change(state=SessionState.ACTIVE, customer_name=LONG, customer_system="Windows 11"), NOW
    )
    told = [
        ("core", "participant_joined", {"name": "김민지", "role": "agent"}),
        ("core", "feature_granted", {"feature": "screen.view"}),
        ("core", "feature_refused", {"feature": "file_transfer.send"}),
        ("core", "state_changed", {"state": "suspended"}),
        ("elsewhere", "nobody_has_words_for_this", {"file": LONG}),
    ]
    for number, (plugin, name, details) in enumerate(told, 10):
        event = Event(
            session=row.id, side="host", number=number, at=NOW, plugin=plugin, name=name, details=details
        )
        audit.record(db, [event])


def _sign_ins(db: Session, world: World) -> None:
    for number in range(MANY):
        what = ("in", "out", "refused")[number % 3]
        row = SignInRecord(
            company_id=world.home.id, login_name="operator" if number % 2 else LONG, what=what,
            user_id=world.home.people["operator"] if number % 2 else None,
            kind=("panel", "console")[number % 2], address="2001:db8:85a3::8a2e:370:7334",
            reason=REASONS[number % 4] if what == "refused" else "", at=NOW - timedelta(minutes=number),
        )  # fmt: skip
        db.add(row)


def _companies(db: Session, world: World) -> None:
    for number in range(MANY):
        db.add(Company(name=f"{GROUPS[number % 5]} {LONG if number == 4 else ''} {number}", created=NOW))
    for number in range(3):
        db.add(Vendor(public_key=public(new_key()), name=(LONG, "한빛 소프트", "")[number], added=NOW))


def _newcomer(db: Session, world: World) -> None:
    """Add a company with its first administrator, a licence that has ended, and nothing else."""
    company = Company(name="새 회사", created=NOW)
    db.add(company)
    db.flush()
    group = Group(company_id=company.id, name="Service")
    db.add(group)
    db.flush()
    user = User(
        company_id=company.id, group_id=group.id, login_name="newcomer", name="박서연", chat_name="",
        role=UserRole.ADMIN, password_hash="", password_due=False, active=True, created=NOW,
    )  # fmt: skip
    db.add(user)
    db.flush()
    world.home.people["newcomer"] = user.id


def _licences(db: Session, world: World, issuer: Issuer) -> None:
    sold = sorted(issuer.catalogue.features)[::2]
    ended = int((NOW - timedelta(hours=2)).timestamp())
    for company, more in (
        (world.home.id, {"id": "L-older", "seats": 3, "tier": "Basic"}),
        (
            world.home.id,
            {"id": "L-2026-000048-of-a-long-name", "seats": 200, "tier": "Standard", "concurrent": True},
        ),
        (
            _company_of(db, world, "newcomer"),
            {"id": "L-ended", "ends": ended, "starts": ended - 86400 * 30, "demo": True},
        ),
    ):
        caps = {"file_transfer.send.largest_mb": 100}
        token = sign(licence(issuer, **{"features": tuple(sold), "caps": caps, **more}), VENDOR)
        checked = installing.check(db, token, issuer)
        assert isinstance(checked, Checked), checked
        installing.install(db, db.get_one(Company, company), checked, NOW)


def _company_of(db: Session, world: World, who: str) -> int:
    return db.get_one(User, world.home.people[who]).company_id
