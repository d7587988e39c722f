"""A viewer's calls about its agent: signing in and out, seats, his own password and details."""

import re
from datetime import datetime

from sqlmodel import Session

from deskside_admin.model import SignInKind, User
from deskside_admin.service import (
    admission,
    code_generator,
    companies,
    feedback,
    licences,
    own_details,
    own_password,
    own_rules,
    presence,
    signins,
)
from deskside_admin.service.admission import Machine
from deskside_admin.service.outcome import Refused as ServiceRefused
from deskside_admin.service.second_step import Asked
from deskside_admin.service.signins import Door
from deskside_gateway.caller import LONGEST_TOKEN, Caller
from deskside_gateway.given import Given
from deskside_gateway.hub import Fields
from deskside_gateway.refusals import Refused

COMPANY = re.compile(r"[0-9]{1,9}")
LONGEST_PASSWORD = 200
MOST_REPORTED = 32
ANOTHER_PASSWORD = "signin.ended.password"  # noqa: S105 - a text key


async def sign_in(caller: Caller, given: Given) -> Fields:
    """Exchange an agent's password for a token, or for a second step that has to be finished first."""
    company = given.text("company", 9, "")
    login_name, password = given.text("login_name", 64), given.text("password", LONGEST_PASSWORD)
    machine, now = _machine(caller, given), caller.hub.store.now()

    def check(db: Session) -> str | Asked | ServiceRefused:
        only = companies.only_one(db)
        number = int(company) if COMPANY.fullmatch(company) else 0
        attempt = signins.Attempt(
            company_id=only.id if only else number,
            login_name=login_name,
            password=password,
            address=machine.addresses[0],
        )
        return signins.sign_in(db, attempt, now, _door(caller, machine))

    return _opened(caller, await caller.hub.store.run(check))


async def second_step(caller: Caller, given: Given) -> Fields:
    """Exchange a code of the agent's code generator for a token."""
    second, code = given.text("second", LONGEST_TOKEN), given.text("code", 40)
    door, now = _door(caller, _machine(caller, given)), caller.hub.store.now()
    return _opened(caller, await caller.hub.store.run(lambda db: signins.finish(db, second, code, now, door)))


async def agent(caller: Caller, given: Given) -> Fields:
    """Tell whose token this is."""
    found = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    now = caller.hub.store.now()
    followed = await caller.hub.store.run(lambda db: _followed(db, found.user, now))
    return {
        "sign_in": found.sign_in_id,
        "user": found.user.id,
        "login_name": found.user.login_name,
        "name": found.user.name,
        "chat_name": found.user.shown_name,
        "company": found.company.name,
        "company_id": found.company.id,
        "role": found.user.role,
        "password_due": found.password_due,
        "password_level": found.company.password_level,
        "asks_code": code_generator.is_enrolled(found.user),
        **followed,
    }


async def sign_out(caller: Caller, given: Given) -> Fields:
    """End a sign-in."""
    token, now = given.text("token", LONGEST_TOKEN), caller.hub.store.now()

    def leave(db: Session) -> None:
        if found := signins.look_up(db, token, now, SignInKind.CONSOLE):
            signins.revoke(db, found.user.id, found.sign_in_id, now)

    await caller.hub.store.run(leave)
    if caller.token == token:
        caller.token = ""
    return {}


async def seats(caller: Caller, given: Given) -> Fields:
    """Tell how many seats the agent's company has and how many are taken."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    now = caller.hub.store.now()
    found = await caller.hub.store.run(lambda db: licences.seats(db, me.company.id, now))
    return {"total": found.total, "used": found.used, "free": found.free, "concurrent": found.concurrent}


async def change_password(caller: Caller, given: Given) -> Fields:
    """Replace the agent's password, or tell everything that is wrong with the new one."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    old, new = given.text("old", LONGEST_PASSWORD), given.text("new", LONGEST_PASSWORD)
    now = caller.hub.store.now()

    def change(db: Session) -> User | ServiceRefused:
        outcome = own_password.change(db, db.get_one(User, me.user.id), old, new, now)
        if isinstance(outcome, User):
            signins.revoke_all(db, outcome.id, now, but=me.sign_in_id, why=ANOTHER_PASSWORD)
        return outcome

    return _kept(await caller.hub.store.run(change))


async def details(caller: Caller, given: Given) -> Fields:
    """Tell what customers see of the agent."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    shown = {name: getattr(me.user, name) for name in own_details.ENTRIES}
    return {**shown, "version": me.user.version, "name": me.user.name}


async def keep_details(caller: Caller, given: Given) -> Fields:
    """Keep what the agent wants customers to see."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    shown = own_details.Shown(**{name: given.text(name, 200, "") for name in own_details.ENTRIES})
    version = given.number("version", 0, 2**31)
    return _kept(
        await caller.hub.store.run(
            lambda db: own_details.change(db, db.get_one(User, me.user.id), shown, version)
        )
    )


CALLS = (sign_in, second_step, agent, sign_out, seats, change_password, details, keep_details)


def _followed(db: Session, user: User, now: datetime) -> Fields:
    """Return what holds for a user's console at present."""
    return {
        "lock_minutes": own_rules.minutes_to_lock(db, user),
        "away_minutes": presence.minutes_to_away(db, user),
        "keeps_log": own_rules.keeps_log(db, user),
        "sends_feedback": feedback.may_send(db, user),
        "no_licence": licences.why_not(licences.in_force(db, user.company_id), now),
    }


def _machine(caller: Caller, given: Given) -> Machine:
    """Return where the agent is: a hosted viewer tells his browser's address, a local one what it knows."""
    if caller.is_hosted:
        return Machine(addresses=(given.text("address", 64, ""),))
    reported = given.texts("addresses", MOST_REPORTED)
    return Machine(
        addresses=(caller.address, *reported), macs=given.texts("macs", MOST_REPORTED), is_browser=False
    )


def _door(caller: Caller, machine: Machine) -> Door:
    return admission.door(machine, caller.hub.box)


def _opened(caller: Caller, outcome: str | Asked | ServiceRefused) -> Fields:
    if isinstance(outcome, ServiceRefused):
        raise Refused.of(outcome)
    if isinstance(outcome, Asked):
        return {"second": outcome.token}
    if not caller.is_hosted:
        caller.token = outcome
    return {"token": outcome}


def _kept(outcome: User | ServiceRefused) -> Fields:
    problems = outcome.problems if isinstance(outcome, ServiceRefused) else ()
    return {
        "problems": [
            {"entry": one.entry, "reason": one.reason, "values": dict(one.values)} for one in problems
        ]
    }
