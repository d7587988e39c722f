"""A viewer's calls in process: what it may do for whom, and what the gateway asks of it."""

from collections.abc import Mapping
from typing import Any

import pytest
from anyio import fail_after, sleep_forever
from hosts.gateway.kit import PASSWORD, Clock
from sqlmodel import Session, select

from deskside.chain import check_chain
from deskside.declare import Policy, Side
from deskside.grants import Grant
from deskside.licence import public
from deskside_admin.model import Group, LicenceRow, SupportSession, User
from deskside_admin.panel import menus
from deskside_admin.service import accounts, audit, features, history, sessions
from deskside_admin.service.policy import GroupRule
from deskside_gateway import hub as hub_module
from deskside_gateway.control import Control
from deskside_gateway.hub import Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.watch import Watch

pytestmark = pytest.mark.anyio

Pushed = list[tuple[str, Mapping[str, Any]]]


@pytest.fixture
def pushed() -> Pushed:
    return []


def connect(hub: Hub, pushed: Pushed) -> Control:
    async def push(name: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        pushed.append((name, fields))
        return {"page": "/help/1"}

    return Control(hub, push, "::1")


async def hosted(hub: Hub, pushed: Pushed) -> Control:
    control = connect(hub, pushed)
    await control.call("hello", {"node_secret": hub.node_secret.hex()})
    return control


async def token_of(control: Control, login_name: str, company: str = "1") -> str:
    given = {"company": company, "login_name": login_name, "password": PASSWORD, "address": "::1"}
    return str((await control.call("sign_in", given))["token"])


async def refusal(control: Control, name: str, **arguments: object) -> Refused:
    with pytest.raises(Refused) as no:
        await control.call(name, arguments)
    return no.value


async def test_a_wait_has_everything_an_agent_needs(hub: Hub, pushed: Pushed) -> None:
    control = await hosted(hub, pushed)
    token = await token_of(control, "lee")

    wait = await control.call("new_wait", {"token": token, "kind": "pc"})

    assert wait["number"] == "S-20261121-0001"
    assert wait["link"] == f"https://help.example/c/{wait['locator']}"
    assert wait["page"] == "https://help.example"
    assert wait["ends_in_s"] == 600
    ticket = hub.tickets.read(wait["ticket"], hub.store.now().timestamp())
    assert ticket is not None
    assert (ticket.session, ticket.side) == (wait["session"], Side.VIEWER)
    assert hub.broker.locate(wait["locator"], "10.0.0.1").offer.agent == "Lee"


async def test_support_numbers_count_per_company_and_day(hub: Hub, pushed: Pushed, clock: Clock) -> None:
    control = await hosted(hub, pushed)
    lee, cho = await token_of(control, "lee"), await token_of(control, "cho", "2")

    async def number(token: str) -> str:
        return str((await control.call("new_wait", {"token": token, "kind": "chat"}))["number"])

    assert [await number(lee), await number(lee), await number(cho)] == [
        "S-20261121-0001",
        "S-20261121-0002",
        "S-20261121-0001",
    ]
    clock.turn(15 * 3600)
    assert await number(await token_of(control, "lee")) == "S-20261122-0001"


async def test_a_viewer_in_the_same_process_needs_no_secret(hub: Hub) -> None:
    async def push(name: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"heard": name, **fields}

    control = Control.in_process(hub, push)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})

    assert await hub.push(wait["session"], "visited", {}) == {"heard": "visited", "session": wait["session"]}


async def test_nothing_goes_before_hello_and_a_wrong_node_secret_is_refused(hub: Hub, pushed: Pushed) -> None:
    control = connect(hub, pushed)

    assert (await refusal(control, "agent", token="x")).reason == "refused.hello_first"
    assert (await refusal(control, "hello", node_secret="0" * 64)).reason == "refused.node_secret"
    assert (await refusal(control, "agent", token="x")).reason == "refused.hello_first"


