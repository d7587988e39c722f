"""What an agent settles for himself, who sits beside him, and the proof that it is he."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from anyio import create_task_group
from attrs import define, field
from hosts.gateway.kit import PASSWORD, Clock
from sqlmodel import Session, select

from deskside.declare import Policy
from deskside_admin.model import FeaturePolicy, OptionValue, User
from deskside_admin.rules import AUTO_AWAY, AUTO_LOCK, AUTO_LOGOUT, FEEDBACK, USER_STATUS
from deskside_admin.service import feedback, lapsing
from deskside_admin.service.feedback import Message
from deskside_admin.service.mail import Letter
from deskside_gateway.control import Control
from deskside_gateway.hub import Hub
from deskside_gateway.refusals import Refused

pytestmark = pytest.mark.anyio

LEE = {"company": "1", "login_name": "lee", "password": PASSWORD, "address": "::1"}
LOGOUT, LOCK = AUTO_LOGOUT.key, AUTO_LOCK.key


async def signed_in(hub: Hub, login_name: str = "lee") -> tuple[Control, str]:
    async def push(_: str, __: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    control = Control.in_process(hub, push)
    found = await control.call("sign_in", {**LEE, "login_name": login_name})
    return control, str(found["token"])


def decide(hub: Hub, feature: str, policy: Policy, minutes: object = None) -> None:
    def say(db: Session) -> None:
        user = db.exec(select(User).where(User.login_name == "lee")).one()
        db.merge(FeaturePolicy(group_id=user.group_id, feature=feature, policy=policy))
        if minutes is not None:
            row = OptionValue(
                group_id=user.group_id, feature=feature, option="minutes", value=minutes, locked=False
            )
            db.merge(row)

    hub.store.at_once(say)


async def rule(control: Control, token: str, key: str) -> dict[str, Any]:
    found = await control.call("own_settings", {"token": token})
    return {"version": found["version"], **next(one for one in found["rules"] if one["key"] == key)}


async def keep(control: Control, token: str, **rules: object) -> Mapping[str, Any]:
    version = (await control.call("own_settings", {"token": token}))["version"]
    wanted = {key.replace("__", "."): value for key, value in rules.items()}
    return await control.call("keep_own_settings", {"token": token, "version": version, "rules": wanted})


def limit(hub: Hub) -> timedelta | None:
    return hub.store.at_once(
        lambda db: lapsing.idle_limit(db, db.exec(select(User).where(User.login_name == "lee")).one())
    )


@pytest.mark.feature("ACC-08")
async def test_an_agents_own_time_counts_only_where_his_group_leaves_it_to_him(hub: Hub) -> None:
    control, token = await signed_in(hub)
    mine = {"on": True, "values": {"minutes": "3"}}

    assert (await rule(control, token, LOGOUT))["policy"] == "none"
    await keep(control, token, security__auto_logout=mine)
    assert limit(hub) is None

    decide(hub, LOGOUT, Policy.USER, "30")
    assert limit(hub) is None, "he has said nothing yet"
    await keep(control, token, security__auto_logout=mine)
    assert limit(hub) == timedelta(minutes=3)

    decide(hub, LOGOUT, Policy.ALL, "60")
    await keep(control, token, security__auto_logout=mine)
    now = await rule(control, token, LOGOUT)
    assert limit(hub) == timedelta(minutes=60)
    assert (now["policy"], now["on"], now["options"][0]["value"], now["options"][0]["his"]) == (
        "all", True, "60", False,
    )  # fmt: skip


@pytest.mark.feature("ACC-08")
async def test_his_own_time_really_signs_him_out(hub: Hub, clock: Clock) -> None:
    control, token = await signed_in(hub)
    decide(hub, LOGOUT, Policy.USER, "30")
    await keep(control, token, security__auto_logout={"on": True, "values": {"minutes": "3"}})
    clock.turn(170)
    assert not hub.store.at_once(lambda db: lapsing.look(db, hub.store.now()))

    clock.turn(20)
    assert len(hub.store.at_once(lambda db: lapsing.look(db, hub.store.now()))) == 1
    with pytest.raises(Refused) as no:
        await control.call("agent", {"token": token})
    assert (no.value.reason, no.value.values["why"]) == ("refused.signed_out", "signin.ended.idle")


async def test_the_minutes_to_the_lock_reach_the_viewer_and_a_group_may_fix_them(hub: Hub) -> None:
    control, token = await signed_in(hub)
    assert (await control.call("agent", {"token": token}))["lock_minutes"] == 0

    await keep(control, token, security__auto_lock={"on": None, "values": {"minutes": 7}})
    assert (await control.call("agent", {"token": token}))["lock_minutes"] == 7
    decide(hub, LOCK, Policy.ALL, 15)
    assert (await control.call("agent", {"token": token}))["lock_minutes"] == 15
    decide(hub, LOCK, Policy.NONE)
    assert (await control.call("agent", {"token": token}))["lock_minutes"] == 0


@pytest.mark.parametrize(
    "rules",
    [
        {"security.ip_allow": {"on": False, "values": {}}},
        {"chat.text": {"on": True, "values": {}}},
        {LOCK: {"on": None, "values": {"hours": 1}}},
        {LOCK: 7},
    ],
)
async def test_nothing_else_can_be_settled_this_way(hub: Hub, rules: object) -> None:
    control, token = await signed_in(hub)
    version = (await control.call("own_settings", {"token": token}))["version"]

    with pytest.raises(Refused) as no:
        await control.call("keep_own_settings", {"token": token, "version": version, "rules": rules})

    assert no.value.reason == "refused.request"


@pytest.mark.parametrize("minutes", [-1, 61, "5", 1.5, None, True])
async def test_minutes_that_are_none_are_named_and_not_kept(hub: Hub, minutes: object) -> None:
    control, token = await signed_in(hub)

    found = await keep(control, token, security__auto_lock={"on": None, "values": {"minutes": minutes}})

    assert [one["entry"] for one in found["problems"]] == [f"{LOCK}.minutes"]
    assert (await control.call("agent", {"token": token}))["lock_minutes"] == 0


async def test_of_two_forms_at_once_the_second_is_told(hub: Hub) -> None:
    control, token = await signed_in(hub)
    given = {"token": token, "version": 0, "rules": {LOCK: {"on": None, "values": {"minutes": 5}}}}
    given["version"] = (await control.call("own_settings", {"token": token}))["version"]
    await control.call("keep_own_settings", given)

    found = await control.call("keep_own_settings", given)

    assert [(one["entry"], one["reason"]) for one in found["problems"]] == [("", "conflict.changed")]


@pytest.mark.feature("AGT-08")
async def test_only_his_own_password_proves_an_agent_and_guessing_costs_time(hub: Hub, clock: Clock) -> None:
    control, token = await signed_in(hub)
    assert await control.call("prove", {"token": token, "password": PASSWORD}) == {}

    reasons = []
    for _ in range(6):
        with pytest.raises(Refused) as no:
            await control.call("prove", {"token": token, "password": "wrong"})
        reasons.append(no.value.reason)
    assert reasons == ["entry.password_wrong"] * 5 + ["signin.wait"]
    with pytest.raises(Refused):
        await control.call("prove", {"token": token, "password": PASSWORD})
    clock.turn(60)
    assert await control.call("prove", {"token": token, "password": PASSWORD}) == {}


@pytest.mark.feature("AGT-23")
async def test_an_agent_sees_who_of_his_group_may_sign_in_and_who_has(hub: Hub) -> None:
    control, token = await signed_in(hub)
    other, others = await signed_in(hub, "park")

    def people(found: Mapping[str, Any]) -> list[tuple[str, bool]]:
        return [(one["name"], one["here"]) for one in found["people"]]

    assert people(await control.call("group", {"token": token})) == [("Kim", False), ("Park", True)]
    await other.call("sign_out", {"token": others})
    assert people(await control.call("group", {"token": token})) == [("Kim", False), ("Park", False)]

    decide(hub, USER_STATUS.key, Policy.NONE)
    assert await control.call("group", {"token": token}) == {"shown": False, "people": []}


@pytest.mark.feature("PRS-03")
async def test_a_colleague_who_is_away_is_shown_as_away_until_he_is_back(hub: Hub) -> None:
    control, token = await signed_in(hub)
    other, others = await signed_in(hub, "park")

    async def park() -> tuple[bool, bool]:
        found = await control.call("group", {"token": token})
        return next((one["here"], one["away"]) for one in found["people"] if one["name"] == "Park")

    assert await park() == (True, False)
    await other.call("presence_changed", {"token": others, "presence": "away"})
    assert await park() == (True, True)
    await other.call("presence_changed", {"token": others, "presence": "here"})
    assert await park() == (True, False)
    await other.call("presence_changed", {"token": others, "presence": "away"})
    await other.call("sign_out", {"token": others})
    assert await park() == (False, False)
    for given in ({"token": others, "presence": "away"}, {"token": token, "presence": "offline"}):
        with pytest.raises(Refused):
            await other.call("presence_changed", given)


@pytest.mark.feature("PRS-03")
async def test_being_away_keeps_no_seat_of_somebody_whose_page_is_gone(hub: Hub, clock: Clock) -> None:
    control, token = await signed_in(hub)
    clock.turn(14 * 60)

    await control.call("presence_changed", {"token": token, "presence": "away"})
    clock.turn(61)

    assert len(hub.store.at_once(lambda db: lapsing.look(db, hub.store.now()))) == 1


@pytest.mark.feature("PRS-03")
async def test_the_minutes_are_the_agents_own_and_nobody_elses(hub: Hub) -> None:
    control, token = await signed_in(hub)
    assert (await control.call("agent", {"token": token}))["away_minutes"] == 10
    decide(hub, AUTO_AWAY.key, Policy.NONE)
    assert (await control.call("agent", {"token": token}))["away_minutes"] == 10

    await keep(control, token, agent__auto_away={"on": True, "values": {"minutes": 0}})
    assert (await control.call("agent", {"token": token}))["away_minutes"] == 0
    await keep(control, token, agent__auto_away={"on": True, "values": {"minutes": 120}})
    assert (await control.call("agent", {"token": token}))["away_minutes"] == 120
    found = await keep(control, token, agent__auto_away={"on": True, "values": {"minutes": 121}})
    assert [one["entry"] for one in found["problems"]] == [f"{AUTO_AWAY.key}.minutes"]


@define
class Postman:
    """Takes letters."""

    letters: list[Letter] = field(factory=list)
    is_on: bool = True

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def kept(hub: Hub) -> list[Message]:
    return hub.store.at_once(lambda db: feedback.search(db, None))


@pytest.mark.feature("AGT-21")
async def test_feedback_is_kept_with_who_sent_it_and_when_and_mailed_where_the_operator_wants_it(
    hub: Hub,
) -> None:
    control, token = await signed_in(hub)
    with pytest.raises(Refused) as no:
        await control.call("send_feedback", {"token": token, "text": "Hello"})
    assert (no.value.reason, kept(hub)) == ("refused.feedback.off", [])
    decide(hub, FEEDBACK.key, Policy.ALL)
    assert (await control.call("agent", {"token": token}))["sends_feedback"]
    hub.mailer, hub.feedback_to = Postman(), "vendor@example.com"

    async with create_task_group() as tasks:
        hub.background = tasks
        said = "  첫 줄\r\n<b>second</b>\u202e line\x1b[2J\n\n"
        await control.call("send_feedback", {"token": token, "text": said})
    hub.background = None

    (one,) = kept(hub)
    assert one.row.text == "첫 줄\n<b>second</b>  line [2J"
    assert (one.user.login_name, one.company.name, one.row.at) == ("lee", "Hanbit", hub.store.now())
    (letter,) = hub.mailer.letters
    assert (letter.to, letter.subject) == ("vendor@example.com", "Feedback from Hanbit")
    assert "Lee (lee), Hanbit (1)" in letter.text
    assert one.row.text in letter.text


@pytest.mark.feature("AGT-21")
async def test_feedback_is_bounded_in_length_and_in_how_often_it_comes(hub: Hub, clock: Clock) -> None:
    control, token = await signed_in(hub)
    decide(hub, FEEDBACK.key, Policy.ALL)

    async def refusal(text: object) -> str:
        with pytest.raises(Refused) as no:
            await control.call("send_feedback", {"token": token, "text": text})
        return no.value.reason

    assert await refusal(" \n ") == "refused.feedback.empty"
    assert await refusal("x" * 2001) == "refused.feedback.long"
    assert await refusal("x" * 4001) == "refused.request"
    assert await refusal("a\0b") == "refused.request"
    assert await refusal(7) == "refused.request"
    for _ in range(10):
        await control.call("send_feedback", {"token": token, "text": "한" * 2000})
    assert await refusal("once more") == "refused.feedback.many"
    clock.turn(3600)
    await control.call("send_feedback", {"token": token, "text": "once more"})
    assert len(kept(hub)) == 11


async def test_only_so_many_messages_of_one_person_are_kept(
    hub: Hub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST_OF_ONE", 3)
    control, token = await signed_in(hub)
    other, others = await signed_in(hub, "park")
    decide(hub, FEEDBACK.key, Policy.ALL)
    await other.call("send_feedback", {"token": others, "text": "park's"})

    for number in range(5):
        await control.call("send_feedback", {"token": token, "text": str(number)})

    assert [one.row.text for one in kept(hub)] == ["4", "3", "2", "park's"]
