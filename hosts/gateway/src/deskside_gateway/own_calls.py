"""A viewer's calls about its agent's own settings, his own password, and who else is there."""

from anyio import to_thread
from sqlmodel import Session

from deskside.options import Choice, Number, Option
from deskside_admin.model import User
from deskside_admin.model.feedback import LONGEST
from deskside_admin.service import colleagues, feedback, own_password, own_rules, presence
from deskside_admin.service.mail import Letter
from deskside_admin.service.outcome import Refused as ServiceRefused
from deskside_admin.service.own_rules import OwnRule
from deskside_admin.service.policy import UserChoice
from deskside_admin.service.presence import Presence
from deskside_gateway.caller import LONGEST_TOKEN, Caller
from deskside_gateway.given import Given
from deskside_gateway.hub import Fields, Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.sign_in_calls import LONGEST_PASSWORD

MOST_OF_TEXT = 2 * LONGEST


async def own_settings(caller: Caller, given: Given) -> Fields:
    """Tell what the agent decides for himself, and what his group has decided."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    found = await caller.hub.store.run(lambda db: own_rules.of(db, me.user))
    return {"version": me.user.version, "rules": [_as_json(one) for one in found]}


async def keep_own_settings(caller: Caller, given: Given) -> Fields:
    """Keep what the agent has decided for himself."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    version, rules = given.number("version", 0, 2**31), given.inner("rules")
    wanted = {key: _choice(rules.inner(key)) for key in rules.fields}

    def keep(db: Session) -> ServiceRefused | None:
        return own_rules.keep(db, db.get_one(User, me.user.id), wanted, version)

    try:
        no = await caller.hub.store.run(keep)
    except KeyError:
        raise Refused("refused.request", field="rules") from None
    problems = no.problems if no else ()
    return {
        "problems": [
            {"entry": one.entry, "reason": one.reason, "values": dict(one.values)} for one in problems
        ]
    }


async def prove(caller: Caller, given: Given) -> Fields:
    """Check the password of an agent who is signed in already."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    password, now = given.text("password", LONGEST_PASSWORD), caller.hub.store.now()

    def check(db: Session) -> ServiceRefused | None:
        return own_password.prove(db, db.get_one(User, me.user.id), password, now)

    no = await caller.hub.store.run(check)
    if no is not None:
        raise Refused.of(no)
    return {}


async def group(caller: Caller, given: Given) -> Fields:
    """List the others of the agent's group, if it shows them."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    now = caller.hub.store.now()
    found = await caller.hub.store.run(lambda db: colleagues.of(db, me.user, now))
    if found is None:
        return {"shown": False, "people": []}
    people = [
        {"name": one.name, "here": one.is_signed_in, "away": one.presence is Presence.AWAY} for one in found
    ]
    return {"shown": True, "people": people}


async def presence_changed(caller: Caller, given: Given) -> Fields:
    """Note that the agent is away, or here again."""
    token = given.text("token", LONGEST_TOKEN)
    is_away = given.choice("presence", {Presence.HERE, Presence.AWAY}) == Presence.AWAY
    if not await caller.hub.store.run(lambda db: presence.note(db, token, is_away=is_away)):
        raise Refused("refused.signed_out")
    return {}


async def send_feedback(caller: Caller, given: Given) -> Fields:
    """Keep what the agent says about the product, and tell whoever wants to hear it by mail."""
    me = await caller.signed_in(given.text("token", LONGEST_TOKEN))
    text, now = given.text("text", MOST_OF_TEXT), caller.hub.store.now()
    sent = await caller.hub.store.run(lambda db: feedback.send(db, db.get_one(User, me.user.id), text, now))
    if isinstance(sent, ServiceRefused):
        raise Refused.of(sent)
    if caller.hub.feedback_to:
        caller.hub.soon(_mail, caller.hub, feedback.letter(sent, caller.hub.feedback_to))
    return {}


CALLS = (own_settings, keep_own_settings, prove, group, presence_changed, send_feedback)


async def _mail(hub: Hub, letter: Letter) -> None:
    await to_thread.run_sync(hub.mailer.send, letter)


def _as_json(rule: OwnRule) -> dict[str, object]:
    return {
        "key": rule.feature.key,
        "policy": str(rule.policy),
        "on": rule.is_on,
        "options": [
            {"key": one.key, "value": rule.values[one.key], "his": one.key in rule.his, **_limits(one)}
            for one in rule.feature.options
        ],
    }


def _limits(option: Option) -> dict[str, object]:
    match option:
        case Choice():
            return {"choices": list(option.values)}
        case Number():
            return {"minimum": option.minimum, "maximum": option.maximum}
    return {}


def _choice(given: Given) -> UserChoice:
    ticked = given.fields.get("on")
    return UserChoice(ticked if isinstance(ticked, bool) else None, given.inner("values").fields)