async def test_a_local_viewer_acts_only_for_the_agent_who_signed_in_there(hub: Hub, pushed: Pushed) -> None:
    server = await hosted(hub, pushed)
    theirs = await server.call("new_wait", {"token": await token_of(server, "park"), "kind": "pc"})
    local = connect(hub, pushed)
    await local.call("hello", {})
    session = theirs["session"]
    calls: dict[str, dict[str, Any]] = {
        "new_locator": {},
        "burn": {},
        "end_wait": {},
        "paired": {},
        "ticket": {},
        "entitlement": {},
        "changed": {"state": "ended"},
        "record": {"events": [event(session, 1)]},
    }

    for _ in ("a stranger", "another agent"):
        for name, more in calls.items():
            reason = (await refusal(local, name, session=session, **more)).reason
            assert reason == "refused.session.unknown", name
        await token_of(local, "lee")
    own = await local.call("new_wait", {"token": local.token, "kind": "pc"})
    assert (await local.call("ticket", {"session": own["session"]}))["ticket"]


async def test_a_local_viewer_whose_agent_was_stopped_may_do_nothing(hub: Hub, pushed: Pushed) -> None:
    local = connect(hub, pushed)
    await local.call("hello", {})
    token = await token_of(local, "lee")
    wait = await local.call("new_wait", {"token": token, "kind": "pc"})

    change_user(hub, "lee", lambda db, user: accounts.set_active(db, user, active=False, now=hub.store.now()))

    assert (await refusal(local, "ticket", session=wait["session"])).reason == "refused.signed_out"


async def test_burning_gives_a_new_locator_and_costs_the_address_that_tried(hub: Hub, pushed: Pushed) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    hub.broker.locate(wait["locator"], "10.0.0.1")

    again = await control.call("burn", {"session": wait["session"]})

    assert again["locator"] != wait["locator"]
    with pytest.raises(Refused, match="wait"):
        hub.broker.locate(again["locator"], "10.0.0.1")
    assert hub.broker.locate(again["locator"], "10.0.0.2").offer.session == wait["session"]


async def test_the_entitlement_proves_to_a_host_what_the_trial_and_the_group_allow(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    switch_off(hub, "kites.land")

    first = await control.call("entitlement", {"session": wait["session"]})
    second = await control.call("entitlement", {"session": wait["session"]})

    vendor, now = {public(hub.issuer.key)}, hub.store.now().timestamp()
    chain = check_chain(first["licence"], first["entitlement"], vendor, wait["session"], now)
    assert getattr(chain, "features", None) == {"kites.fly"}
    assert (first["label"], first["serial"], second["serial"]) == ("trial", 1, 2)
    assert first["features"]["kites.fly"] == {"on": True, "options": {}}
    assert first["features"]["kites.land"]["reason"] == "policy.off_for_group"


async def test_when_the_trial_has_ended_every_feature_says_so(hub: Hub, pushed: Pushed, clock: Clock) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    clock.turn(31 * 24 * 3600)

    found = await control.call("entitlement", {"session": wait["session"]})

    assert {one["reason"] for one in found["features"].values()} == {"refused.licence.expired"}
    no = await refusal(control, "new_wait", token=await token_of(control, "lee"), kind="pc")
    assert no.reason == "refused.licence.expired"


@pytest.mark.feature("LIC-02")
async def test_seats_are_taken_at_the_console_and_free_again_once_somebody_leaves(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    tokens = [await token_of(control, login_name) for login_name in ("lee", "park")]

    given = {"company": "1", "login_name": "kim", "password": PASSWORD, "address": "::1"}
    no = await refusal(control, "sign_in", **given)
    await control.call("sign_out", {"token": tokens[0]})

    assert (no.reason, no.values) == ("refused.licence.seats", {"seats": 2})
    assert await token_of(control, "kim")


async def test_whoever_is_signed_in_beyond_a_smaller_licence_cannot_serve_beyond_it(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    tokens = [await token_of(control, login_name) for login_name in ("lee", "park")]
    wait = await control.call("new_wait", {"token": tokens[0], "kind": "pc"})
    await control.call("changed", {"session": wait["session"], "state": "active"})

    hub.store.at_once(lambda db: setattr(db.exec(select(LicenceRow)).one(), "seats", 1))

    no = await refusal(control, "new_wait", token=tokens[1], kind="pc")
    assert (no.reason, no.values) == ("refused.licence.seats", {"seats": 1})
    assert (await control.call("new_wait", {"token": tokens[0], "kind": "pc"}))["session"]
    assert await control.call("entitlement", {"session": wait["session"]})


@pytest.mark.feature("LIC-08")
async def test_an_expired_account_starts_no_support_but_may_still_sign_in(
    hub: Hub, pushed: Pushed, clock: Clock
) -> None:
    control = await hosted(hub, pushed)
    clock.turn(31 * 24 * 3600)

    token = await token_of(control, "lee")

    no = await refusal(control, "new_wait", token=token, kind="pc")
    assert no.reason == "refused.licence.expired"


def event(session: str, number: int, **more: object) -> dict[str, object]:
    usual = {"side": "viewer", "at": 1.0, "plugin": "core", "name": "session_began", "values": {}}
    return {"session": session, "number": number, **usual, **more}


async def test_an_event_is_stored_once_and_a_wrong_one_is_named_while_the_others_are_kept(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    session = wait["session"]

    for _ in range(2):
        events = [event(session, 1, values={"agent": "Lee"}), event(session, 2)]
        assert await control.call("record", {"events": events}) == {"stored": 2}
    wrong = [
        event(session, 3, side="host"),
        event(session, 3, at=float("nan")),
        event(session, 0),
        event(session, 3, values={"x": ["deep"]}),
        event(session, 3, values={"x": 1.5}),
        event("../../etc", 3),
        "nonsense",
    ]
    for number, one in enumerate(wrong, 4):
        answer = await control.call("record", {"events": [event(session, number), one]})
        assert answer == {"stored": 1, "refused": [{"index": 1, "reason": "refused.request"}]}
        assert (await refusal(control, "record", events=[one])).reason == "refused.request"
    no = await refusal(control, "record", events=[event("A" * 22, 1)])
    strange = [event("A" * 22, 1), event(session, 11), *["nonsense"] * 100]
    answer = await control.call("record", {"events": strange})

    assert no.reason == "refused.session.unknown"
    assert answer["stored"] == 1
    assert answer["refused"][:2] == [
        {"index": 0, "reason": "refused.session.unknown"},
        {"index": 2, "reason": "refused.request"},
    ]
    assert len(answer["refused"]) == 20
    stored = hub.store.at_once(lambda db: audit.of_session(db, session))
    assert [(one.number, one.details) for one in stored] == [
        (1, {"agent": "Lee"}),
        *((number, {}) for number in [2, *range(4, 12)]),
    ]


async def test_a_session_lives_on_when_every_process_has_died_and_its_viewer_takes_it_up(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    token = await token_of(control, "lee")
    wait = await control.call("new_wait", {"token": token, "kind": "pc"})
    customer = {"name": "Kim Minji", "system": "Windows 11"}
    await control.call("changed", {"session": wait["session"], "state": "active", "customer": customer})
    control.close()
    hub.broker.close(wait["session"])

    again = await hosted(hub, pushed)

    listed = (await again.call("recent", {"token": token, "most": 10}))["sessions"]
    assert [(one["id"], one["state"], one["customer"]) for one in listed] == [
        (wait["session"], "active", customer)
    ]
    assert (await again.call("ticket", {"session": wait["session"]}))["ticket"]
    assert (await again.call("new_locator", {"session": wait["session"]}))["locator"]
    await hub.push(wait["session"], "visited", {})
    assert pushed[-1] == ("visited", {"session": wait["session"]})


async def test_an_ended_session_stays_ended_and_is_held_by_nobody(hub: Hub, pushed: Pushed) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    ended = {"session": wait["session"], "state": "ended", "by": "Lee"}

    await control.call("changed", ended)
    await control.call("changed", {**ended, "state": "active"})

    for name in ("ticket", "new_locator", "entitlement"):
        assert (await refusal(control, name, session=wait["session"])).reason == "refused.session.ended"
    row = hub.store.at_once(lambda db: db.get_one(SupportSession, wait["session"]))
    assert (row.state, row.ended_by, row.ended) == ("ended", "Lee", hub.store.now())
    with pytest.raises(Refused, match=r"viewer\.gone"):
        await hub.push(wait["session"], "visited", {})


async def test_what_the_panel_switches_off_is_withdrawn_and_what_it_switches_on_waits(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})
    await control.call("entitlement", {"session": wait["session"]})
    watch, beside = Watch(hub), Beside()
    hub.background = beside  # type: ignore[assignment]
    await watch.look()
    assert beside.tasks == []

    switch_off(hub, "kites.fly")
    await watch.look()
    await beside.run()
    switch_off(hub, "kites.fly", Policy.ALL)
    await watch.look()

    await beside.run()

    assert [name for name, _ in pushed] == ["withdrawn", "withdrawn"]
    assert [told["features"]["kites.fly"]["on"] for _, told in pushed] == [False, False]
    assert pushed[1][1]["features"]["kites.fly"]["reason"] == "refused.next_session"
    assert [key for key, one in hub.told[wait["session"]].items() if isinstance(one, Grant)] == ["kites.land"]


async def test_an_end_wanted_in_the_panel_reaches_the_viewer_or_is_made_without_it(
    hub: Hub, pushed: Pushed
) -> None:
    control = await hosted(hub, pushed)
    token = await token_of(control, "lee")
    held, lost = [await control.call("new_wait", {"token": token, "kind": "pc"}) for _ in range(2)]
    del hub.holders[lost["session"]]
    watch, beside = Watch(hub), Beside()
    hub.background = beside  # type: ignore[assignment]
    for one in (held, lost):
        want_end(hub, one["session"])

    await watch.look()
    await beside.run()
    await watch.look()

    assert pushed == [("end", {"session": held["session"], "by": "Kim"})]
    rows = [(await hub.known(one["session"])).row for one in (held, lost)]
    assert [(row.state, row.ended_by) for row in rows] == [("waiting", ""), ("ended", "Kim")]
    assert beside.tasks == []


async def test_a_viewer_that_does_not_answer_is_not_waited_for(
    hub: Hub, pushed: Pushed, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = await hosted(hub, pushed)
    wait = await control.call("new_wait", {"token": await token_of(control, "lee"), "kind": "pc"})

    async def never(name: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        await sleep_forever()
        return {}

    control.push = never
    monkeypatch.setattr(hub_module, "PUSH_LASTS_S", 0.01)

    with fail_after(5), pytest.raises(Refused, match="silent"):
        await hub.push(wait["session"], "join", {})


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("no_such_call", {}),
        ("new_wait", {"token": "x", "kind": "tea"}),
        ("new_wait", {"kind": "pc"}),
        ("sign_in", {"login_name": 5, "password": "x"}),
        ("record", {"events": {}}),
        ("recent", {"token": "x", "most": 10**9}),
        ("changed", {"session": "x", "state": "flying"}),
    ],
)
async def test_nonsense_is_refused(hub: Hub, pushed: Pushed, name: str, arguments: dict[str, Any]) -> None:
    control = await hosted(hub, pushed)

    assert (await refusal(control, name, **arguments)).reason in ("refused.request", "refused.signed_out")


async def test_an_agent_sees_his_own_history_only(hub: Hub, pushed: Pushed) -> None:
    control = await hosted(hub, pushed)
    for login_name in ("lee", "park"):
        await control.call("new_wait", {"token": await token_of(control, login_name), "kind": "pc"})

    def seen(db: Session, login_name: str) -> set[str]:
        reader = db.exec(select(User).where(User.login_name == login_name)).one()
        scope = menus.scope("history.show", reader)
        return {entry.agent.login_name for entry in history.search(db, scope, history.Wanted(), 50)}

    assert hub.store.at_once(lambda db: seen(db, "lee")) == {"lee"}
    assert hub.store.at_once(lambda db: seen(db, "kim")) == {"lee", "park"}
    assert hub.store.at_once(lambda db: seen(db, "cho")) == set()


class Beside:
    """Keeps what is to be done beside until a test does it."""

    def __init__(self) -> None:
        self.tasks: list[Any] = []

    def start_soon(self, task: Any, *arguments: Any) -> None:
        self.tasks.append((task, arguments))

    async def run(self) -> None:
        tasks, self.tasks = self.tasks, []
        for task, arguments in tasks:
            await task(*arguments)


def want_end(hub: Hub, session: str) -> None:
    hub.store.at_once(lambda db: sessions.want_end(db, db.get_one(SupportSession, session), "Kim"))


def switch_off(hub: Hub, feature: str, policy: Policy = Policy.NONE) -> None:
    def switch(db: Session) -> None:
        group = db.get_one(Group, 1)
        features.set_for_group(db, hub.issuer.catalogue, group, {feature: GroupRule(policy)}, group.version)

    hub.store.at_once(switch)


def change_user(hub: Hub, login_name: str, change: Any) -> None:
    def run(db: Session) -> None:
        change(db, db.exec(select(User).where(User.login_name == login_name)).one())

    hub.store.at_once(run)
